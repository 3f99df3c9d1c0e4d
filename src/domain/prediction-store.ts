import type { PropertyKey } from './properties';

/** What one stored prediction answers; the model is named apart. */
export interface PredictionKey {
  /** Canonical composition key (docs/model-package.md). */
  readonly compositionKey: string;
  readonly property: PropertyKey;
  /** Everything else that the answer depends on (conditions, atoms of the formula) as one canonical text; often empty. */
  readonly variant: string;
}

export interface StoredPrediction extends PredictionKey {
  /** The model's answer, opaque to the store: what comes back is bit for bit what went in. */
  readonly answer: Uint8Array;
  /** Read from the answer, for filtering and ordering; plain units. */
  readonly value: number;
  readonly standardDeviation: number;
  readonly computedAt: Date;
}

/** Predictions that outlive the process. `modelId` is `name@version`, so a new version never sees old rows. */
export interface PredictionStore {
  /** One statement whatever the number of keys; answers in their order, null for what is not there. */
  getMany(modelId: string, keys: readonly PredictionKey[]): Promise<readonly (StoredPrediction | null)[]>;
  /** One statement; a prediction that is there already stays as it is. */
  putMany(modelId: string, predictions: readonly StoredPrediction[]): Promise<void>;
}
