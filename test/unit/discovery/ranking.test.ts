import fc from 'fast-check';
import type { Distribution, Goal, ModelInfo } from '../../../src/domain';
import type { Objective } from '../../../src/discovery/query';
import {
  expectedHypervolumeImprovement,
  expectedImprovement,
  probabilityOfSuccess,
} from '../../../src/discovery/ranking/acquisition';
import { crowdingDistances } from '../../../src/discovery/ranking/crowding';
import { diversified } from '../../../src/discovery/ranking/diversity';
import { hypervolume } from '../../../src/discovery/ranking/hypervolume';
import { costOf, desirabilityOf, scaleOf, successRange, weightedSum } from '../../../src/discovery/ranking/objectives';
import { nondominatedFronts } from '../../../src/discovery/ranking/sorting';
import { upperConfidenceBound } from '../../../src/discovery/scoring';
import { MODEL, uniform } from './fakes';

/** Rows of few different values, so that ties and repeated rows are common. */
function rows(objectives: { min: number; max: number }, maxRows: number, levels: number) {
  return fc.integer(objectives).chain((m) =>
    fc.array(fc.array(fc.integer({ min: 0, max: levels }), { minLength: m, maxLength: m }), {
      minLength: 1,
      maxLength: maxRows,
    }),
  );
}

function dominates(a: readonly number[], b: readonly number[]): boolean {
  return a.every((value, k) => value <= b[k]!) && a.some((value, k) => value < b[k]!);
}

/** Peels one front after another, comparing every pair. */
function peeledFronts(points: readonly (readonly number[])[]): number[] {
  const fronts = points.map(() => 0);
  for (let front = 1; fronts.includes(0); front++) {
    const left = points.flatMap((_, i) => (fronts[i] === 0 ? [i] : []));
    const best = left.filter((i) => !left.some((j) => dominates(points[j]!, points[i]!)));
    for (const i of best) fronts[i] = front;
  }
  return fronts;
}

/** A deterministic uniform generator (mulberry32). */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('non-dominated sorting', () => {
  it('equals peeling by brute force for 1 to 5 objectives, ties and repeated rows included', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 3, 12, 1000).chain((levels) => rows({ min: 1, max: 5 }, 120, levels)),
        (points) => {
          const fronts = nondominatedFronts(Float64Array.from(points.flat()), points[0]!.length);
          expect(Array.from(fronts)).toEqual(peeledFronts(points));
        },
      ),
      { seed: 11, numRuns: 400 },
    );
  });

  it('equals it on sets large enough for every branch of the recursion', () => {
    for (const m of [2, 3, 4, 5]) {
      const draw = random(m);
      for (const levels of [6, 1e9]) {
        const points = Array.from({ length: 700 }, () => Array.from({ length: m }, () => Math.floor(draw() * levels)));
        expect(Array.from(nondominatedFronts(Float64Array.from(points.flat()), m))).toEqual(peeledFronts(points));
      }
    }
  });

  it('takes negative costs, −0 and infinities', () => {
    expect(Array.from(nondominatedFronts(Float64Array.of(-1, 0, -1, -0, 0, Infinity, -Infinity, 5), 2))).toEqual([
      1, 1, 2, 1,
    ]);
    expect(nondominatedFronts(new Float64Array(0), 3)).toHaveLength(0);
  });
});

describe('crowding distance', () => {
  it('is the gap between the neighbours in units of the range, and largest at the ends', () => {
    const costs = Float64Array.of(0, 10, 1, 6, 2, 4, 10, 0);
    const distances = crowdingDistances(costs, 2, Int32Array.of(1, 1, 1, 1));
    expect(distances[1]).toBeCloseTo(2 / 10 + 6 / 10);
    expect(distances[2]).toBeCloseTo(9 / 10 + 6 / 10);
    expect([distances[0], distances[3]]).toEqual([1e9, 1e9]);
  });

  it('sees no neighbours in other fronts', () => {
    const costs = Float64Array.of(0, 2, 1, 1, 2, 0, 1, 5);
    const distances = crowdingDistances(costs, 2, Int32Array.of(1, 1, 1, 2));
    expect(distances[1]).toBeCloseTo(2);
    expect(distances[3]).toBe(1e9);
  });
});

describe('hypervolume', () => {
  /** Unit cells of the integer grid below some point. */
  function cells(points: readonly (readonly number[])[], m: number, levels: number): number {
    let count = 0;
    for (let cell = 0; cell < levels ** m; cell++) {
      const corner = Array.from({ length: m }, (_, k) => Math.floor(cell / levels ** k) % levels);
      if (points.some((point) => point.every((value, k) => value > corner[k]!))) count++;
    }
    return count;
  }

  it('equals counting cells for 1 to 5 objectives, dominated and repeated points included', () => {
    fc.assert(
      fc.property(rows({ min: 1, max: 5 }, 10, 5), (points) => {
        expect(hypervolume(points)).toBeCloseTo(cells(points, points[0]!.length, 5), 9);
      }),
      { seed: 12, numRuns: 300 },
    );
  });

  it.each([2, 3, 4, 5])('equals a Monte-Carlo estimate within its error for %i objectives', (m) => {
    const draw = random(100 + m);
    const points = Array.from({ length: 60 }, () => {
      const direction = Array.from({ length: m }, () => -Math.log(draw()));
      const norm = Math.hypot(...direction);
      return direction.map((value) => value / norm);
    });
    const samples = 40_000;
    let inside = 0;
    for (let i = 0; i < samples; i++) {
      const sample = Array.from({ length: m }, draw);
      if (points.some((point) => point.every((value, k) => value > sample[k]!))) inside++;
    }
    const estimate = inside / samples;
    const error = Math.sqrt((estimate * (1 - estimate)) / samples);
    expect(Math.abs(hypervolume(points) - estimate)).toBeLessThan(4 * error);
  });

  it('is 0 without points, and for points not above the reference', () => {
    expect(hypervolume([])).toBe(0);
    expect(hypervolume([[1, 0], [-1, 5]])).toBe(0); // prettier-ignore
  });
});

const EXAMPLES: Record<Goal, Partial<Objective>> = {
  MAXIMIZE: {},
  MINIMIZE: {},
  TARGET: { target: 1.5 },
  WITHIN: { min: 1, max: 2 },
};

function objective(goal: Goal, extra: Partial<Objective> = {}): Objective {
  const open = { target: null, min: null, max: null, weight: 1, conditions: {} };
  return { property: 'BAND_GAP', goal, ...open, ...EXAMPLES[goal], ...extra };
}
const scale = (goal: Goal, extra?: Partial<Objective>) => scaleOf(objective(goal, extra), MODEL);
const GOAL_LIST: Goal[] = ['MAXIMIZE', 'MINIMIZE', 'TARGET', 'WITHIN'];

/** Two humps of different width and weight: nothing about it is normal or symmetric. */
const TWO_HUMPS: Distribution = (() => {
  const parts = [
    { weight: 0.3, lower: 0.2, upper: 0.6 },
    { weight: 0.7, lower: 1.4, upper: 3 },
  ];
  const mass = (a: number, b: number) =>
    parts.reduce((sum, { weight, lower, upper }) => sum + weight * uniform(lower, upper).probabilityWithin(a, b), 0);
  const quantile = (p: number) =>
    p < 0.3 ? uniform(0.2, 0.6).quantile(p / 0.3) : uniform(1.4, 3).quantile((p - 0.3) / 0.7);
  return { value: quantile(0.5), mean: 1.66, standardDeviation: 0.87, quantile, probabilityWithin: mass };
})();

/** ∫ f(x) p(x) dx over cells that are narrow against everything in it. */
function integrate(distribution: Distribution, f: (x: number) => number): number {
  const cellsPerUnit = 2000;
  let sum = 0;
  for (let i = 0; i < 4 * cellsPerUnit; i++) {
    const lower = i / cellsPerUnit;
    sum += f(lower + 0.5 / cellsPerUnit) * distribution.probabilityWithin(lower, lower + 1 / cellsPerUnit);
  }
  return sum;
}

describe('desirability', () => {
  it('runs linearly over the fixed scale of the property and is cut to 0..1', () => {
    const at = (goal: Goal, value: number) => desirabilityOf(scale(goal), costOf(objective(goal), value));
    expect([-1, 0, 1, 4, 9].map((value) => at('MAXIMIZE', value))).toEqual([0, 0, 0.25, 1, 1]);
    expect([-1, 0, 1, 4, 9].map((value) => at('MINIMIZE', value))).toEqual([1, 1, 0.75, 0, 0]);
    expect([1.5, 0.5, 2.5, 9].map((value) => at('TARGET', value))).toEqual([1, 0.75, 0.75, 0]);
    expect([1, 2, 1.7, 0, 4].map((value) => at('WITHIN', value))).toEqual([1, 1, 1, 0.75, 0.5]);
  });

  it('counts a classification as its probability, whatever the manifest says', () => {
    const model: ModelInfo = MODEL;
    const metal = scaleOf(objective('MAXIMIZE', { property: 'IS_METAL' }), model);
    expect(desirabilityOf(metal, costOf(metal.objective, 0.7))).toBeCloseTo(0.7);
  });

  it('is averaged by weight', () => {
    const scales = [scale('MAXIMIZE', { weight: 3 }), scale('MINIMIZE', { weight: 1 })];
    expect(weightedSum(scales, [-2, 4])).toBeCloseTo((3 * 0.5 + 1 * 0) / 4);
  });
});

describe('expected improvement', () => {
  it.each(GOAL_LIST)('equals numerical integration for %s', (goal) => {
    for (const best of [0.1, 0.3, 0.45]) {
      const incumbent = goal === 'MAXIMIZE' ? -2.5 + best : best;
      const exact = integrate(TWO_HUMPS, (x) => Math.max(0, incumbent - costOf(objective(goal), x)));
      expect(expectedImprovement(scale(goal), TWO_HUMPS, incumbent)).toBeCloseTo(exact, 3);
    }
  });

  it('resolves improbable improvements, so that they can still be ranked', () => {
    // Uniform on 0..1: E[max(0, x − b)] = (1 − b)² / 2.
    for (const b of [0.5, 0.99, 0.9999]) {
      expect(expectedImprovement(scale('MAXIMIZE'), uniform(0, 1), -b) / ((1 - b) ** 2 / 2)).toBeCloseTo(1, 6);
    }
    expect(expectedImprovement(scale('MAXIMIZE'), uniform(0, 1), -1)).toBe(0);
  });

  it('of the hypervolume equals a Monte-Carlo estimate within its error', () => {
    const draw = random(5);
    const scales = [scale('MAXIMIZE'), scale('MINIMIZE'), scale('TARGET')];
    const front = [
      [0.6, 0.3, 0.5],
      [0.2, 0.8, 0.4],
    ];
    const distributions = [TWO_HUMPS, uniform(0, 2), TWO_HUMPS];
    const before = hypervolume(front);
    let sum = 0;
    let squares = 0;
    const samples = 20_000;
    for (let i = 0; i < samples; i++) {
      const costs = distributions.map((d, k) => costOf(scales[k]!.objective, d.quantile(draw())));
      const gains = [-costs[0]! / 4, (4 - costs[1]!) / 4, 1 - costs[2]! / 4];
      const gain = hypervolume([...front, gains]) - before;
      sum += gain;
      squares += gain * gain;
    }
    const mean = sum / samples;
    const error = Math.sqrt((squares / samples - mean * mean) / samples);
    expect(Math.abs(expectedHypervolumeImprovement(scales, distributions, front) - mean)).toBeLessThan(4 * error);
  });

  it('of the hypervolume is that of the point for a certain prediction', () => {
    const scales = [scale('MAXIMIZE'), scale('MAXIMIZE')];
    const certain = [uniform(2 - 1e-9, 2 + 1e-9), uniform(1 - 1e-9, 1 + 1e-9)];
    expect(expectedHypervolumeImprovement(scales, certain, [[0.25, 0.5]])).toBeCloseTo(0.25 * 0.25, 6);
    expect(expectedHypervolumeImprovement(scales, certain, [[0.9, 0.9]])).toBeCloseTo(0, 6);
  });
});

describe('probability of success', () => {
  const only = (goal: Goal, extra?: Partial<Objective>) => [{ ...scale(goal, extra), channel: 0 }];

  it.each(GOAL_LIST)('equals numerical integration for %s', (goal) => {
    const { min, max } = successRange(scale(goal));
    const exact = integrate(TWO_HUMPS, (x) => (x >= min && x <= max ? 1 : 0));
    expect(probabilityOfSuccess(only(goal), [], [TWO_HUMPS])).toBeCloseTo(exact, 3);
  });

  it('takes the bounds that the objective gives', () => {
    expect(successRange(scale('MAXIMIZE', { min: 2 }))).toEqual({ min: 2, max: Infinity });
    expect(successRange(scale('MINIMIZE', { target: 1 }))).toEqual({ min: -Infinity, max: 1 });
    expect(successRange(scale('TARGET', { min: 1.2, max: 1.6 }))).toEqual({ min: 1.2, max: 1.6 });
  });

  it('multiplies over different predictions and intersects ranges on the same one', () => {
    const both = [
      { ...scale('WITHIN', { min: 0, max: 1 }), channel: 0 },
      { ...scale('WITHIN', { min: 0, max: 1 }), channel: 1 },
    ];
    expect(probabilityOfSuccess(both, [], [uniform(0, 2), uniform(0, 4)])).toBeCloseTo(1 / 8);
    const constraint = {
      property: 'BAND_GAP',
      min: 0.5,
      max: 9,
      minProbability: 0,
      conditions: {},
      channel: 0,
    } as const;
    expect(probabilityOfSuccess(both.slice(0, 1), [constraint], [uniform(0, 2)])).toBeCloseTo(1 / 4);
  });
});

describe('diversity', () => {
  // Two clusters on a line: 0, 1, 2 and 100, 101; the scores favour the first.
  const places = [0, 1, 2, 100, 101];
  const scores = [1, 0.9, 0.8, 0.5, 0.4];
  const distance = (i: number, j: number): number => Math.abs(places[i]! - places[j]!);

  it('of 0 keeps the order of the scores', () => {
    expect(diversified(scores, 0, distance)).toEqual([0, 1, 2, 3, 4]);
  });

  it('of 1 is spread alone, from the best on', () => {
    expect(diversified(scores, 1, distance)).toEqual([0, 4, 2, 1, 3]);
  });

  it('in between brings another kind of compound forward without losing the best', () => {
    expect(diversified(scores, 0.5, distance).slice(0, 2)).toEqual([0, 3]);
  });
});

describe('upper confidence bound', () => {
  const bound = (goal: Goal, lower: number, upper: number, kappa: number) =>
    upperConfidenceBound([scale(goal)], [uniform(lower, upper)], kappa);

  it('is the gain of the value moved by kappa standard deviations to the better side', () => {
    const deviation = 2 / Math.sqrt(12);
    expect(bound('MAXIMIZE', 1, 3, 1)).toBeCloseTo((2 + deviation) / 4);
    expect(bound('MINIMIZE', 1, 3, 1)).toBeCloseTo((4 - (2 - deviation)) / 4);
    expect(bound('TARGET', 1, 3, 1)).toBeCloseTo(1 - (0.5 - deviation) / 4);
    expect(bound('MAXIMIZE', 1, 3, 0)).toBeCloseTo(2 / 4);
  });

  it('gives a classification no bonus', () => {
    const metal = scaleOf(objective('MAXIMIZE', { property: 'IS_METAL' }), MODEL);
    expect(upperConfidenceBound([metal], [uniform(0.2, 0.6)], 5)).toBeCloseTo(0.4);
  });
});
