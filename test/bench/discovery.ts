/**
 * npm run bench:discovery [-- --model models/darwin-<version>] [--candidates 1000000]
 * Prints rates and ratios; asserts nothing. Times are of CPU.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ELEMENTS } from '../../src/chemistry';
import { createPredictor } from '../../src/darwin';
import { createDiscovery, DiscoveryPlan } from '../../src/discovery';
import { hypervolume } from '../../src/discovery/ranking/hypervolume';
import { nondominatedFronts } from '../../src/discovery/ranking/sorting';
import type { Predictor } from '../../src/domain';
import { debFronts } from './discovery-deb';
import { fakeKnown, fakePredictor, uniform } from '../unit/discovery/fakes';

const { values: args } = parseArgs({
  options: { model: { type: 'string' }, candidates: { type: 'string', default: '1000000' } },
});
const PALETTE =
  'Li Na K Mg Ca Sr Ba Al Ga In Si Ge Sn N P As Sb O S Se Te F Cl Br I Ti V Cr Mn Fe Co Ni Cu Zn Zr Nb Mo Ag La Ce Y'.split(
    ' ',
  );
const OBJECTIVES = [
  { property: 'BAND_GAP', goal: 'TARGET', target: 1.4 },
  { property: 'DENSITY', goal: 'MINIMIZE' },
];

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}
/** Of CPU, all threads, which other work on the machine distorts least; the median. */
function seconds(work: () => void, repeats = 3): number {
  return median(
    Array.from({ length: repeats }, () => {
      const start = process.cpuUsage();
      work();
      return cpuSeconds(start);
    }),
  );
}
function cpuSeconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}
const rate = (value: number): string => Math.round(value).toLocaleString('en');

function planFor(elements: readonly string[], maxAtoms: number, predictor: Predictor): DiscoveryPlan {
  const space = { enumerate: { elements, elementCount: { min: 3, max: 3 }, maxAtoms } };
  const options = { ceiling: 10_000_000 };
  return new DiscoveryPlan({ space, objectives: OBJECTIVES }, { predictor, known: fakeKnown() }, options);
}

function filtering(): void {
  const { space } = planFor(PALETTE, 10, fakePredictor());
  let passed = 0;
  const time = seconds(() => (passed = space.scan(0, space.size).length));
  console.log(`enumerate and filter: ${rate(space.size)} ternaries, ${rate(passed)} pass`);
  console.log(`  this:  ${rate(space.size / time)} verdicts/s on one core`);
  const sample = Array.from({ length: 20_000 }, (_, i) => space.at(Math.floor((i * space.size) / 20_000)).formula);
  const table = ELEMENTS.map((e) => `${e.symbol}|${e.electronegativity ?? ''}|${e.oxidationStates.join(' ')}`).join(
    '\n',
  );
  const naive = spawnSync('python3', [path.join(__dirname, 'discovery-naive.py')], {
    input: `${table}\n\n${sample.join('\n')}`,
    encoding: 'utf8',
  });
  if (naive.status === 0) {
    const verdicts = Number(naive.stdout.split(' ')[0]);
    console.log(
      `  naive: ${rate(verdicts)} verdicts/s (Python script): ${(space.size / time / verdicts).toFixed(0)} times`,
    );
  }
  console.log(`  SMACT: 4,400 verdicts/s at best (measured elsewhere): ${(space.size / time / 4400).toFixed(0)} times`);
}

function sorting(): void {
  console.log('non-dominated sorting, uniform random points');
  for (const [n, m] of [
    [100_000, 2],
    [100_000, 3],
    [100_000, 5],
    [1_000_000, 2],
  ] as const) {
    const costs = Float64Array.from({ length: n * m }, Math.random);
    console.log(`  ${rate(n)} × ${m}: ${seconds(() => nondominatedFronts(costs, m)).toFixed(2)} s`);
  }
  // Deb's algorithm holds every dominated pair in memory; 15,000 points are what fits. Its time grows with n².
  const [n, m] = [15_000, 3];
  const costs = Float64Array.from({ length: n * m }, Math.random);
  const plain = seconds(() => debFronts(costs, m));
  const fast = seconds(() => nondominatedFronts(costs, m));
  console.log(
    `  ${rate(n)} × ${m}: Deb ${plain.toFixed(2)} s, this ${fast.toFixed(3)} s: ${(plain / fast).toFixed(0)} times`,
  );
  const many = Float64Array.from({ length: 100_000 * m }, Math.random);
  const large = seconds(() => nondominatedFronts(many, m));
  const scaled = plain * (100_000 / n) ** 2;
  console.log(
    `  100,000 × ${m}: Deb ${scaled.toFixed(0)} s (scaled by n²), this ${large.toFixed(2)} s: ${(scaled / large).toFixed(0)} times`,
  );
}

function volumes(): void {
  console.log('exact hypervolume of a spherical front');
  for (const [n, m] of [
    [10_000, 2],
    [10_000, 3],
    [1000, 4],
    [300, 5],
  ] as const) {
    const front = Array.from({ length: n }, () => {
      const direction = Array.from(
        { length: m },
        () => Math.sqrt(-2 * Math.log(Math.random())) * Math.abs(Math.cos(2 * Math.PI * Math.random())),
      );
      const norm = Math.hypot(...direction);
      return direction.map((value) => value / norm);
    });
    console.log(`  ${rate(n)} points × ${m}: ${seconds(() => hypervolume(front)).toFixed(3)} s`);
  }
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

async function largeDiscovery(candidates: number): Promise<void> {
  // Every mixture of the grid is a candidate: C(steps + 3, 3) of four independent components.
  let steps = 1;
  while (((steps + 2) * (steps + 3) * (steps + 4)) / 6 <= candidates) steps++;
  const components = ['GaAs', 'InP', 'AlSb', 'ZnSe'].map((formula) => ({ formula }));
  const space = { mix: { components, step: 1 / steps } };
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 50);
  let longest = 0;
  let last = performance.now();
  const heartbeat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last - 10);
    last = performance.now();
  }, 10);
  const cpu = process.cpuUsage();
  const discovery = createDiscovery({ predictor: instantPredictor(), known: fakeKnown() });
  const { summary } = await discovery.discover({
    space,
    objectives: OBJECTIVES,
    maxCandidates: 1_000_000,
  });
  const own = cpuSeconds(cpu);
  clearInterval(watch);
  clearInterval(heartbeat);
  console.log(`a discovery of ${rate(summary.predicted)} candidates, two objectives`);
  console.log(
    `  discovery's own time ${own.toFixed(1)} s of CPU (${(summary.elapsedMs / 1000).toFixed(1)} s elapsed), peak resident memory ${(peak / 2 ** 20).toFixed(0)} MB`,
  );
  console.log(`  longest turn of the calling thread ${longest.toFixed(0)} ms, front of ${summary.paretoFrontSize}`);
  if (args.model === undefined) return;
  const predictor = await createPredictor({ folder: args.model, device: 'cpu' });
  try {
    const plan = planFor(PALETTE.slice(0, 12), 6, predictor);
    const sample = Array.from({ length: 2048 }, (_, i) => plan.space.at(Math.floor((i * plan.space.size) / 2048)));
    const start = process.cpuUsage();
    for (const { property } of OBJECTIVES) {
      await predictor.predict(sample.map((composition) => ({ composition, property: property as 'BAND_GAP' })));
    }
    const perCandidate = cpuSeconds(start) / sample.length;
    const share = (perCandidate * summary.predicted) / (perCandidate * summary.predicted + own);
    console.log(`  ${args.model}: ${(perCandidate * 1e6).toFixed(0)} µs of CPU per candidate for both objectives,`);
    console.log(`  so ${(100 * share).toFixed(1)} % of the time would be the model's`);
  } finally {
    await predictor.close();
  }
}

async function main(): Promise<void> {
  // First, so that the memory it reports is its own.
  await largeDiscovery(Number(args.candidates));
  filtering();
  sorting();
  volumes();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
