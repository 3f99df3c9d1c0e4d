import type { Database } from '../data';
import { propertyDefinition, toGlobalId } from '../domain';
import type { Catalog, MaterialFilter, MaterialRecord, PropertyKey, StructureRecord } from '../domain';
import type { Cell, Column, Table } from './table';

/** Materials that are held at a time. */
const PAGE = 500;

/**
 * The materials that match a filter, in the order of `materials`, one a row; columns that the importer knows have its names. A property has a
 * column if any material of the catalogue has a measured value of it.
 */
export async function materialTable(
  filter: MaterialFilter,
  modelId: string,
  catalog: Catalog,
  { statistics }: Pick<Database, 'statistics'>,
): Promise<Table> {
  const properties = await statistics.measuredProperties();
  const row = (
    material: MaterialRecord,
    structure: StructureRecord | null,
    measured: ReadonlyMap<PropertyKey, number> | undefined,
  ): Cell[] => {
    const { source } = material;
    return [
      toGlobalId('Material', material.id),
      material.externalId,
      material.name,
      material.composition.formula,
      material.spaceGroupNumber,
      material.density,
      ...properties.map((property) => measured?.get(property) ?? null),
      source.name,
      source.url,
      source.doi,
      source.licence,
      material.createdAt,
      material.updatedAt,
      structure,
    ];
  };
  return {
    columns: [...BEFORE, ...properties.map(columnOf), ...AFTER],
    metadata: { model: modelId, filter: JSON.stringify(filter) },
    async *pages() {
      for (let after: string | null = null, more = true; more;) {
        const { edges, hasNextPage } = await catalog.search(filter, { first: PAGE, after });
        const ids = edges.map(({ node }) => node.id);
        const [structures, measured] = await Promise.all([
          catalog.structuresByMaterialIds(ids),
          statistics.measuredValues(ids),
        ]);
        yield edges.map(({ node }, i) => row(node, structures[i]!, measured.get(node.id)));
        after = edges.at(-1)?.cursor ?? null;
        more = hasNextPage;
      }
    },
  };
}

const BEFORE: readonly Column[] = [
  { name: 'id', type: 'text' },
  { name: 'external_id', type: 'text' },
  { name: 'name', type: 'text' },
  { name: 'formula', type: 'text' },
  { name: 'space_group', type: 'integer' },
  { name: 'density (g/cm^3)', type: 'number' },
];
const AFTER: readonly Column[] = [
  { name: 'source', type: 'text' },
  { name: 'url', type: 'text' },
  { name: 'doi', type: 'text' },
  { name: 'licence', type: 'text' },
  { name: 'created_at', type: 'time' },
  { name: 'updated_at', type: 'time' },
  { name: 'structure', type: 'object' },
];

function columnOf(property: PropertyKey): Column {
  const { unit } = propertyDefinition(property);
  return { name: property.toLowerCase() + (unit === 'dimensionless' ? '' : ` (${unit})`), type: 'number' };
}
