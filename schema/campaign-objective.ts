import { objectType } from 'nexus';
import type { Conditions, PropertyKey } from '../src/domain';
import type { Context } from './context';
import { part } from './cost';

/** As given, and the defaults of the property for the rest: what its predictions are asked with. */
function conditionsOf(property: PropertyKey, given: Conditions | null | undefined, { models }: Context): Conditions {
  const defaults = (models.trained(property)?.conditions ?? []).map((condition) => [condition.name, condition.default]);
  const set = Object.entries(given ?? {}).filter(([, value]) => value != null);
  return Object.fromEntries([...defaults, ...set]) as Conditions;
}

export const CampaignObjective = objectType({
  name: 'CampaignObjective',
  access: 'OWNER',
  description: 'What a campaign wants of a property.',
  definition(t) {
    t.field('property', {
      type: 'Property',
      complexity: part,
      description: 'Which quantity.',
      resolve: ({ property }) => property as PropertyKey,
    });
    t.field('goal', { type: 'Goal', description: 'What is wanted of it.', resolve: ({ goal }) => goal as 'TARGET' });
    t.nullable.float('target', { description: 'TARGET: the wanted value, in the unit of the property.' });
    t.nullable.float('min', { description: 'WITHIN: lower bound, in the unit of the property.' });
    t.nullable.float('max', { description: 'WITHIN: upper bound, in the unit of the property.' });
    t.float('weight', {
      description: 'Weight beside the other objectives.',
      resolve: ({ weight }) => weight ?? 1,
    });
    t.field('conditions', {
      type: 'Conditions',
      complexity: part,
      description: 'What the predictions hold for.',
      resolve: ({ property, conditions }, _, context) => conditionsOf(property as PropertyKey, conditions, context),
    });
  },
});

export const CampaignConstraint = objectType({
  name: 'CampaignConstraint',
  access: 'OWNER',
  description: 'What a candidate of a campaign has to satisfy.',
  definition(t) {
    t.field('property', {
      type: 'Property',
      complexity: part,
      description: 'Which quantity.',
      resolve: ({ property }) => property as PropertyKey,
    });
    t.nullable.float('min', { description: 'Lower bound, in the unit of the property; null: open.' });
    t.nullable.float('max', { description: 'Upper bound, in the unit of the property; null: open.' });
    t.float('minProbability', {
      description: 'Probability of lying within the bounds that a candidate has to have, 0 to 1.',
      resolve: ({ minProbability }) => minProbability ?? 0.5,
    });
    t.field('conditions', {
      type: 'Conditions',
      complexity: part,
      description: 'What the predictions hold for.',
      resolve: ({ property, conditions }, _, context) => conditionsOf(property as PropertyKey, conditions, context),
    });
  },
});
