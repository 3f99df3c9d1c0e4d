import fc from 'fast-check';
import { InputError, type Distribution } from '../../../src/domain';
import { distributionReader } from '../../../src/darwin/distribution';
import type { ManifestProperty } from '../../../src/darwin/manifest';
import { goldenRows, tinyProperty } from './fixtures';
import { parseFormula } from '../../../src/chemistry';

interface Bins {
  lower: number[];
  upper: number[];
}

function read(
  bins: Bins,
  probabilities: number[],
  options: Partial<Pick<ManifestProperty, 'transform' | 'perAtom'>> = {},
  atoms = 1,
): Distribution {
  const property = { ...tinyProperty('BAND_GAP'), bins, ...options };
  return distributionReader(property).read(Float32Array.from(probabilities), atoms);
}

/** Ascending bins with an atom of probability at one edge, and probabilities over them. */
const binned = fc
  .record({
    start: fc.double({ min: -3, max: 2, noNaN: true }),
    widths: fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }),
    atomAt: fc.nat(),
    weights: fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 13, maxLength: 13 }),
  })
  .map(({ start, widths, atomAt, weights }) => {
    const edges = widths.reduce((all, width) => [...all, all.at(-1)! + width], [start]);
    const lower = edges.slice(0, -1);
    const upper = edges.slice(1);
    const at = atomAt % edges.length;
    lower.splice(at, 0, edges[at]!);
    upper.splice(at, 0, edges[at]!);
    const used = weights.slice(0, lower.length).map((w, i) => w + (i === 0 ? 1 : 0));
    const total = used.reduce((a, b) => a + b);
    return { bins: { lower, upper }, probabilities: used.map((w) => w / total) };
  });

/** E[g(x)] by the midpoint rule inside every bin, in transformed units: knows nothing of the closed forms. */
function expectation({ lower, upper }: Bins, probabilities: number[], g: (u: number) => number): number {
  const steps = 2000;
  return probabilities.reduce((sum, p, k) => {
    let inner = 0;
    for (let s = 0; s < steps; s++) inner += g(lower[k]! + ((s + 0.5) / steps) * (upper[k]! - lower[k]!)) / steps;
    return sum + p * inner;
  }, 0);
}

describe('a distribution over bins', () => {
  it.each(['identity', 'log10'] as const)('has the moments that numeric integration finds (%s)', (transform) => {
    const plain = (u: number) => (transform === 'log10' ? 10 ** u : u);
    fc.assert(
      fc.property(binned, ({ bins, probabilities }) => {
        const distribution = read(bins, probabilities, { transform });
        const mean = expectation(bins, probabilities, plain);
        const variance = expectation(bins, probabilities, (u) => (plain(u) - mean) ** 2);
        const scale = Math.sqrt(expectation(bins, probabilities, (u) => plain(u) ** 2)) || 1;
        expect(Math.abs(distribution.mean - mean) / scale).toBeLessThan(1e-5);
        expect(Math.abs(distribution.standardDeviation ** 2 - variance) / scale ** 2).toBeLessThan(1e-5);
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  it.each(['identity', 'log10'] as const)('has quantiles and probabilities that undo each other (%s)', (transform) => {
    fc.assert(
      fc.property(binned, fc.double({ min: 0.001, max: 0.999, noNaN: true }), ({ bins, probabilities }, p) => {
        const distribution = read(bins, probabilities, { transform });
        const x = distribution.quantile(p);
        // The generalised inverse: P(X < x) ≤ p ≤ P(X ≤ x), equal but at an atom.
        const slack = 1e-6 * Math.abs(x);
        expect(distribution.probabilityWithin(-Infinity, x + slack)).toBeGreaterThanOrEqual(p - 1e-6);
        expect(1 - distribution.probabilityWithin(x - slack, Infinity)).toBeLessThanOrEqual(p + 1e-6);
      }),
      { seed: 4, numRuns: 500 },
    );
  });

  it('gives probabilities that add up over neighbouring ranges', () => {
    fc.assert(
      fc.property(binned, fc.double({ min: -4, max: 6, noNaN: true }), ({ bins, probabilities }, cut) => {
        const distribution = read(bins, probabilities);
        const atCut = distribution.probabilityWithin(cut, cut);
        const sum = distribution.probabilityWithin(-Infinity, cut) + distribution.probabilityWithin(cut, Infinity);
        expect(sum - atCut).toBeCloseTo(1, 6);
        expect(distribution.probabilityWithin(-Infinity, Infinity)).toBeCloseTo(1, 6);
      }),
      { seed: 5 },
    );
  });

  it('has quantiles that never fall', () => {
    fc.assert(
      fc.property(binned, ({ bins, probabilities }) => {
        const distribution = read(bins, probabilities);
        const quantiles = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99].map((p) => distribution.quantile(p));
        expect(quantiles).toEqual([...quantiles].sort((a, b) => a - b));
        expect(distribution.value).toBe(distribution.quantile(0.5));
      }),
      { seed: 6 },
    );
  });

  it('counts an atom of probability at a bound as inside', () => {
    const metalLike = read({ lower: [-1, 0, 0], upper: [0, 0, 1] }, [0, 0.6, 0.4]);
    expect(metalLike.value).toBe(0);
    expect(metalLike.probabilityWithin(0, 0)).toBeCloseTo(0.6, 6);
    expect(metalLike.probabilityWithin(-Infinity, 0)).toBeCloseTo(0.6, 6);
    expect(metalLike.probabilityWithin(0, 0.5)).toBeCloseTo(0.8, 6);
    expect(metalLike.probabilityWithin(1e-9, 0.5)).toBeCloseTo(0.2, 6);
  });

  it('is per formula unit where the model learnt per atom', () => {
    const bins = { lower: [0, 10], upper: [10, 30] };
    const perAtom = read(bins, [0.5, 0.5]);
    const perFormula = read(bins, [0.5, 0.5], { perAtom: true }, 5);
    expect(perFormula.value).toBe(5 * perAtom.value);
    expect(perFormula.mean).toBeCloseTo(5 * perAtom.mean, 9);
    expect(perFormula.standardDeviation).toBeCloseTo(5 * perAtom.standardDeviation, 9);
    expect(perFormula.probabilityWithin(50, 100)).toBeCloseTo(perAtom.probabilityWithin(10, 20), 9);
    // The atoms are nobody's business where the value is not per atom.
    expect(read(bins, [0.5, 0.5], {}, 5).value).toBe(perAtom.value);
  });

  it('has no probability below zero on a logarithmic scale', () => {
    const distribution = read({ lower: [-1], upper: [2] }, [1], { transform: 'log10' });
    expect(distribution.probabilityWithin(-5, 0)).toBe(0);
    expect(distribution.probabilityWithin(-5, 10)).toBeCloseTo(2 / 3, 6);
    expect(distribution.value).toBeCloseTo(10 ** 0.5, 6);
  });

  it('refuses what is not a distribution: it would answer nonsense', () => {
    expect(() => read({ lower: [0], upper: [1] }, [NaN])).toThrow(/sum to NaN/);
    expect(() => read({ lower: [0], upper: [1] }, [0])).toThrow(/sum to 0/);
  });

  it('refuses probabilities and ranges that are none', () => {
    const distribution = read({ lower: [0], upper: [1] }, [1]);
    for (const p of [0, 1, -0.1, NaN]) expect(() => distribution.quantile(p)).toThrow(InputError);
    expect(() => distribution.probabilityWithin(2, 1)).toThrow(InputError);
    expect(() => distribution.probabilityWithin(NaN, 1)).toThrow(InputError);
  });
});

describe('a classification', () => {
  it('is the probability of yes, whatever stands in the other columns', () => {
    const reader = distributionReader(tinyProperty('IS_METAL'));
    expect(reader.size).toBe(2);
    const metal = reader.read(Float32Array.of(0.25, 0.75), 1);
    expect(metal.value).toBe(0.75);
    expect(metal.mean).toBe(0.75);
    expect(metal.standardDeviation).toBeCloseTo(Math.sqrt(0.75 * 0.25), 9);
    expect(metal.probabilityWithin(0.5, 1)).toBe(0.75);
    expect([metal.quantile(0.2), metal.quantile(0.3)]).toEqual([0, 1]);
  });
});

describe('golden answers', () => {
  it.each(goldenRows.map((g) => [`${g.property} of ${g.formula}`, g]))(
    'are read as torch reads them: %s',
    (_, golden) => {
      const reader = distributionReader(tinyProperty(golden.property));
      const columns = Float32Array.from(golden.probabilities.slice(0, reader.size));
      const { value } = reader.read(columns, parseFormula(golden.formula).atoms);
      expect(Math.abs(value - golden.value)).toBeLessThanOrEqual(1e-4 * Math.abs(golden.value) + 1e-7);
    },
  );
});
