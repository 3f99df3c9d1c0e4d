import type { CatalogueReader, Database, MaterialCriteria, OrderTerm } from '../data';
import {
  InputError,
  type Catalog,
  type MaterialFilter,
  type MaterialOrder,
  type MaterialRecord,
  type Page,
  type PageRequest,
  type PropertyKey,
} from '../domain';
import { Cursors } from './cursor';
import { criteriaOf, valueColumn } from './filter';
import { orderTerms, valueKinds } from './order';
import { NO_PREDICTIONS, type CataloguePredictions } from './predictions';
import { facetOf, histogramOf, pointsOf } from './statistics';

/** Counts are exact up to here. */
export const EXACT_COUNT = 10_000;

/** The Catalog port over the database. @param predictions without them, nothing is predicted */
export function createCatalog(
  { catalogue: reader, statistics }: Pick<Database, 'catalogue' | 'statistics'>,
  predictions: CataloguePredictions = NO_PREDICTIONS,
): Catalog {
  /** The filter's criteria, with the predictions that they ask about in place. */
  const ready = async (filter: MaterialFilter): Promise<MaterialCriteria> => {
    const criteria = criteriaOf(filter, predictions);
    await predictions.complete((filter.predicted ?? []).map(({ property }) => property));
    return criteria;
  };
  return {
    async search(filter, page, order = []) {
      const errors: InputError[] = [];
      const criteria = attempt(errors, () => criteriaOf(filter, predictions));
      const terms = attempt(errors, () => orderTerms(order, predictions));
      if (errors.length > 0) throw new InputError(errors.flatMap(({ fields }) => fields));
      const query = { criteria: criteria!, terms: terms! };
      const place = placing(query, page);
      await predictions.complete(predictedProperties(filter, order));
      return search(reader, query, page, place);
    },
    async count(filter) {
      const criteria = await ready(filter);
      const count = await reader.countMaterials(criteria, EXACT_COUNT);
      if (count !== null) return { count, exact: true };
      // The statistics may lag behind; at least this much is certain.
      return { count: Math.max(await reader.estimateMaterials(criteria), EXACT_COUNT + 1), exact: false };
    },
    facet: async (filter, facet) => facetOf(statistics, await ready(filter), facet),
    histogram: async (filter, property, bins) => histogramOf(statistics, await ready(filter), property, bins),
    points: (request) => pointsOf(statistics, predictions, () => ready(request.filter), request),
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
    async storedValues(ids, values) {
      const columns = values.map((value) => valueColumn(value, predictions));
      const stored = columns.filter((column) => column !== null);
      const found = await byIds(ids, (valid) => reader.storedValues(valid, stored));
      return found.map((row) => columns.map((column) => (column && row ? row[stored.indexOf(column)]! : null)));
    },
    sources: () => reader.sources(),
    knownCompositionKeys: (keys) => reader.knownCompositionKeys(keys),
  };
}

interface Query {
  readonly criteria: MaterialCriteria;
  readonly terms: OrderTerm[];
}

/** Where the page begins and ends, and how cursors of this query are written. */
function placing({ criteria, terms }: Query, { after, before }: PageRequest) {
  const cursors = new Cursors('materials', [criteria, terms], valueKinds(terms));
  return {
    cursors,
    after: after == null ? null : cursors.decode('after', after),
    before: before == null ? null : cursors.decode('before', before),
  };
}

async function search(
  reader: CatalogueReader,
  { criteria, terms }: Query,
  { first, last, skip }: PageRequest,
  { cursors, after, before }: ReturnType<typeof placing>,
): Promise<Page<MaterialRecord>> {
  const forward = first != null;
  const size = forward ? first : last!;
  // One more than asked for tells whether there is another page.
  const from = forward ? 'start' : 'end';
  const found = await reader.findMaterials(criteria, terms, {
    after,
    before,
    from,
    limit: size + 1,
    skip: skip ?? undefined,
  });
  const more = found.length > size;
  const page = !more ? found : forward ? found.slice(0, size) : found.slice(1);
  return {
    edges: page.map(({ material, position }) => ({
      node: material,
      // Most pages are asked for the last one alone.
      get cursor() {
        return cursors.encode(position);
      },
    })),
    // On the side that paging came from lies at least the row of the cursor.
    hasNextPage: forward ? more : before !== null,
    hasPreviousPage: forward ? after !== null || Boolean(skip) : more,
  };
}

function attempt<T>(errors: InputError[], work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    errors.push(error);
  }
}

function predictedProperties({ predicted }: MaterialFilter, order: readonly MaterialOrder[]): PropertyKey[] {
  const ordering = order.flatMap(({ field, property }) => (field === 'PREDICTED' && property ? [property] : []));
  return [...new Set([...(predicted ?? []).map(({ property }) => property), ...ordering])];
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
