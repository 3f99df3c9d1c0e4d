import { propertyDefinition, type Distribution, type ModelInfo } from '../../domain';
import type { Objective } from '../query';

/** An objective on the fixed scale of its property, prepared for many candidates. */
export interface Scale {
  readonly objective: Objective;
  /** 5th and 95th percentile of the training values; 0 and 1 for a probability. */
  readonly low: number;
  readonly high: number;
}

export function scaleOf(objective: Objective, model: ModelInfo): Scale {
  if (propertyDefinition(objective.property).kind === 'CLASSIFICATION') return { objective, low: 0, high: 1 };
  const trained = model.properties.find((property) => property.key === objective.property);
  const { low, high } = trained?.desirability ?? { low: 0, high: 1 };
  return { objective, low, high: high > low ? high : low + 1 };
}

/** What PARETO dominance compares, lower is better: −value, value, |value − target| or the distance to the range. */
export function costOf(objective: Objective, value: number): number {
  switch (objective.goal) {
    case 'MAXIMIZE':
      return -value;
    case 'MINIMIZE':
      return value;
    case 'TARGET':
      return Math.abs(value - objective.target!);
    case 'WITHIN':
      return Math.max(0, (objective.min ?? -Infinity) - value, value - (objective.max ?? Infinity));
  }
}

/**
 * A cost as a gain: 0 at the worst end of the property's scale, 1 at the best (TARGET and WITHIN: 1 is a hit, 0 a
 * miss by the whole scale). Linear, so it may lie outside 0..1.
 */
export function gainOf(scale: Scale, cost: number): number {
  const { objective, low, high } = scale;
  switch (objective.goal) {
    case 'MAXIMIZE':
      return (-cost - low) / (high - low);
    case 'MINIMIZE':
      return (high - cost) / (high - low);
    default:
      return 1 - cost / (high - low);
  }
}

/** Derringer and Suich, J. Qual. Technol. 12, 214 (1980), linear: the gain cut to 0..1. */
export function desirabilityOf(scale: Scale, cost: number): number {
  return Math.min(1, Math.max(0, gainOf(scale, cost)));
}

/** The weighted mean of the desirabilities, 0..1. */
export function weightedSum(scales: readonly Scale[], costs: ArrayLike<number>): number {
  let sum = 0;
  let weights = 0;
  scales.forEach((scale, k) => {
    sum += scale.objective.weight * desirabilityOf(scale, costs[k]!);
    weights += scale.objective.weight;
  });
  return sum / weights;
}

/**
 * The values that count as success: for MAXIMIZE from `min` (else `target`) up, for MINIMIZE up to `max` (else `target`), for
 * WITHIN the range, for TARGET from min to max around it. What is not given: the best 5 % of the known values
 * (the end of the property's scale), for TARGET ±5 % of the scale.
 */
export function successRange({ objective, low, high }: Scale): { readonly min: number; readonly max: number } {
  const { goal, target, min, max } = objective;
  switch (goal) {
    case 'MAXIMIZE':
      return { min: min ?? target ?? high, max: max ?? Infinity };
    case 'MINIMIZE':
      return { min: min ?? -Infinity, max: max ?? target ?? low };
    case 'WITHIN':
      return { min: min ?? -Infinity, max: max ?? Infinity };
    case 'TARGET': {
      const tolerance = 0.05 * (high - low);
      return { min: min ?? target! - tolerance, max: max ?? target! + tolerance };
    }
  }
}

/**
 * The cost less `kappa` standard deviations (Auer 2002; Srinivas et al. 2010), in the property's unit. Not cut at 0 for a target: among
 * candidates that may all hit it, the more uncertain one teaches more.
 */
export function optimisticCost(
  objective: Objective,
  { value, standardDeviation }: Distribution,
  kappa: number,
): number {
  return costOf(objective, value) - kappa * standardDeviation;
}
