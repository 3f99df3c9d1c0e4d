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
type Charge = (predictions: number) => Promise<void>;

/**
 * All predictions of one operation, whatever fields ask for them, in as few calls of each Predictor as execution allows. What one field asks
 * for is loaded together: a promise for each of a page's predictions costs more than reading it from the cache.
 *
 * @param predictors the default one first
 */
export function predictionService(
  predictors: readonly Predictor[],
  signal: AbortSignal,
  charge: Charge,
): Context['predictions'] {
  const loaders = new Map(
    predictors.map((predictor) => [predictor.model.id, loaderOf(predictor, signal, charge)] as const),
  );
  const loaderFor = (model: string | null | undefined) => {
    const id = model == null ? { type: 'Model', id: predictors[0]!.model.id } : fromGlobalId(model);
    const found = id?.type === 'Model' ? loaders.get(id.id) : undefined;
    if (found) return found;
    throw new InputError([{ path: ['model'], message: 'no model with this id is served; `models { id }` lists them' }]);
  };
  return {
    async one(composition, { property, conditions, model }) {
      const loader = loaderFor(model);
      const [each] = conditionsOfEach([property], conditions);
      const [answer] = await loader.load([{ composition, property, conditions: each }]);
      if (answer instanceof Error) throw answer;
      return answer!;
    },
    many(composition, { properties, conditions, model }) {
      const loader = loaderFor(model);
      const each = conditionsOfEach(properties, conditions);
      return loader.load(properties.map((property, i) => ({ composition, property, conditions: each[i] })));
    },
  };
}

function loaderOf(predictor: Predictor, signal: AbortSignal, charge: Charge) {
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
  return new DataLoader<readonly PredictionRequest[], readonly Answer[]>(
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
}

/** The amount as written is part of the question: a heat capacity is per formula unit. */
function requestKey({ composition, property, conditions }: PredictionRequest): string {
  const given = Object.entries(conditions ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${property} ${composition.key} ${composition.atoms} ${given.length === 0 ? '' : JSON.stringify(given)}`;
}
