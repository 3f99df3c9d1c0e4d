import { objectType } from 'nexus';
import { filledConditions, type Conditions, type PropertyKey } from '../src/domain';
import type { Context } from './context';
import { part } from './cost';

/** What the predictions are asked with. */
const conditionsOf = (property: PropertyKey, given: Conditions | null | undefined, { models }: Context): Conditions =>
  filledConditions(models.trained(property)?.conditions ?? [], given);

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
