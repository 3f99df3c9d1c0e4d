import type { Distribution } from '../../domain';
import type { Constraint } from '../query';
import { hypervolume } from './hypervolume';
import { costOf, gainOf, successRange, type Scale } from './objectives';

/** Equal shares of probability that stand for a distribution in an expectation. */
const NODES = 256;

/** One prediction that is asked for: which of a candidate's distributions an objective or constraint reads. */
export interface Channelled {
  readonly channel: number;
}

/**
 * The probability that a candidate meets every objective (`successRange`) and constraint. Those on the same prediction are met
 * together where their ranges overlap; different properties count as independent.
 */
export function probabilityOfSuccess(
  objectives: readonly (Scale & Channelled)[],
  constraints: readonly (Constraint & Channelled)[],
  distributions: readonly Distribution[],
): number {
  const ranges = new Map<number, { min: number; max: number }>();
  for (const [channel, { min, max }] of [
    ...objectives.map((scale) => [scale.channel, successRange(scale)] as const),
    ...constraints.map((constraint) => [constraint.channel, constraint] as const),
  ]) {
    const before = ranges.get(channel) ?? { min: -Infinity, max: Infinity };
    ranges.set(channel, { min: Math.max(before.min, min), max: Math.min(before.max, max) });
  }
  let probability = 1;
  for (const [channel, { min, max }] of ranges) {
    probability *= min > max ? 0 : distributions[channel]!.probabilityWithin(min, max);
  }
  return probability;
}

/**
 * E[max(0, best − cost)] in the property's unit (Močkus 1975; Jones, Schonlau and Welch 1998), over the whole predictive
 * distribution rather than a normal one: the mean over equal shares of the probability that lies beyond the best.
 *
 * @param best cost of the value to beat.
 */
export function expectedImprovement({ objective }: Scale, distribution: Distribution, best: number): number {
  // The values that cost less than the best are one interval, whatever the goal.
  const [lower, upper] = {
    MAXIMIZE: () => [-best, Infinity] as const,
    MINIMIZE: () => [-Infinity, best] as const,
    TARGET: () => [objective.target! - best, objective.target! + best] as const,
    WITHIN: () => [(objective.min ?? -Infinity) - best, (objective.max ?? Infinity) + best] as const,
  }[objective.goal]();
  const from = lower === -Infinity ? 0 : distribution.probabilityWithin(-Infinity, lower);
  const to = upper === Infinity ? 1 : distribution.probabilityWithin(-Infinity, upper);
  if (!(to > from)) return 0;
  let sum = 0;
  for (let i = 0; i < NODES; i++) {
    const value = distribution.quantile(from + ((i + 0.5) / NODES) * (to - from));
    sum += Math.max(0, best - costOf(objective, value));
  }
  return (sum / NODES) * (to - from);
}

/**
 * Expected growth of the hypervolume of a front (Emmerich, Giannakoglou and Naujoks 2006), objectives independent,
 * reference point 0. With G_k(t) = E[min(max(gain_k, 0), t)], the volume under a random point outside the front is the product of
 * the G_k(∞) less the hypervolume of the front mapped by the G_k: both are integrals of the product of P(gain_k ≥ t).
 *
 * @param front gains of the known points, one row each.
 */
export function expectedHypervolumeImprovement(
  scales: readonly Scale[],
  distributions: readonly Distribution[],
  front: readonly (readonly number[])[],
): number {
  const limited = scales.map((scale, k) => limitedExpectation(scale, distributions[k]!));
  const everything = limited.reduce((product, expectation) => product * expectation(Infinity), 1);
  const mapped = front.map((point) => point.map((gain, k) => limited[k]!(gain)));
  return Math.max(0, everything - hypervolume(mapped));
}

/** t → E[min(max(gain, 0), t)]. */
function limitedExpectation(scale: Scale, distribution: Distribution): (limit: number) => number {
  const gains = new Float64Array(NODES);
  for (let i = 0; i < NODES; i++) {
    gains[i] = Math.max(0, gainOf(scale, costOf(scale.objective, distribution.quantile((i + 0.5) / NODES))));
  }
  gains.sort();
  const sums = new Float64Array(NODES + 1);
  for (let i = 0; i < NODES; i++) sums[i + 1] = sums[i]! + gains[i]!;
  return (limit) => {
    if (limit <= 0) return 0;
    let low = 0;
    for (let high = NODES; low < high;) {
      const middle = (low + high) >> 1;
      if (gains[middle]! < limit) low = middle + 1;
      else high = middle;
    }
    const above = low === NODES ? 0 : (NODES - low) * limit;
    return (sums[low]! + above) / NODES;
  };
}
