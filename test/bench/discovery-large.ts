/** A discovery of a million candidates and two objectives: discovery's own time, and all of it with the model in this process. */
import { availableParallelism } from 'node:os';
import { createPredictor } from '../../src/darwin';
import { createDiscovery } from '../../src/discovery';
import type { DiscoverySummary, Predictor } from '../../src/domain';
import { fakeKnown, fakePredictor, uniform } from '../unit/discovery/fakes';

export const OBJECTIVES = [
  { property: 'BAND_GAP', goal: 'TARGET', target: 1.4 },
  { property: 'DENSITY', goal: 'MINIMIZE' },
];

export const rate = (value: number): string => Math.round(value).toLocaleString('en');
const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MB`;

/** Of all threads, since an earlier `process.cpuUsage()`. */
export function cpuSeconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

/** A predictor that costs next to nothing, so that what is left is discovery's own time. */
function instantPredictor(): Predictor {
  const base = fakePredictor();
  const computedAt = new Date(0);
  return {
    model: base.model,
    predict: (requests) =>
      Promise.resolve(
        requests.map((request) => {
          const { fractions, elements } = request.composition;
          const seed = fractions[0]! * 7.3 + elements[0]!.charCodeAt(0) * 0.37 + elements.at(-1)!.charCodeAt(0) * 0.11;
          const value = request.property === 'BAND_GAP' ? (seed * 13.7) % 4 : (seed * 5.3) % 9;
          const shared = { warnings: [], neighbours: [], modelId: base.model.id, cached: true, computedAt };
          return { request, distribution: uniform(value, value + 1), conditions: {}, ...shared };
        }),
      ),
  };
}

interface Observed {
  readonly summary: DiscoverySummary;
  readonly cpu: number;
  /** Largest resident memory of the process, bytes. */
  readonly peak: number;
  /** Longest time for which the calling thread did nothing else, ms. */
  readonly longestTurn: number;
}

async function observe(predictor: Predictor, candidates: number): Promise<Observed> {
  // Every mixture of the grid is a candidate: C(steps + 3, 3) of four independent components.
  let steps = 1;
  while (((steps + 2) * (steps + 3) * (steps + 4)) / 6 <= candidates) steps++;
  const components = ['GaAs', 'InP', 'AlSb', 'ZnSe'].map((formula) => ({ formula }));
  const space = { mix: { components, step: 1 / steps } };
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 50);
  let longestTurn = 0;
  let last = performance.now();
  const heartbeat = setInterval(() => {
    longestTurn = Math.max(longestTurn, performance.now() - last - 10);
    last = performance.now();
  }, 10);
  const start = process.cpuUsage();
  try {
    const discovery = createDiscovery({ predictor, known: fakeKnown() });
    const { summary } = await discovery.discover({ space, objectives: OBJECTIVES, maxCandidates: 1_000_000 });
    return { summary, cpu: cpuSeconds(start), peak, longestTurn };
  } finally {
    clearInterval(watch);
    clearInterval(heartbeat);
  }
}

export async function discoveryWithoutModel(candidates: number): Promise<void> {
  const { summary, cpu, peak, longestTurn } = await observe(instantPredictor(), candidates);
  console.log(`a discovery of ${rate(summary.predicted)} candidates, two objectives`);
  console.log(
    `  discovery's own time ${cpu.toFixed(1)} s of CPU (${(summary.elapsedMs / 1000).toFixed(1)} s elapsed), peak resident memory ${megabytes(peak)}`,
  );
  console.log(`  longest turn of the calling thread ${longestTurn.toFixed(0)} ms, front of ${summary.paretoFrontSize}`);
}

/** @param folder of a model package */
export async function discoveryWithModel(candidates: number, folder: string): Promise<void> {
  const predictor = await createPredictor({ folder, device: 'cpu' });
  try {
    const before = process.memoryUsage().rss;
    const { summary, cpu, peak, longestTurn } = await observe(predictor, candidates);
    const { computeMs, inferenceCount, executionCount } = predictor.metrics();
    const sessions = Math.max(1, availableParallelism() - 1);
    const share = computeMs / (summary.elapsedMs * sessions);
    console.log(
      `a discovery of ${rate(summary.predicted)} candidates, two objectives, ${predictor.model.id} in this process`,
    );
    console.log(
      `  ${(summary.elapsedMs / 1000).toFixed(0)} s elapsed, ${cpu.toFixed(0)} s of CPU; ${rate(inferenceCount)} predictions in ${rate(executionCount)} runs`,
    );
    console.log(`  in the model ${(100 * share).toFixed(1)} % of the time of ${sessions} session(s) [at least 80 %]`);
    console.log(`  peak resident memory ${megabytes(peak)}, ${megabytes(before)} before [below 1,024 MB]`);
    console.log(
      `  longest turn of the calling thread ${longestTurn.toFixed(0)} ms, front of ${summary.paretoFrontSize}`,
    );
  } finally {
    await predictor.close();
  }
}
