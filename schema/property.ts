import { enumType, list, nonNull, objectType, queryField } from 'nexus';
import { PROPERTIES, PROPERTY_KEYS, propertyDefinition } from '../src/domain';
import { atMost, part } from './cost';

export const PropertyKind = enumType({
  name: 'PropertyKind',
  description: 'What kind of answer a property has.',
  members: [
    { name: 'REGRESSION', description: 'A number in the unit of the property.' },
    { name: 'CLASSIFICATION', description: 'Yes or no; the value is the probability of yes.' },
  ],
});

export const Fidelity = enumType({
  name: 'Fidelity',
  description: 'Where the values of a property come from.',
  members: [
    { name: 'EXPERIMENT', description: 'Measured.' },
    { name: 'DFT', description: 'Computed by density-functional theory.' },
  ],
});

export const PropertyKey = enumType({
  name: 'PropertyKey',
  description: 'The quantities that Darwin predicts and the catalogue records.',
  members: PROPERTY_KEYS.map((name) => {
    const { description, unit, conditions } = PROPERTIES[name];
    const depends = conditions.length === 0 ? '' : ` Depends on ${conditions.join(', ')}.`;
    return { name, description: `${description} Unit: ${unit}.${depends}` };
  }),
});

export const Condition = objectType({
  name: 'Condition',
  access: 'PUBLIC',
  description:
    'Something beside the composition that a property depends on, with the range or the values seen in training.',
  definition(t) {
    t.string('name', { description: 'Its name in `ConditionsInput`.' });
    t.nullable.string('unit', { description: 'Unit of a number; null for a category.' });
    t.nullable.float('default', {
      description: 'What is taken if it is not given, in `unit`; null for a category.',
      resolve: (condition) => (typeof condition.default === 'number' ? condition.default : null),
    });
    t.nullable.float('min', { description: 'Lowest value seen in training, in `unit`.' });
    t.nullable.float('max', { description: 'Highest value seen in training, in `unit`.' });
    t.nullable.list.nonNull.string('values', { description: 'The values of a category seen in training.' });
  },
});

export const Evaluation = objectType({
  name: 'Evaluation',
  access: 'PUBLIC',
  description:
    'How well the default model predicts a property, measured on compositions that it never saw in any experimental task.',
  definition(t) {
    t.string('metric', {
      description: '`MAE` in the unit of the property, `MAE log10` in its decimal logarithm, or `balanced accuracy`.',
    });
    t.float('value', { description: 'The metric of Darwin.' });
    t.float('baseline', { description: 'The same metric of the baseline, on the same rows.' });
    t.string('baselineName', { description: 'What the baseline is.' });
    t.int('rows', { description: 'How many measured values it was taken on.' });
    t.string('split', { description: 'How these rows were kept apart from training.' });
    t.nullable.float('intervalCoverage90', {
      description: 'Share of the measured values inside the 90 % interval; 0.9 is perfect. Null for a classification.',
    });
  },
});

export const Property = objectType({
  name: 'Property',
  access: 'PUBLIC',
  description: 'A quantity that Darwin predicts and the catalogue records.',
  definition(t) {
    t.field('key', { type: PropertyKey, description: 'Its name in queries.', resolve: (key) => key });
    t.string('name', { description: 'Its name in words.', resolve: (key) => propertyDefinition(key).name });
    t.nullable.string('symbol', {
      description: 'The usual symbol, if there is one.',
      resolve: (key) => propertyDefinition(key).symbol,
    });
    t.string('unit', {
      description: 'Unit of every value of this property, in plain ASCII: `W/(m K)`, `dimensionless`.',
      resolve: (key) => propertyDefinition(key).unit,
    });
    t.field('kind', {
      type: PropertyKind,
      description: 'A number, or yes and no.',
      resolve: (key) => propertyDefinition(key).kind,
    });
    t.field('fidelity', {
      type: Fidelity,
      description: 'What the values that the model learnt from are.',
      resolve: (key) => propertyDefinition(key).fidelity,
    });
    t.string('description', {
      description: 'What the quantity is.',
      resolve: (key) => propertyDefinition(key).description,
    });
    t.list.field('conditions', {
      type: Condition,
      complexity: part,
      description: 'What it depends on beside the composition.',
      resolve: (key, _, context) => context.models.trained(key)?.conditions ?? [],
    });
    t.nullable.field('evaluation', {
      type: Evaluation,
      complexity: part,
      description:
        'How well the default model predicts it, on compositions it never saw; null if that was not measured.',
      resolve: (key, _, context) => context.models.trained(key)?.evaluation ?? null,
    });
  },
});

export const properties = queryField('properties', {
  access: 'PUBLIC',
  type: nonNull(list(nonNull(Property))),
  description: 'Every property, with its unit, its conditions and how well it is predicted.',
  complexity: atMost(PROPERTY_KEYS.length),
  resolve: () => PROPERTY_KEYS,
});
