import type { CatalogueReader } from '../data';
import type { Catalog, MaterialFilter, MaterialRecord, Page, PageRequest, PropertyKey } from '../domain';
import { Cursors } from './cursor';
import { criteriaOf } from './filter';

/** Counts are exact up to here. */
export const EXACT_COUNT = 10_000;

/** The Catalog port over the database. */
export function createCatalog(reader: CatalogueReader): Catalog {
  return {
    search: (filter, page) => search(reader, filter, page),
    async count(filter) {
      const criteria = criteriaOf(filter);
      const count = await reader.countMaterials(criteria, EXACT_COUNT);
      if (count !== null) return { count, exact: true };
      // The statistics may lag behind; at least this much is certain.
      return { count: Math.max(await reader.estimateMaterials(criteria), EXACT_COUNT + 1), exact: false };
    },
    materialsByIds: (ids) => byIds(ids, (valid) => reader.materialsByIds(valid)),
    materialsByCompositionKeys: (keys, limit) => reader.materialsByCompositionKeys(keys, limit),
    structuresByMaterialIds: (ids) => byIds(ids, (valid) => reader.structuresByMaterialIds(valid)),
    measurementsByIds: (ids) => byIds(ids, (valid) => reader.measurementsByIds(valid)),
    measurementsByMaterialIds: async (ids, property: PropertyKey | null, limit) =>
      (await byIds(ids, (valid) => reader.measurementsByMaterialIds(valid, property, limit))).map(
        (found) => found ?? [],
      ),
    measurementsByCompositionKeys: (keys, property, limit) =>
      reader.measurementsByCompositionKeys(keys, property, limit),
    knownCompositionKeys: (keys) => reader.knownCompositionKeys(keys),
  };
}

async function search(
  reader: CatalogueReader,
  filter: MaterialFilter,
  { first, after, last, before }: PageRequest,
): Promise<Page<MaterialRecord>> {
  const criteria = criteriaOf(filter);
  const cursors = new Cursors('materials', criteria);
  const forward = first != null;
  const size = forward ? first : last!;
  // One more than asked for tells whether there is another page.
  const found = await reader.findMaterials(criteria, {
    after: after == null ? null : cursors.decode('after', after),
    before: before == null ? null : cursors.decode('before', before),
    from: forward ? 'start' : 'end',
    limit: size + 1,
  });
  const more = found.length > size;
  const nodes = !more ? found : forward ? found.slice(0, size) : found.slice(1);
  return {
    edges: nodes.map((node) => ({ cursor: cursors.encode(node.id), node })),
    // On the side that paging came from lies at least the row of the cursor.
    hasNextPage: forward ? more : before != null,
    hasPreviousPage: forward ? after != null : more,
  };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What is no id of ours is not there, rather than an error of the database. */
async function byIds<T>(
  ids: readonly string[],
  load: (valid: readonly string[]) => Promise<readonly T[]>,
): Promise<(T | null)[]> {
  const valid = [...new Set(ids.filter((id) => UUID.test(id)))];
  const loaded = valid.length === 0 ? [] : await load(valid);
  const found = new Map(valid.map((id, i) => [id, loaded[i]!]));
  return ids.map((id) => found.get(id) ?? null);
}
