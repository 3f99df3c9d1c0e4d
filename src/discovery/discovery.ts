import { createHash } from 'node:crypto';
import {
  InputError,
  type DiscoverOptions,
  type Discovery,
  type DiscoveryResult,
  type DiscoverySummary,
} from '../domain';
import { candidatesOf } from './candidates';
import { DiscoveryPlan, total, type DiscoveryDeps } from './plan';
import type { Ranking } from './ranking/rank';
import { KeptResults } from './results';

const DEFAULT_PAGE = 20;
/** A larger discovery lets the pages that people look at go before it. */
const PAGE_SIZED = 2000;

/** A finished discovery: enough to make any page of it. */
interface Finished {
  readonly plan: DiscoveryPlan;
  readonly ranking: Ranking;
  readonly summary: DiscoverySummary;
}

/** The discovery of one process over its predictor and catalogue. */
export function createDiscovery(deps: DiscoveryDeps): Discovery {
  const results = new KeptResults<Finished>();
  return {
    async discover(input, options = {}) {
      const path = options.path ?? ['input'];
      const plan = new DiscoveryPlan(input, deps, { path });
      const id = identity(plan, deps);
      const start = readCursor(options.after, id);
      const finished = await results.get(id, options.signal, (signal) => run(plan, { ...options, signal }));
      return page(finished, deps, id, start, options);
    },
  };
}

async function run(plan: DiscoveryPlan, options: DiscoverOptions): Promise<Finished> {
  const began = performance.now();
  const work = plan.startWork();
  try {
    const parts = await plan.screenAll(work, {
      signal: options.signal,
      priority: options.priority ?? (plan.size > PAGE_SIZED ? 'campaign' : 'interactive'),
      charge: options.charge,
      onProgress: (done, predicted) => options.onProgress?.({ done, total: plan.size, predicted }),
    });
    const ranking = await plan.rank(parts, work);
    const summary: DiscoverySummary = {
      enumerated: plan.space.size,
      passedFilters: total(parts, 'passedFilters'),
      predicted: total(parts, 'predicted'),
      satisfyingConstraints: parts.reduce((sum, part) => sum + part.positions.length, 0),
      paretoFrontSize: ranking.paretoFrontSize,
      hypervolume: ranking.hypervolume,
      elapsedMs: performance.now() - began,
      modelRuns: total(parts, 'modelRuns'),
    };
    return { plan, ranking, summary };
  } finally {
    work.close();
  }
}

/** Compositions are made again from their positions and predictions asked for again: they are in the predictor's cache. */
async function page(
  { plan, ranking, summary }: Finished,
  deps: DiscoveryDeps,
  id: string,
  start: number,
  { first, signal, priority }: DiscoverOptions,
): Promise<DiscoveryResult> {
  const ranked = ranking.positions.length;
  const end = Math.min(ranked, start + (first ?? DEFAULT_PAGE));
  const places = Array.from(ranking.positions.subarray(start, end), (position, i) => ({
    rank: start + i + 1,
    composition: plan.space.at(position),
    score: ranking.scores[start + i]!,
    paretoFront: ranking.fronts[start + i]!,
  }));
  const candidates = await candidatesOf(plan, places, deps, { signal, priority });
  const edges = candidates.map((node) => ({ cursor: writeCursor(id, node.rank - 1), node }));
  return { edges, hasNextPage: end < ranked, hasPreviousPage: start > 0, totalCount: ranked, summary };
}

/** Names a query and the model that answers it: equal for inputs that mean the same. */
function identity(plan: DiscoveryPlan, { predictor }: DiscoveryDeps): string {
  const meaning = JSON.stringify([predictor.model.id, predictor.model.sha256, plan.query], (_, value: unknown) =>
    value === Infinity || value === -Infinity ? String(value) : value,
  );
  return createHash('sha256').update(meaning).digest('base64url').slice(0, 22);
}

function writeCursor(id: string, rankIndex: number): string {
  return Buffer.from(`${id}:${rankIndex}`).toString('base64url');
}

/** @returns the index of the first candidate after the cursor. */
function readCursor(cursor: string | null | undefined, id: string): number {
  if (cursor == null) return 0;
  const match = /^(.{22}):(\d{1,6})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (match !== null && match[1] === id) return Number(match[2]) + 1;
  const message =
    match === null ? 'is not a cursor of a discovery' : 'is a cursor of another query or of an earlier model';
  throw new InputError([{ path: ['after'], message }]);
}
