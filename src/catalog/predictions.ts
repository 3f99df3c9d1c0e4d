import type { PredictedColumn } from '../data';
import type { PropertyKey } from '../domain';

/** The predictions of the catalogue's materials that filters, orders and plots read: the default model's, under default conditions. */
export interface CataloguePredictions {
  /** Where those of a property are stored; null if the model does not predict it. */
  column(property: PropertyKey): PredictedColumn | null;
  /** Resolves when they are there for every material that the model can predict. */
  complete(properties: readonly PropertyKey[]): Promise<void>;
}

/** A catalogue without a model: nothing is predicted. */
export const NO_PREDICTIONS: CataloguePredictions = { column: () => null, complete: async () => {} };
