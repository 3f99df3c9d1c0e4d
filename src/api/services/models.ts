import type { Predictor, PropertyKey, TrainedProperty } from '../../domain';
import type { Context } from '../../../schema';

/**
 * Made once for the server: the manifests do not change while it runs.
 * @param predictors the default one first
 */
export function modelService(predictors: readonly Predictor[]): Context['models'] {
  const models = predictors.map(({ model }) => model);
  const trained = new Map<PropertyKey, TrainedProperty>(
    models[0]!.properties.map((property) => [property.key, property]),
  );
  return {
    all: () => models,
    byId: (id) => models.find((model) => model.id === id) ?? null,
    trained: (property) => trained.get(property) ?? null,
  };
}
