import DataLoader from 'dataloader';
import type { PredictionRequest, PredictionResult, PredictOptions, Predictor } from '../domain';

export type PredictionLoader = Pick<DataLoader<PredictionRequest, PredictionResult>, 'load' | 'loadMany'>;

/**
 * Collects what one GraphQL request asks field by field, so that a page of materials is one look-up in the cache and
 * one run of the model a property. Make one a request. It keeps no answers itself: equal questions share one run in the
 * batcher, and later ones find the answer in the cache.
 */
export function createPredictionLoader(predictor: Predictor, options?: PredictOptions): PredictionLoader {
  return new DataLoader<PredictionRequest, PredictionResult>((requests) => predictor.predict(requests, options), {
    cache: false,
  });
}
