import { elementMoversDistance, type Composition } from '../../chemistry';
import { crowdingDistances } from './crowding';
import { DIVERSITY_POOL, diversified } from './diversity';
import { hypervolume } from './hypervolume';
import { gainOf, type Scale } from './objectives';
import { nondominatedFronts } from './sorting';

/** Candidates that one list keeps: pages beyond it do not exist. */
export const MAX_RANKED = 10_000;
/**
 * Largest fronts whose hypervolume is computed: its exact cost grows with n log n up to three objectives, with n² log n for four and
 * about n³ for five.
 */
const HYPERVOLUME_LIMITS = [0, 1e6, 1e6, 1e6, 5000, 1000];

/** Candidates that satisfy the constraints, as columns of equal length. */
export interface ScoredColumns {
  /** In the design space, ascending. */
  readonly positions: Uint32Array;
  /** n × objectives, row by row; lower is better. */
  readonly costs: Float64Array;
  /** Under a strategy that scores each candidate by itself; null for PARETO. */
  readonly scores: Float64Array | null;
}

/** The best candidates, best first. */
export interface Ranking {
  readonly positions: Uint32Array;
  readonly scores: Float64Array;
  readonly fronts: Int32Array;
  readonly paretoFrontSize: number;
  /** Null if there is no candidate, or the front is too large for the exact computation. */
  readonly hypervolume: number | null;
}

/** How candidates are ranked beyond what their columns say. */
export interface RankOptions {
  /** Of the objectives, in the order of the costs. */
  readonly scales: readonly Scale[];
  /** 0 = score alone … 1 = spread alone. */
  readonly diversity: number;
}

/** Best first: by score, ties by canonical formula; with diversity, the best 500 by maximal marginal relevance. */
export function rank(
  { positions, costs, scores: given }: ScoredColumns,
  { scales, diversity }: RankOptions,
  compositionAt: (position: number) => Composition,
): Ranking {
  const objectives = scales.length;
  const fronts = nondominatedFronts(costs, objectives);
  const scores = given ?? paretoScores(costs, objectives, fronts);
  const best = topRows(scores, (row) => compositionAt(positions[row]!).formula);
  const pool = best.slice(0, DIVERSITY_POOL).map((row) => ({ row, composition: compositionAt(positions[row]!) }));
  const order = diversified(
    pool.map(({ row }) => scores[row]!),
    diversity,
    (i, j) => elementMoversDistance(pool[i]!.composition, pool[j]!.composition),
  );
  order.forEach((i, place) => (best[place] = pool[i]!.row));
  const front: Float64Array[] = [];
  fronts.forEach((index, row) => {
    if (index !== 1) return;
    front.push(Float64Array.from(scales, (scale, k) => gainOf(scale, costs[row * objectives + k]!)));
  });
  const computable = front.length > 0 && front.length <= HYPERVOLUME_LIMITS[objectives]!;
  return {
    positions: Uint32Array.from(best, (row) => positions[row]!),
    scores: Float64Array.from(best, (row) => scores[row]!),
    fronts: Int32Array.from(best, (row) => fronts[row]!),
    paretoFrontSize: front.length,
    hypervolume: computable ? hypervolume(front) : null,
  };
}

/** −front + crowding/(1 + crowding): fronts come first, spread decides within one. */
function paretoScores(costs: Float64Array, m: number, fronts: Int32Array): Float64Array {
  return crowdingDistances(costs, m, fronts).map((crowding, row) => crowding / (1 + crowding) - fronts[row]!);
}

/** Rows of the highest scores, descending, ties by formula. Formulas are made only for rows whose score is not their own. */
function topRows(scores: Float64Array, formula: (row: number) => string): number[] {
  const n = scores.length;
  const threshold = n <= MAX_RANKED ? -Infinity : Float64Array.from(scores).sort()[n - MAX_RANKED]!;
  const rows: number[] = [];
  for (let row = 0; row < n; row++) if (scores[row]! >= threshold) rows.push(row);
  rows.sort((a, b) => scores[b]! - scores[a]! || a - b);
  for (let start = 0; start < rows.length && start < MAX_RANKED;) {
    let end = start + 1;
    while (end < rows.length && scores[rows[end]!] === scores[rows[start]!]) end++;
    if (end - start > 1) {
      const tied = rows.slice(start, end).map((row) => ({ row, formula: formula(row) }));
      tied.sort((a, b) => (a.formula < b.formula ? -1 : a.formula > b.formula ? 1 : a.row - b.row));
      tied.forEach(({ row }, i) => (rows[start + i] = row));
    }
    start = end;
  }
  return rows.slice(0, MAX_RANKED);
}
