import { propertyDefinition, type Distribution, type ModelInfo, type PropertyKey } from '../../domain';
import type { Objective } from '../query';
import { costOf, scaleOf, successRange, type Scale } from '../ranking/objectives';
import { cumulative, excess, within } from './normal';

/** Of what is believed of a candidate's value: equal shares of the distribution that stand for it in a moment. */
const NODES = 32;
/** A property whose known values span this factor is looked at on a logarithmic scale. */
const DECADES = 30;
/** A value that is certain to the model is not certain: the least standard deviation, of the property's known range. */
const LEAST_DEVIATION = 0.05;

/**
 * A property as suggestions look at it: values on a scale where errors are roughly alike everywhere. A classification's value is 0
 * or 1, believed with its probability.
 */
export class Coordinate {
  readonly isClass: boolean;
  /** Of the known values: 5th and 95th percentile, on the coordinate. */
  readonly low: number;
  readonly high: number;
  private readonly log: boolean;
  private readonly floor: number;

  constructor(property: PropertyKey, model: ModelInfo) {
    this.isClass = propertyDefinition(property).kind === 'CLASSIFICATION';
    const { low, high } = scaleOf({ property } as Objective, model);
    this.log = !this.isClass && low > 0 && high / low >= DECADES;
    // A measured zero, where the scale has none, counts as far below everything known.
    this.floor = low * 1e-3;
    this.low = this.of(low);
    this.high = this.of(high);
  }

  of(value: number): number {
    // An open bound stays open.
    return this.log && value !== -Infinity ? Math.log10(Math.max(this.floor, value)) : value;
  }

  plain(coordinate: number): number {
    return this.log ? 10 ** coordinate : coordinate;
  }

  /** Mean and standard deviation on the coordinate. */
  belief(distribution: Distribution): readonly [mean: number, deviation: number] {
    if (this.isClass) {
      const p = Math.min(1, Math.max(0, distribution.value));
      return [p, Math.max(LEAST_DEVIATION, Math.sqrt(p * (1 - p)))];
    }
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < NODES; i++) {
      const u = this.of(distribution.quantile((i + 0.5) / NODES));
      sum += u;
      squares += u * u;
    }
    const mean = sum / NODES;
    const least = LEAST_DEVIATION * (this.high - this.low);
    return [mean, Math.max(least, Math.sqrt(Math.max(0, squares / NODES - mean * mean)))];
  }

  /** The objective with its bounds on the coordinate. */
  objective(objective: Objective): Objective {
    const on = (bound: number | null): number | null => (bound === null ? null : this.of(bound));
    return { ...objective, target: on(objective.target), min: on(objective.min), max: on(objective.max) };
  }

  /** P(min ≤ value ≤ max). */
  probability(mean: number, deviation: number, min: number, max: number): number {
    if (!this.isClass) return within(mean, deviation, min, max);
    const p = Math.min(1, Math.max(0, mean));
    return (min <= 0 && max >= 0 ? 1 - p : 0) + (min <= 1 && max >= 1 ? p : 0);
  }
}

/** An objective on its coordinate. */
export class Aim {
  readonly objective: Objective;
  readonly scale: Scale;

  constructor(
    /** In plain units, for what is defined in them. */
    readonly plainScale: Scale,
    readonly coordinate: Coordinate,
  ) {
    const { low, high } = coordinate;
    this.objective = coordinate.objective(plainScale.objective);
    this.scale = { objective: this.objective, low, high };
  }

  /** Lower is better. */
  cost(value: number): number {
    return costOf(this.objective, this.coordinate.isClass ? Math.min(1, Math.max(0, value)) : value);
  }

  /** In plain units. */
  plainCost(value: number): number {
    return costOf(this.plainScale.objective, this.coordinate.plain(value));
  }

  /**
   * E[max(0, best − cost)] of a normal value: the values that cost less are one interval, on which what is gained is a ramp, a hat or a
   * trapezium, so the expectation is a sum of excesses over its corners.
   */
  expectedGain(mean: number, deviation: number, best: number): number {
    const { objective, coordinate } = this;
    if (coordinate.isClass) {
      const p = Math.min(1, Math.max(0, mean));
      return (1 - p) * Math.max(0, best - this.cost(0)) + p * Math.max(0, best - this.cost(1));
    }
    const over = (c: number): number => excess(mean, deviation, c);
    switch (objective.goal) {
      case 'MAXIMIZE':
        return over(-best);
      case 'MINIMIZE':
        return excess(-mean, deviation, -best);
      default: {
        if (!(best > 0)) return 0;
        const [min, max] =
          objective.goal === 'TARGET' ? [objective.target!, objective.target!] : [objective.min, objective.max];
        if (min === null) return excess(-mean, deviation, -(max! + best)) - excess(-mean, deviation, -max!);
        if (max === null) return over(min - best) - over(min);
        return Math.max(0, over(min - best) - over(min) - over(max) + over(max + best));
      }
    }
  }

  /** P(the value is a success), as PROBABILITY_OF_SUCCESS counts it. */
  probabilityOfSuccess(mean: number, deviation: number): number {
    const { min, max } = successRange(this.scale);
    return min > max ? 0 : this.coordinate.probability(mean, deviation, min, max);
  }
}

/** What a probability becomes when what it was read from is corrected: its log odds shift as those of a normal belief do. */
export function shiftedProbability(probability: number, before: number, after: number): number {
  if (before === after) return probability;
  const odds = (p: number): number => {
    const cut = Math.min(1 - 1e-9, Math.max(1e-9, p));
    return Math.log(cut / (1 - cut));
  };
  return 1 / (1 + Math.exp(-(odds(probability) + odds(after) - odds(before))));
}

/** E[max(0, U − best)] of a normal U. */
export function improvement(mean: number, deviation: number, best: number): number {
  if (!(deviation > 0)) return Math.max(0, mean - best);
  return excess(mean, deviation, best);
}

/** Standard normal quantiles of equal shares, for a moment of something that is not linear. */
export const NORMAL_NODES: readonly number[] = Array.from({ length: NODES }, (_, i) => {
  const p = (i + 0.5) / NODES;
  let [low, high] = [-8, 8];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (cumulative(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
});
