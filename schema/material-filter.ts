import { enumType, inputObjectType } from 'nexus';
import { MATERIAL_ORDER_FIELDS, type MaterialOrderField as Field } from '../src/domain';

export const ElementFilter = inputObjectType({
  name: 'ElementFilter',
  description: 'Which elements; all that is given has to hold.',
  definition(t) {
    t.list.nonNull.string('all', { description: 'Contains every one of these.' });
    t.list.nonNull.string('any', { description: 'Contains at least one of these.' });
    t.list.nonNull.string('none', { description: 'Contains none of these.' });
    t.list.nonNull.string('only', { description: 'Contains no element beside these.' });
  },
});

export const IntRange = inputObjectType({
  name: 'IntRange',
  description: 'A range, both ends included; an end that is not given is open.',
  definition(t) {
    t.int('min', { description: 'Lowest.' });
    t.int('max', { description: 'Highest.' });
  },
});

export const PropertyRange = inputObjectType({
  name: 'PropertyRange',
  description: 'A range of a property, both ends included; an end that is not given is open.',
  definition(t) {
    t.nonNull.field('property', { type: 'PropertyKey', description: 'Which quantity.' });
    t.float('min', { description: 'Lowest, in the unit of the property.' });
    t.float('max', { description: 'Highest, in the unit of the property.' });
  },
});

export const MaterialFilter = inputObjectType({
  name: 'MaterialFilter',
  description: 'Which materials; all that is given has to hold.',
  definition(t) {
    t.field('elements', { type: ElementFilter, description: 'By the elements.' });
    t.field('elementCount', { type: IntRange, description: 'By the number of different elements.' });
    t.string('formula', {
      description: 'By the reduced formula, however it is written; "*" stands for any element: "*2O3".',
    });
    t.string('anonymousFormula', { description: 'By the stoichiometry alone: "AB3C", letters in any order.' });
    t.string('chemicalSystem', { description: 'Exactly these elements; "*" stands for any: "Li-Fe-O", "Si-*".' });
    t.list.nonNull.int('spaceGroupNumber', { description: 'One of these space groups, 1 to 230.' });
    t.list.nonNull.field('measured', {
      type: PropertyRange,
      description:
        'By measured values, all of them. That of a material is the median of its own measurements or, where it has none, of those of its composition.',
    });
    t.list.nonNull.field('predicted', {
      type: PropertyRange,
      description: 'By what the default model predicts under default conditions, all of them.',
    });
    t.list.nonNull.string('sourceName', { description: 'Reported by one of these sources.' });
  },
});

const FIELDS: Record<Field, string> = {
  FORMULA: 'The canonical formula, by its characters.',
  ELEMENT_COUNT: 'The number of different elements.',
  CREATED_AT: 'When it entered the catalogue.',
  DENSITY: 'The density of the material.',
  MEASURED: 'The measured value of `property`, as in `MaterialFilter.measured`.',
  PREDICTED: 'The predicted value of `property`, as in `MaterialFilter.predicted`.',
};

export const MaterialOrderField = enumType({
  name: 'MaterialOrderField',
  description: 'What materials can be ordered by.',
  members: MATERIAL_ORDER_FIELDS.map((name) => ({ name, description: FIELDS[name] })),
});

export const SortDirection = enumType({
  name: 'SortDirection',
  description: 'Which end comes first.',
  members: [
    { name: 'ASC', description: 'The lowest first.' },
    { name: 'DESC', description: 'The highest first.' },
  ],
});

export const MaterialOrder = inputObjectType({
  name: 'MaterialOrder',
  description: 'One key of an order. Materials without a value come last, in either direction.',
  definition(t) {
    t.nonNull.field('field', { type: MaterialOrderField, description: 'By what.' });
    t.field('direction', { type: SortDirection, default: 'ASC', description: 'Which end comes first.' });
    t.field('property', { type: 'PropertyKey', description: 'Of MEASURED and PREDICTED, which need it.' });
  },
});
