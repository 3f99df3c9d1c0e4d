import DataLoader from 'dataloader';
import {
  InputError,
  propertyDefinition,
  type ConditionName,
  type Conditions,
  type PredictionRequest,
  type PredictionResult,
  type Predictor,
  type PropertyKey,
} from '../../domain';
import { fromGlobalId, type Context } from '../../../schema';

/** All predictions of one operation, whatever fields ask for them, in as few calls of the Predictor as execution allows. */
export function predictionService(predictor: Predictor, signal: AbortSignal): Context['predictions'] {
  const loader = new DataLoader<PredictionRequest, PredictionResult, string>(
    (requests) => predictor.predict(requests, { priority: 'interactive', signal }),
    { cacheKeyFn: requestKey },
  );
  return {
    one(composition, { property, conditions, model }) {
      requireServedModel(predictor, model);
      requireKnown(conditions, [property], `${property} does not depend on it`);
      return loader.load({ composition, property, conditions: relevant(conditions, property) });
    },
    many(composition, { properties, conditions, model }) {
      requireServedModel(predictor, model);
      requireKnown(conditions, properties, 'none of the properties depends on it');
      return loader.loadMany(
        properties.map((property) => ({ composition, property, conditions: relevant(conditions, property) })),
      );
    },
  };
}

/** The amount as written is part of the question: a heat capacity is per formula unit. */
function requestKey({ composition, property, conditions }: PredictionRequest): string {
  const given = Object.entries(conditions ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${property} ${composition.key} ${composition.atoms} ${JSON.stringify(given)}`;
}

function given(conditions: Conditions | null | undefined): ConditionName[] {
  return (Object.keys(conditions ?? {}) as ConditionName[]).filter((name) => conditions?.[name] != null);
}

function relevant(conditions: Conditions | null | undefined, property: PropertyKey): Conditions {
  const known = propertyDefinition(property).conditions;
  const names = given(conditions).filter((name) => known.includes(name));
  return Object.fromEntries(names.map((name) => [name, conditions?.[name]]));
}

function requireKnown(
  conditions: Conditions | null | undefined,
  properties: readonly PropertyKey[],
  problem: string,
): void {
  const known = new Set(properties.flatMap((property) => propertyDefinition(property).conditions));
  const unknown = given(conditions).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  const right = known.size === 0 ? 'no conditions apply' : `the conditions that apply are ${[...known].join(', ')}`;
  throw new InputError(unknown.map((name) => ({ path: ['conditions', name], message: `${problem}; ${right}` })));
}

function requireServedModel(predictor: Predictor, model: string | null | undefined): void {
  if (model == null) return;
  const id = fromGlobalId(model);
  if (id?.type === 'Model' && id.id === predictor.model.id) return;
  throw new InputError([{ path: ['model'], message: 'no model with this id is served; `models { id }` lists them' }]);
}
