import { elementMoversDistance, moversProfiles, parseFormula, PROFILE_LENGTH } from '../../../src/chemistry';
import type { Objective } from '../../../src/discovery/query';
import { acquisitionOf } from '../../../src/discovery/suggestion/acquisition';
import { Aim, Coordinate, shiftedProbability } from '../../../src/discovery/suggestion/beliefs';
import { cumulative, excess } from '../../../src/discovery/suggestion/normal';
import { ResidualProcess } from '../../../src/discovery/suggestion/residuals';
import { MODEL } from './fakes';

const FORMULAS = ['NaCl', 'KCl', 'KBr', 'LiF', 'GaAs', 'GaP', 'InP', 'Fe2O3', 'MgO', 'CaO', 'YBa2Cu3O7', 'Fe'];
const compositions = FORMULAS.map(parseFormula);

/** E[f(X)] of a normal X by the trapezium rule, far into the tails. */
function expectation(mean: number, deviation: number, f: (x: number) => number): number {
  let sum = 0;
  const steps = 20_000;
  for (let i = 0; i <= steps; i++) {
    const z = -10 + (20 * i) / steps;
    sum += f(mean + deviation * z) * Math.exp(-0.5 * z * z);
  }
  return (sum * 20) / steps / Math.sqrt(2 * Math.PI);
}

test('the normal distribution, against tabulated values', () => {
  // Abramowitz and Stegun, table 26.1.
  for (const [x, p] of [
    [0, 0.5],
    [1, 0.841344746068543],
    [2.9, 0.998134186699616],
    [3.1, 0.999032396786782],
    [-5, 2.866515718791939e-7],
  ] as const)
    expect(cumulative(x) / p).toBeCloseTo(1, 12);
  // σφ(z) + (μ − c)Φ(z) with z = (μ − c)/σ = −1/4, from the same table.
  expect(excess(1, 2, 1.5)).toBeCloseTo(2 * 0.386668116802849 - 0.5 * 0.401293674317076, 12);
});

test('the L1 distance of two profiles is the element mover’s distance', () => {
  const profiles = moversProfiles(compositions);
  compositions.forEach((a, i) =>
    compositions.forEach((b, j) => {
      let sum = 0;
      for (let k = 0; k < PROFILE_LENGTH; k++)
        sum += Math.abs(profiles[i * PROFILE_LENGTH + k]! - profiles[j * PROFILE_LENGTH + k]!);
      expect(sum).toBeCloseTo(elementMoversDistance(a, b), 4);
    }),
  );
});

describe('the errors of a model', () => {
  const sites = moversProfiles(compositions);
  const measured = (...errors: [number, number][]) => ({
    compositions: errors.map(([index]) => compositions[index]!),
    errors: Float64Array.from(errors, ([, error]) => error),
    variances: new Float64Array(errors.length),
  });

  test('without measurements the model is believed, with its own spread', async () => {
    const process = await ResidualProcess.over(sites, measured());
    expect([...process.error]).toEqual(FORMULAS.map(() => 0));
    expect(FORMULAS.map((_, i) => process.deviation(i))).toEqual(FORMULAS.map(() => 1));
  });

  test('what was measured is believed there, half believed nearby, and hardly far away', async () => {
    const process = await ResidualProcess.over(sites, measured([0, 2], [2, 2.2], [5, -1]));
    expect(process.error[0]).toBeGreaterThan(1.5);
    expect(process.error[5]).toBeLessThan(-0.5);
    // KCl lies between NaCl and KBr; GaAs beside GaP.
    expect(process.error[1]).toBeGreaterThan(0.8);
    expect(process.error[4]).toBeLessThan(process.error[10]!);
    expect(process.deviation(0)).toBeLessThan(process.deviation(1));
    expect(process.deviation(1)).toBeLessThan(process.deviation(10));
  });

  test('what is believed changes no value, and makes its surroundings less uncertain', async () => {
    const process = await ResidualProcess.over(sites, measured([0, 2], [5, -1]));
    const errors = [...process.error];
    const before = FORMULAS.map((_, i) => process.deviation(i));
    process.believe(4);
    expect([...process.error]).toEqual(errors);
    const after = FORMULAS.map((_, i) => process.deviation(i));
    after.forEach((deviation, i) => expect(deviation).toBeLessThanOrEqual(before[i]! + 1e-9));
    expect(after[4]! / before[4]!).toBeLessThan(0.6);
    expect(after[4]! / before[4]!).toBeLessThan(after[10]! / before[10]!);
  });
});

const objective = (part: Partial<Objective>): Objective => ({
  ...{ property: 'BAND_GAP', goal: 'MAXIMIZE', target: null, min: null, max: null, weight: 1, conditions: {} },
  ...part,
});
const aim = (part: Partial<Objective> = {}): Aim => {
  const one = objective(part);
  return new Aim({ objective: one, low: 0, high: 4 }, new Coordinate(one.property, MODEL));
};

test.each<[string, Partial<Objective>, number]>([
  ['MAXIMIZE', {}, -2.5],
  ['MINIMIZE', { goal: 'MINIMIZE' }, 1],
  ['TARGET', { goal: 'TARGET', target: 1.4 }, 0.3],
  ['WITHIN', { goal: 'WITHIN', min: 1, max: 1.5 }, 0.4],
  ['WITHIN, open below', { goal: 'WITHIN', max: 1.5 }, 0.4],
  ['WITHIN, open above', { goal: 'WITHIN', min: 3 }, 0.4],
])('what is expected to be gained, %s: as integrated', (_, part, best) => {
  const one = aim(part);
  for (const [mean, deviation] of [
    [1.9, 0.7],
    [0.2, 0.1],
    [3.4, 1.5],
  ] as const)
    expect(one.expectedGain(mean, deviation, best)).toBeCloseTo(
      expectation(mean, deviation, (x) => Math.max(0, best - one.cost(x))),
      6,
    );
});

test('the hypervolume of two objectives is expected to grow as integrated', () => {
  const aims = [aim(), aim({ property: 'DENSITY', goal: 'MINIMIZE' })];
  const worst = [0, 4];
  const acquisition = acquisitionOf({ ranking: 'PARETO', kappa: 0 }, aims, worst);
  // Gains over the worst: (1, 3) and (2, 1).
  acquisition.know([1, 1]);
  acquisition.know([2, 3]);
  acquisition.know([0.5, 3.5]);
  const grown = (a: number, b: number): number => {
    const [g, h] = [Math.max(0, a), Math.max(0, 4 - b)];
    const overlap = Math.min(g, 1) * Math.min(h, 3) + Math.min(g, 2) * Math.min(h, 1) - Math.min(g, 1) * Math.min(h, 1);
    return g * h - overlap;
  };
  const nodes = Array.from({ length: 400 }, (_, i) => -6 + (12 * (i + 0.5)) / 400);
  const weight = (z: number): number => (Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)) * (12 / 400);
  let expected = 0;
  for (const z of nodes) for (const w of nodes) expected += grown(1.5 + 0.6 * z, 2 + 0.8 * w) * weight(z) * weight(w);
  const score = acquisition.score([
    [1.5, 0.6],
    [2, 0.8],
  ]);
  expect(score).toBeCloseTo(expected, 3);
});

test('a probability is what the model said as long as nothing corrects it', () => {
  expect(shiftedProbability(0.7, 0.4, 0.4)).toBe(0.7);
  expect(shiftedProbability(0.7, 0.4, 0.2)).toBeLessThan(0.7);
  expect(shiftedProbability(0.7, 0.4, 0.9)).toBeGreaterThan(0.9);
});
