import DataLoader from 'dataloader';
import type { Catalog, MaterialRecord, MeasurementRecord, PropertyKey, StructureRecord } from '../../domain';
import { fromGlobalId, type Context, type MeasurementArgs, type NodeType } from '../../../schema';
import { listLength, pageRequest } from '../paging';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The database id behind a client's global id; null for anything that cannot be one of this type. */
export function recordId(globalId: string, type: NodeType): string | null {
  const id = fromGlobalId(globalId);
  return id?.type === type && UUID.test(id.id) ? id.id : null;
}

type Batch<V> = (keys: readonly string[]) => Promise<readonly V[]>;
const loader = <V>(batch: Batch<V>): DataLoader<string, V> => new DataLoader<string, V>(batch);

/** A loader for each combination of list arguments: fields with the same arguments share one statement. */
function loaders<A extends readonly unknown[], V>(batch: (...args: A) => Batch<V>) {
  const made = new Map<string, DataLoader<string, V>>();
  return (...args: A): DataLoader<string, V> => {
    const key = JSON.stringify(args);
    let existing = made.get(key);
    if (existing === undefined) made.set(key, (existing = loader(batch(...args))));
    return existing;
  };
}

/** Reads of the catalogue for one operation; every kind of read is one statement however many objects ask. */
export function catalogServices(catalog: Catalog): Pick<Context, 'materials'> & {
  readonly measurements: Omit<Context['measurements'], 'record'>;
  readonly structures: { load(materialId: string): Promise<StructureRecord | null> };
  readonly measurementById: (id: string) => Promise<MeasurementRecord | null>;
} {
  const materials = loader<MaterialRecord | null>((ids) => catalog.materialsByIds(ids));
  const structures = loader<StructureRecord | null>((ids) => catalog.structuresByMaterialIds(ids));
  const measurements = loader<MeasurementRecord | null>((ids) => catalog.measurementsByIds(ids));
  const ofComposition = loaders(
    (limit: number) => (keys: readonly string[]) => catalog.materialsByCompositionKeys(keys, limit),
  );
  const measuredOfMaterial = loaders(
    (property: PropertyKey | null, limit: number) => (ids: readonly string[]) =>
      catalog.measurementsByMaterialIds(ids, property, limit),
  );
  const measuredOfComposition = loaders(
    (property: PropertyKey | null, limit: number) => (keys: readonly string[]) =>
      catalog.measurementsByCompositionKeys(keys, property, limit),
  );
  const listArgs = ({ property, first }: MeasurementArgs) => [property ?? null, listLength(first)] as const;

  return {
    materials: {
      async search(given, order, paging) {
        const filter = given ?? {};
        const page = await catalog.search(filter, pageRequest(paging), order ?? []);
        for (const { node } of page.edges) materials.prime(node.id, node);
        let counted: ReturnType<Catalog['count']> | undefined;
        return {
          ...page,
          count: () => (counted ??= catalog.count(filter)),
          facet: (facet) => catalog.facet(filter, facet),
          histogram: (property, bins) => catalog.histogram(filter, property, bins),
        };
      },
      points: ({ filter, ...request }) => catalog.points({ ...request, filter: filter ?? {} }),
      byId: (id) => materials.load(id),
      async byGlobalId(globalId) {
        const id = recordId(globalId, 'Material');
        return id === null ? null : materials.load(id);
      },
      ofComposition: async (composition, first) => ofComposition(listLength(first)).load(composition.key),
    },
    measurements: {
      ofMaterial: async (material, args) => measuredOfMaterial(...listArgs(args)).load(material.id),
      ofComposition: async (composition, args) => measuredOfComposition(...listArgs(args)).load(composition.key),
    },
    structures,
    measurementById: (id) => measurements.load(id),
  };
}
