import type { Composition } from '../chemistry';
import type { PredictionResult } from './prediction';

/** How far a composition lies from what a property was trained on, nearest first; the error rises from one to the next (docs/evidence.md). */
export const APPLICABILITIES = ['INTERPOLATION', 'NEAR_EDGE', 'EXTRAPOLATION'] as const;
export type Applicability = (typeof APPLICABILITIES)[number];

export interface KnownComposition {
  /** Canonical. */
  readonly formula: string;
  /** Element mover's distance: 0 for the composition itself, 1 for a step on the Pettifor scale of every atom. */
  readonly distance: number;
}

/** Why to trust a prediction, or not. */
export interface Evidence {
  /** The model was trained on a value of this property of this composition. */
  readonly inTrainingData: boolean;
  /** Compositions that the property was trained on, those that the model's memory answered with among them; nearest first. */
  readonly nearest: readonly KnownComposition[];
  readonly applicability: Applicability;
}

/** The port through which the API asks for the evidence of predictions. Order kept. */
export interface EvidenceSource {
  evidenceOf(predictions: readonly PredictionResult[]): Promise<readonly Evidence[]>;
}

/** The port through which the API asks what is alike. */
export interface SimilarCompositions {
  /** The nearest others among the catalogue and all training data, nearest first. */
  similar(composition: Composition, count: number): Promise<readonly KnownComposition[]>;
}
