import type { Predictor, PropertyKey, TrainedProperty } from '../../domain';
import type { Context } from '../../../schema';

/** Made once for the server: the manifest does not change while it runs. */
export function modelService({ model }: Predictor): Context['models'] {
  const trained = new Map<PropertyKey, TrainedProperty>(model.properties.map((property) => [property.key, property]));
  return {
    all: () => [model],
    byId(id) {
      if (id !== model.id) throw new Error(`model ${id} is not loaded`);
      return model;
    },
    trained: (property) => trained.get(property) ?? null,
  };
}
