import type { CatalogueStatistics, MaterialCriteria } from '../data';
import {
  type FacetCount,
  type Histogram,
  InputError,
  type MaterialFacet,
  type MaterialPoints,
  type MaterialPointsRequest,
  type PropertyKey,
  propertyDefinition,
} from '../domain';
import type { CataloguePredictions } from './predictions';
import { crystalSystem } from './structure';

const MAX_BINS = 200;
const MAX_POINTS = 100_000;

export function facetOf(
  statistics: CatalogueStatistics,
  criteria: MaterialCriteria,
  facet: MaterialFacet,
): Promise<readonly FacetCount[]> {
  return facet === 'crystalSystems' ? crystalSystems(statistics, criteria) : statistics[facet](criteria);
}

async function crystalSystems(statistics: CatalogueStatistics, criteria: MaterialCriteria): Promise<FacetCount[]> {
  const counts = new Map<string, number>();
  for (const { number, count } of await statistics.spaceGroups(criteria)) {
    const system = crystalSystem(number)!;
    counts.set(system, (counts.get(system) ?? 0) + count);
  }
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
}

export async function histogramOf(
  statistics: CatalogueStatistics,
  criteria: MaterialCriteria,
  property: PropertyKey,
  bins: number,
): Promise<Histogram> {
  if (!Number.isInteger(bins) || bins < 1 || bins > MAX_BINS) {
    throw new InputError([{ path: ['bins'], message: `${bins} is not between 1 and ${MAX_BINS}` }]);
  }
  const found = await statistics.histogram(criteria, { kind: 'MEASURED', property }, bins);
  const { unit } = propertyDefinition(property);
  const [some] = found;
  if (some === undefined) return { edges: [], counts: [], unit };
  const { lowest, highest } = some;
  // One value has no width to divide.
  const width = highest === lowest ? 1 : bins;
  const counts = Array.from({ length: width }, (_, i) => found.find(({ bin }) => bin === i)?.count ?? 0);
  const inner = Array.from({ length: width - 1 }, (_, i) => lowest + ((i + 1) * (highest - lowest)) / width);
  return { edges: [lowest, ...inner, highest], counts, unit };
}

export async function pointsOf(
  statistics: CatalogueStatistics,
  predictions: CataloguePredictions,
  ready: () => Promise<MaterialCriteria>,
  { x, y, color, predicted, limit }: MaterialPointsRequest,
): Promise<MaterialPoints> {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_POINTS) {
    throw new InputError([{ path: ['limit'], message: `${limit} is not between 1 and ${MAX_POINTS}` }]);
  }
  const criteria = await ready();
  const axes = [x, y, ...(color == null ? [] : [color])];
  const column = (property: PropertyKey) => (predicted ? predictions.column(property) : null);
  await predictions.complete([...new Set(axes)].filter((property) => column(property) !== null));
  const coordinate = (property: PropertyKey) => ({ property, predicted: column(property) });
  const columns = await statistics.points(
    criteria,
    { x: coordinate(x), y: coordinate(y), color: color == null ? null : coordinate(color) },
    // One more tells whether there are more.
    limit + 1,
  );
  const cut = <T>(column: readonly T[]): readonly T[] => column.slice(0, limit);
  return {
    ids: cut(columns.ids),
    formulas: cut(columns.formulas),
    x: cut(columns.x),
    y: cut(columns.y),
    color: color == null ? null : cut(columns.color),
    xPredicted: cut(columns.xPredicted),
    yPredicted: cut(columns.yPredicted),
    truncated: columns.ids.length > limit,
  };
}
