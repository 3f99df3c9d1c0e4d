import type { PredictionResult } from './prediction';
import { propertyDefinition } from './properties';
import { InputError } from './errors';

/**
 * What clients read from a prediction (GraphQL fields and the command line alike). A classification has one number, the probability of yes:
 * the readings of a distribution over values are null for it.
 */
const isClassification = (prediction: PredictionResult): boolean =>
  propertyDefinition(prediction.request.property).kind === 'CLASSIFICATION';

function requireProbability(name: string, p: number): void {
  if (!(p > 0 && p < 1))
    throw new InputError([{ path: [name], message: `${p} is not a probability above 0 and below 1` }]);
}

/** Yes or no; null for a regression. */
export function predictedLabel(prediction: PredictionResult): boolean | null {
  return isClassification(prediction) ? prediction.distribution.value >= 0.5 : null;
}

/** Standard deviation in the property's unit. */
export function spread(prediction: PredictionResult): number | null {
  return isClassification(prediction) ? null : prediction.distribution.standardDeviation;
}

/**
 * The central interval of this probability.
 * @throws InputError unless 0 < level < 1.
 */
export function interval(
  prediction: PredictionResult,
  level: number,
): { readonly level: number; readonly lower: number; readonly upper: number } | null {
  requireProbability('level', level);
  if (isClassification(prediction)) return null;
  const { distribution } = prediction;
  return { level, lower: distribution.quantile((1 - level) / 2), upper: distribution.quantile((1 + level) / 2) };
}

/** @throws InputError unless 0 < p < 1. */
export function quantile(prediction: PredictionResult, p: number): number | null {
  requireProbability('p', p);
  return isClassification(prediction) ? null : prediction.distribution.quantile(p);
}

/**
 * P(min ≤ value ≤ max); a side that is null is open.
 * @throws InputError if both sides are open or min > max.
 */
export function probabilityWithin(
  prediction: PredictionResult,
  min: number | null | undefined,
  max: number | null | undefined,
): number | null {
  if (min == null && max == null) throw new InputError([{ path: ['min'], message: 'give min, max or both' }]);
  const [lower, upper] = [min ?? -Infinity, max ?? Infinity];
  if (lower > upper) throw new InputError([{ path: ['min'], message: `${lower} is above max, ${upper}` }]);
  return isClassification(prediction) ? null : prediction.distribution.probabilityWithin(lower, upper);
}
