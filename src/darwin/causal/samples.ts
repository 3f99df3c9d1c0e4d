import type { Distribution } from '../../domain';

/** Numbers drawn from a model, as a distribution: every reading is one of the drawn numbers, or between two of them. */
export function sampledDistribution(drawn: readonly number[]): Distribution {
  const sorted = [...drawn].sort((a, b) => a - b);
  const mean = sorted.reduce((sum, x) => sum + x / sorted.length, 0);
  const variance = sorted.reduce((sum, x) => sum + (x - mean) ** 2 / sorted.length, 0);
  /** Linear between order statistics, the first at 0 and the last at 1. */
  const quantile = (p: number): number => {
    const at = p * (sorted.length - 1);
    const below = sorted[Math.floor(at)]!;
    return below + (sorted[Math.ceil(at)]! - below) * (at - Math.floor(at));
  };
  return {
    value: quantile(0.5),
    mean,
    standardDeviation: Math.sqrt(variance),
    quantile,
    probabilityWithin: (lower, upper) => sorted.filter((x) => lower <= x && x <= upper).length / sorted.length,
  };
}

/** A classification's: P(true) alone. */
export function labelDistribution(probability: number): Distribution {
  return {
    value: probability,
    mean: probability,
    standardDeviation: Math.sqrt(probability * (1 - probability)),
    quantile: (p) => Number(p > 1 - probability),
    probabilityWithin: (lower, upper) =>
      (lower <= 0 && upper >= 0 ? 1 - probability : 0) + (lower <= 1 && upper >= 1 ? probability : 0),
  };
}

/** Uniform numbers in [0, 1) that depend on the text and the index alone (FNV-1a, then mulberry32): a sample is the same in any batch. */
export function randomOf(text: string, index: number): () => number {
  let state = 0x811c9dc5;
  for (const character of `${index} ${text}`) state = Math.imul(state ^ character.codePointAt(0)!, 0x01000193) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
