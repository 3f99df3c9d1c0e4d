import { arg, enumType, floatArg, idArg, inputObjectType, list, nonNull, nullable, objectType } from 'nexus';
import type { ObjectDefinitionBlock } from 'nexus/dist/core';
import type { Composition } from '../src/chemistry';
import {
  interval,
  MECHANICAL_TESTS,
  predictedLabel,
  PROCESSING,
  probabilityWithin,
  propertyDefinition,
  quantile,
  spread,
  type MechanicalTest as Test,
  type Processing as Route,
} from '../src/domain';
import { part, perItemOf } from './cost';
import type { Context } from './context';

const ROUTES: Record<Route, string> = {
  CAST: 'As cast.',
  ANNEALED: 'Annealed or homogenised.',
  WROUGHT: 'Rolled, forged or otherwise worked.',
  POWDER: 'By powder metallurgy.',
  OTHER: 'Another route.',
  UNSPECIFIED: 'Not reported; the default.',
};
const TESTS: Record<Test, string> = { COMPRESSION: 'In compression.', TENSION: 'In tension.' };

export const Processing = enumType({
  name: 'Processing',
  description: 'How an alloy was made.',
  members: PROCESSING.map((name) => ({ name, description: ROUTES[name] })),
});
export const MechanicalTest = enumType({
  name: 'MechanicalTest',
  description: 'How a strength was measured.',
  members: MECHANICAL_TESTS.map((name) => ({ name, description: TESTS[name] })),
});

const CONDITIONS = {
  temperature: 'K',
  load: 'Indentation load, N.',
  wavelength: 'µm',
  processing: 'How the alloy was made.',
  testType: 'How the strength was measured.',
};

export const ConditionsInput = inputObjectType({
  name: 'ConditionsInput',
  description:
    'What the property depends on beside the composition; unset ones take the default of the property. A condition that the property does not know is a validation error.',
  definition(t) {
    t.float('temperature', { description: CONDITIONS.temperature });
    t.float('load', { description: CONDITIONS.load });
    t.float('wavelength', { description: CONDITIONS.wavelength });
    t.field('processing', { type: Processing, description: CONDITIONS.processing });
    t.field('testType', { type: MechanicalTest, description: CONDITIONS.testType });
  },
});

export const Conditions = objectType({
  name: 'Conditions',
  access: 'OWNER',
  description:
    'The conditions that a value holds for, defaults filled in; null where the property does not depend on it.',
  definition(t) {
    t.nullable.float('temperature', { description: CONDITIONS.temperature });
    t.nullable.float('load', { description: CONDITIONS.load });
    t.nullable.float('wavelength', { description: CONDITIONS.wavelength });
    t.nullable.field('processing', { type: Processing, description: CONDITIONS.processing });
    t.nullable.field('testType', { type: MechanicalTest, description: CONDITIONS.testType });
  },
});

export const Interval = objectType({
  name: 'Interval',
  access: 'OWNER',
  description:
    'A central interval of the predictive distribution, calibrated on compositions that the model never saw.',
  definition(t) {
    t.float('level', { description: 'Probability that the interval holds the value.' });
    t.float('lower', { description: 'Lower end, in the unit of the property.' });
    t.float('upper', { description: 'Upper end, in the unit of the property.' });
  },
});

export const Prediction = objectType({
  name: 'Prediction',
  access: 'OWNER',
  description:
    'What Darwin predicts for one property of one composition. Every number is read from one predictive distribution.',
  definition(t) {
    t.field('property', {
      type: 'Property',
      complexity: part,
      description: 'What was predicted.',
      resolve: (p) => p.request.property,
    });
    t.float('value', {
      description: 'The median, in `unit`; for a classification the probability of yes.',
      resolve: (p) => p.distribution.value,
    });
    t.string('unit', {
      description: 'Unit of every number of this prediction.',
      resolve: (p) => propertyDefinition(p.request.property).unit,
    });
    t.nullable.boolean('label', {
      description: 'Classification only: the value is 0.5 or more.',
      resolve: predictedLabel,
    });
    t.nullable.float('standardDeviation', {
      description: 'Of the predictive distribution, in `unit`; null for a classification.',
      resolve: spread,
    });
    t.nullable.field('interval', {
      type: Interval,
      complexity: part,
      description: 'The central interval that holds the value with this probability; null for a classification.',
      args: { level: floatArg({ default: 0.9, description: 'Probability, above 0 and below 1.' }) },
      resolve: (p, { level }) => interval(p, level ?? 0.9),
    });
    t.nullable.float('quantile', {
      description: 'The value that is not exceeded with probability `p`, in `unit`; null for a classification.',
      args: { p: nonNull(floatArg({ description: 'Probability, above 0 and below 1.' })) },
      resolve: (prediction, { p }) => quantile(prediction, p),
    });
    t.nullable.float('probabilityWithin', {
      description: 'Probability that the value lies between `min` and `max`, both included; null for a classification.',
      args: {
        min: floatArg({ description: 'Lower bound, in `unit`; open if not given.' }),
        max: floatArg({ description: 'Upper bound, in `unit`; open if not given.' }),
      },
      resolve: (p, { min, max }) => probabilityWithin(p, min, max),
    });
    t.field('conditions', { type: Conditions, complexity: part, description: 'What the prediction holds for.' });
    t.field('model', {
      type: 'Model',
      complexity: part,
      description: 'The model that answered.',
      resolve: (p, _, context) => context.models.byId(p.modelId)!,
    });
    t.field('evidence', {
      type: 'Evidence',
      description: 'Why to trust it: the nearest training data.',
      resolve: (p, _, context) => context.evidence.of(p),
    });
    t.list.string('warnings', { description: 'For example a condition outside the range seen in training.' });
    t.boolean('cached', { description: 'The answer was computed before; it is the same to the last bit.' });
    t.dateTime('computedAt', { description: 'When the model computed it.' });
  },
});

const modelArg = idArg({ description: 'The `id` of one of `models`; the default model if not given.' });

/** `prediction` and `predictions` of everything that has a composition. */
export function predictionFields<TypeName extends string>(
  t: ObjectDefinitionBlock<TypeName>,
  compositionOf: (source: never) => Composition,
): void {
  const fields = t as unknown as ObjectDefinitionBlock<'Composition'>;
  const of = compositionOf as (source: unknown) => Composition;
  fields.nullable.field('prediction', {
    type: Prediction,
    access: 'PREDICTIONS_RUN',
    description: 'One property as Darwin predicts it; null with an error if it cannot.',
    args: {
      property: nonNull(arg({ type: 'PropertyKey', description: 'What to predict.' })),
      conditions: arg({ type: ConditionsInput, description: 'All of them have to be conditions of the property.' }),
      model: modelArg,
    },
    resolve: (source, args, context: Context) => context.predictions.one(of(source), args),
  });
  fields.field('predictions', {
    access: 'PREDICTIONS_RUN',
    type: nonNull(list(nullable(Prediction))),
    description: 'Several properties, in the order asked for; null with an error where one cannot be predicted.',
    args: {
      properties: nonNull(list(nonNull(arg({ type: 'PropertyKey', description: 'What to predict.' })))),
      conditions: arg({
        type: ConditionsInput,
        description: 'Each has to be a condition of one of the properties; the others ignore it.',
      }),
      model: modelArg,
    },
    complexity: perItemOf('properties'),
    resolve: (source, args, context: Context) => context.predictions.many(of(source), args) as never,
  });
}
