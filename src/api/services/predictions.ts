import DataLoader from 'dataloader';
import {
  conditionsOfEach,
  InputError,
  type PredictionRequest,
  type PredictionResult,
  type Predictor,
} from '../../domain';
import { fromGlobalId, type Context } from '../../../schema';

type Answer = PredictionResult | Error;

/**
 * All predictions of one operation, whatever fields ask for them, in as few calls of the Predictor as execution allows. What one field asks
 * for is loaded together: a promise for each of a page's predictions costs more than reading it from the cache.
 */
export function predictionService(
  predictor: Predictor,
  signal: AbortSignal,
  charge: (predictions: number) => Promise<void>,
): Context['predictions'] {
  const answers = new Map<string, Answer>();
  /** What refuses them all, a quota that is used up, is the answer of each: a prediction that fails is null at its place. */
  const ask = async (requests: readonly PredictionRequest[]): Promise<readonly Answer[]> => {
    try {
      await charge(requests.length);
      return await predictor.predict(requests, { priority: 'interactive', signal });
    } catch (error) {
      return requests.map(() => error as Error);
    }
  };
  const loader = new DataLoader<readonly PredictionRequest[], readonly Answer[]>(
    async (asks) => {
      const fresh = new Map<string, PredictionRequest>();
      const keys = asks.map((requests) => requests.map(requestKey));
      asks.forEach((requests, a) =>
        requests.forEach((request, r) => {
          const key = keys[a]![r]!;
          if (!answers.has(key)) fresh.set(key, request);
        }),
      );
      if (fresh.size > 0) {
        const found = await ask([...fresh.values()]);
        [...fresh.keys()].forEach((key, i) => answers.set(key, found[i]!));
      }
      return keys.map((each) => each.map((key) => answers.get(key)!));
    },
    { cache: false },
  );
  return {
    async one(composition, { property, conditions, model }) {
      requireServedModel(predictor, model);
      const [each] = conditionsOfEach([property], conditions);
      const [answer] = await loader.load([{ composition, property, conditions: each }]);
      if (answer instanceof Error) throw answer;
      return answer!;
    },
    many(composition, { properties, conditions, model }) {
      requireServedModel(predictor, model);
      const each = conditionsOfEach(properties, conditions);
      return loader.load(properties.map((property, i) => ({ composition, property, conditions: each[i] })));
    },
  };
}

/** The amount as written is part of the question: a heat capacity is per formula unit. */
function requestKey({ composition, property, conditions }: PredictionRequest): string {
  const given = Object.entries(conditions ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${property} ${composition.key} ${composition.atoms} ${given.length === 0 ? '' : JSON.stringify(given)}`;
}

function requireServedModel(predictor: Predictor, model: string | null | undefined): void {
  if (model == null) return;
  const id = fromGlobalId(model);
  if (id?.type === 'Model' && id.id === predictor.model.id) return;
  throw new InputError([{ path: ['model'], message: 'no model with this id is served; `models { id }` lists them' }]);
}
