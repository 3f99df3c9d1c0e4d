import type { Composition } from '../chemistry';
import type { Conditions, ConditionName, PropertyKey } from './properties';

/**
 * A predictive distribution over one property, in the property's plain unit. All answers (value, interval, quantile,
 * probability of a range) are read from it, so they never contradict each other.
 */
export interface Distribution {
  /** Point estimate: the median (best for the mean absolute error); for a classification P(true). */
  readonly value: number;
  readonly mean: number;
  readonly standardDeviation: number;
  /** @param p probability, 0 < p < 1. */
  quantile(p: number): number;
  /** P(lower ≤ x ≤ upper); ±Infinity for an open side. Atoms of probability at a bound are inside. */
  probabilityWithin(lower: number, upper: number): number;
}

export interface PredictionRequest {
  readonly composition: Composition;
  readonly property: PropertyKey;
  /** Absent ones take the property's defaults. One that the property does not know is an InputError. */
  readonly conditions?: Conditions;
}

/** Who waits: a person looking at a page goes before a campaign of hours, without starving it. */
export type Priority = 'interactive' | 'campaign';

export interface PredictOptions {
  readonly priority?: Priority;
  /** Whether new answers are kept in the database. Those to people are unless told otherwise, those to a campaign are not. */
  readonly keep?: boolean;
  /** Stops waiting for the answer, for example when the client has gone. */
  readonly signal?: AbortSignal;
}

/** One of the nearest training rows that the model's memory answered with. */
export interface Neighbour {
  readonly formula: string;
  readonly weight: number;
}

export interface PredictionResult {
  readonly request: PredictionRequest;
  readonly distribution: Distribution;
  /** Every condition of the property, defaults filled in. */
  readonly conditions: Conditions;
  /** For example a condition outside the range seen in training. */
  readonly warnings: readonly string[];
  readonly neighbours: readonly Neighbour[];
  readonly modelId: string;
  readonly cached: boolean;
  readonly computedAt: Date;
}

/** A property condition as the model was trained on it: a numeric range or a list of values. */
export interface TrainedCondition {
  readonly name: ConditionName;
  readonly unit: string | null;
  readonly default: number | string;
  readonly min: number | null;
  readonly max: number | null;
  readonly values: readonly string[] | null;
}

/** Measured on compositions that the model never saw in any experimental task. */
export interface Evaluation {
  readonly metric: string;
  readonly value: number;
  readonly baseline: number;
  readonly baselineName: string;
  readonly rows: number;
  readonly split: string;
  readonly intervalCoverage90: number | null;
}

/** What the model's manifest says of one property. */
export interface TrainedProperty {
  readonly key: PropertyKey;
  readonly conditions: readonly TrainedCondition[];
  readonly evaluation: Evaluation | null;
  /** 5th and 95th percentile of the training values: the fixed scale of desirabilities. Plain units. */
  readonly desirability: { readonly low: number; readonly high: number };
}

export interface ModelInfo {
  /** `name@version`: part of every cache key. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** sha256 of the graph file, hexadecimal. */
  readonly sha256: string;
  readonly parameters: number;
  readonly trainedAt: Date | null;
  /** The execution provider in use: "cpu", "cuda:0". */
  readonly device: string;
  readonly properties: readonly TrainedProperty[];
}

/**
 * The port through which everything asks the model: computed fields, discovery, campaigns.
 * `predict` answers in the order of the requests; a request that fails holds its error, its neighbours stand.
 */
export interface Predictor {
  readonly model: ModelInfo;
  predict(
    requests: readonly PredictionRequest[],
    options?: PredictOptions,
  ): Promise<readonly (PredictionResult | Error)[]>;
}
