/**
 * npm run bench:discovery                    everything but the model; times are of CPU
 * npm run bench:discovery -- --with-model    one discovery of a million candidates with the model in this process, some minutes
 *   --model models/darwin-<version>   default: the newest
 *   --candidates N                    default 1,000,000
 *
 * Prints rates and ratios beside the bar, asserts nothing.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ELEMENTS } from '../../src/chemistry';
import { DiscoveryPlan } from '../../src/discovery';
import { hypervolume } from '../../src/discovery/ranking/hypervolume';
import { nondominatedFronts } from '../../src/discovery/ranking/sorting';
import type { DiscoverInput, Predictor } from '../../src/domain';
import { debFronts } from './discovery-deb';
import { fakeKnown, fakePredictor } from '../unit/discovery/fakes';
import { cpuSeconds, discoveryWithModel, discoveryWithoutModel, OBJECTIVES, rate } from './discovery-large';
import { newestModel } from './newest-model';

const { values: args } = parseArgs({
  options: {
    'with-model': { type: 'boolean', default: false },
    model: { type: 'string' },
    candidates: { type: 'string', default: '1000000' },
  },
});
const PALETTE =
  'Li Na K Mg Ca Sr Ba Al Ga In Si Ge Sn N P As Sb O S Se Te F Cl Br I Ti V Cr Mn Fe Co Ni Cu Zn Zr Nb Mo Ag La Ce Y'.split(
    ' ',
  );

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
function planFor(
  elements: readonly string[],
  maxAtoms: number,
  predictor: Predictor,
  limits: Partial<DiscoverInput> = {},
): DiscoveryPlan {
  const space = { enumerate: { elements, elementCount: { min: 3, max: 3 }, maxAtoms } };
  const options = { ceiling: 10_000_000 };
  return new DiscoveryPlan({ space, objectives: OBJECTIVES, ...limits }, { predictor, known: fakeKnown() }, options);
}

function filtering(): void {
  const { space } = planFor(PALETTE, 10, fakePredictor());
  let passed = 0;
  const time = seconds(() => (passed = space.scan(0, space.size).length));
  console.log(`enumerate and filter: ${rate(space.size)} ternaries, ${rate(passed)} pass`);
  console.log(`  this:  ${rate(space.size / time)} verdicts/s on one core`);
  const limits = { maxCostClass: 'BELOW_100_USD_PER_KG', elementLimits: [{ element: 'O', maxFraction: 0.6 }] };
  const limited = planFor(PALETTE, 10, fakePredictor(), limits).space;
  const limitedTime = seconds(() => void limited.scan(0, limited.size));
  console.log(`  with a cost class and a limit of oxygen: ${rate(limited.size / limitedTime)} verdicts/s`);
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

async function main(): Promise<void> {
  const candidates = Number(args.candidates);
  if (args['with-model']) return discoveryWithModel(candidates, args.model ?? newestModel());
  // First, so that the memory it reports is its own.
  await discoveryWithoutModel(candidates);
  filtering();
  sorting();
  volumes();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
