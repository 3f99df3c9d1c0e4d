import { InputError, type Distribution } from '../domain';
import type { ManifestProperty } from './manifest';

/**
 * The value tokens of one regression property: bins in transformed units, with the moments that every distribution over
 * them shares. Within a bin the density is uniform in transformed units; `lower == upper` is an atom of probability.
 */
interface Bins {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly log10: boolean;
  /** Mean and variance of a value inside each bin, plain units. */
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** Reads a model's probabilities of one property; made once a property. */
export interface DistributionReader {
  /** Columns of the model's output that belong to the property. */
  readonly size: number;
  /**
   * @param probabilities [size]; kept, not copied; need not sum to exactly 1 (float32)
   * @param atoms atoms of the formula as written, for a property that is learnt per atom
   */
  read(probabilities: Float32Array, atoms: number): Distribution;
}

export function distributionReader(property: ManifestProperty): DistributionReader {
  if (property.kind === 'classification') {
    return { size: 2, read: (probabilities) => new BernoulliDistribution(probabilities) };
  }
  const bins = prepareBins(property);
  const perAtom = property.perAtom;
  return {
    size: bins.lower.length,
    read: (probabilities, atoms) => new BinnedDistribution(bins, probabilities, perAtom ? atoms : 1),
  };
}

function prepareBins(property: ManifestProperty): Bins {
  const lower = Float64Array.from(property.bins!.lower);
  const upper = Float64Array.from(property.bins!.upper);
  const log10 = property.transform === 'log10';
  const mean = new Float64Array(lower.length);
  const variance = new Float64Array(lower.length);
  for (let k = 0; k < lower.length; k++) {
    const l = lower[k]!;
    const width = upper[k]! - l;
    if (!log10) {
      mean[k] = l + width / 2;
      variance[k] = (width * width) / 12;
    } else if (width === 0) {
      mean[k] = 10 ** l;
    } else {
      // x = 10^u with u uniform: E[x] = (10^b − 10^a)/(w ln 10), E[x²] = (10^2b − 10^2a)/(2 w ln 10).
      const w = width * Math.LN10;
      mean[k] = (10 ** l * Math.expm1(w)) / w;
      variance[k] = Math.max(0, (10 ** (2 * l) * Math.expm1(2 * w)) / (2 * w) - mean[k]! ** 2);
    }
  }
  return { lower, upper, log10, mean, variance };
}

class BinnedDistribution implements Distribution {
  private readonly total: number;
  private moments?: { mean: number; standardDeviation: number };

  constructor(
    private readonly bins: Bins,
    private readonly probabilities: Float32Array,
    private readonly scale: number,
  ) {
    let total = 0;
    for (let k = 0; k < probabilities.length; k++) total += probabilities[k]!;
    // NaN fails this test too.
    if (!(total > 0.5 && total < 1.5)) throw new Error(`the model's probabilities sum to ${total}, not 1`);
    this.total = total;
  }

  get value(): number {
    return this.at(0.5);
  }

  get mean(): number {
    return this.twoMoments().mean;
  }

  get standardDeviation(): number {
    return this.twoMoments().standardDeviation;
  }

  quantile(p: number): number {
    checkProbability(p);
    return this.at(p);
  }

  probabilityWithin(lower: number, upper: number): number {
    checkRange(lower, upper);
    const below = this.mass(this.transformed(lower), false);
    return Math.min(1, Math.max(0, (this.mass(this.transformed(upper), true) - below) / this.total));
  }

  private at(p: number): number {
    const { lower, upper } = this.bins;
    const target = p * this.total;
    const last = this.probabilities.length - 1;
    let before = 0;
    for (let k = 0; k <= last; k++) {
      const mass = this.probabilities[k]!;
      if (before + mass >= target && mass > 0) {
        return this.plain(lower[k]! + Math.max(0, (target - before) / mass) * (upper[k]! - lower[k]!));
      }
      before += mass;
    }
    return this.plain(upper[last]!);
  }

  /** Unnormalised P(u ≤ x), or P(u < x) without atoms at x. */
  private mass(x: number, inclusive: boolean): number {
    const { lower, upper } = this.bins;
    let sum = 0;
    for (let k = 0; k < this.probabilities.length; k++) {
      const l = lower[k]!;
      const u = upper[k]!;
      if (u < x || (inclusive && u === x)) sum += this.probabilities[k]!;
      else if (l < x) sum += this.probabilities[k]! * (u === l ? 1 : (x - l) / (u - l));
      else break;
    }
    return sum;
  }

  private twoMoments(): { mean: number; standardDeviation: number } {
    if (this.moments) return this.moments;
    const { mean: means, variance: variances } = this.bins;
    let mean = 0;
    for (let k = 0; k < means.length; k++) mean += this.probabilities[k]! * means[k]!;
    mean /= this.total;
    let variance = 0;
    for (let k = 0; k < means.length; k++) {
      const away = means[k]! - mean;
      variance += this.probabilities[k]! * (variances[k]! + away * away);
    }
    this.moments = { mean: mean * this.scale, standardDeviation: Math.sqrt(variance / this.total) * this.scale };
    return this.moments;
  }

  private plain(x: number): number {
    return (this.bins.log10 ? 10 ** x : x) * this.scale;
  }

  private transformed(value: number): number {
    const scaled = value / this.scale;
    if (!this.bins.log10) return scaled;
    return scaled > 0 ? Math.log10(scaled) : -Infinity;
  }
}

/** P(true) with atoms at 0 (false) and 1 (true); the value is P(true) itself. */
class BernoulliDistribution implements Distribution {
  readonly value: number;
  readonly mean: number;
  readonly standardDeviation: number;

  constructor(probabilities: Float32Array) {
    const no = probabilities[0]!;
    const yes = probabilities[1]!;
    if (!(no + yes > 0.5 && no + yes < 1.5)) throw new Error(`the model's probabilities sum to ${no + yes}, not 1`);
    this.value = yes / (no + yes);
    this.mean = this.value;
    this.standardDeviation = Math.sqrt(this.value * (1 - this.value));
  }

  quantile(p: number): number {
    checkProbability(p);
    return p <= 1 - this.value ? 0 : 1;
  }

  probabilityWithin(lower: number, upper: number): number {
    checkRange(lower, upper);
    return (lower <= 0 && upper >= 0 ? 1 - this.value : 0) + (lower <= 1 && upper >= 1 ? this.value : 0);
  }
}

function checkProbability(p: number): void {
  if (!(p > 0 && p < 1)) throw new InputError([{ path: ['p'], message: `must lie between 0 and 1, is ${p}` }]);
}

function checkRange(lower: number, upper: number): void {
  if (!(lower <= upper)) {
    throw new InputError([{ path: ['min'], message: `must not exceed max, is ${lower} with max ${upper}` }]);
  }
}
