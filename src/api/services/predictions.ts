import DataLoader from 'dataloader';
import {
  conditionsOfEach,
  InputError,
  type PredictionRequest,
  type PredictionResult,
  type Predictor,
} from '../../domain';
import { fromGlobalId, type Context } from '../../../schema';

/** All predictions of one operation, whatever fields ask for them, in as few calls of the Predictor as execution allows. */
export function predictionService(
  predictor: Predictor,
  signal: AbortSignal,
  charge: (predictions: number) => Promise<void>,
): Context['predictions'] {
  const loader = new DataLoader<PredictionRequest, PredictionResult, string>(
    async (requests) => {
      await charge(requests.length);
      return predictor.predict(requests, { priority: 'interactive', signal });
    },
    { cacheKeyFn: requestKey },
  );
  return {
    one(composition, { property, conditions, model }) {
      requireServedModel(predictor, model);
      return loader.load({ composition, property, conditions: conditionsOfEach([property], conditions)[0] });
    },
    many(composition, { properties, conditions, model }) {
      requireServedModel(predictor, model);
      const each = conditionsOfEach(properties, conditions);
      return loader.loadMany(properties.map((property, i) => ({ composition, property, conditions: each[i] })));
    },
  };
}

/** The amount as written is part of the question: a heat capacity is per formula unit. */
function requestKey({ composition, property, conditions }: PredictionRequest): string {
  const given = Object.entries(conditions ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${property} ${composition.key} ${composition.atoms} ${JSON.stringify(given)}`;
}

function requireServedModel(predictor: Predictor, model: string | null | undefined): void {
  if (model == null) return;
  const id = fromGlobalId(model);
  if (id?.type === 'Model' && id.id === predictor.model.id) return;
  throw new InputError([{ path: ['model'], message: 'no model with this id is served; `models { id }` lists them' }]);
}
