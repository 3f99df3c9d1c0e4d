import { arg, intArg, list, nonNull, objectType, queryField, stringArg, unionType } from 'nexus';
import {
  anonymousFormula,
  chemicalSystem,
  elementAmounts,
  hillFormula,
  isChargeBalanced,
  molarMass,
  oxidationStates,
  plausibility,
  reducedFormula,
} from '../src/chemistry';
import { DEFAULT_LIST, part, perFirst, perItemOf } from './cost';
import { predictionFields } from './prediction';

export const ElementAmount = objectType({
  name: 'ElementAmount',
  access: 'OWNER',
  description: 'An element and how much of it.',
  definition(t) {
    t.string('symbol', { description: 'Chemical symbol.' });
    t.string('name', { description: 'Name of the element (IUPAC).' });
    t.float('amount', { description: 'Atoms per formula unit as the formula was written.' });
    t.float('fraction', { description: 'Atomic fraction, 0 to 1.' });
  },
});

export const OxidationState = objectType({
  name: 'OxidationState',
  access: 'OWNER',
  description: 'An element and its oxidation state in one compound.',
  definition(t) {
    t.string('symbol', { description: 'Chemical symbol.' });
    t.float('state', { description: 'The mean, where the element is found in two states: 8/3 for Fe in Fe3O4.' });
  },
});

/** The list arguments of whatever lists measurements. */
export const measurementArgs = {
  property: arg({ type: 'PropertyKey', description: 'This property only.' }),
  first: intArg({ default: DEFAULT_LIST, description: 'How many at most, 1 to 100.' }),
};

export const Composition = objectType({
  name: 'Composition',
  access: 'OWNER',
  description: 'Any chemical formula, in the catalogue or not. Its computed fields run the Darwin model.',
  definition(t) {
    t.string('input', { description: 'The formula as it was asked for.' });
    t.string('formula', { description: 'Canonical: reduced, ordered by electronegativity.' });
    t.string('reducedFormula', {
      description: 'Amounts divided by their greatest common divisor, ordered by electronegativity.',
      resolve: reducedFormula,
    });
    t.string('anonymousFormula', {
      description: 'Elements replaced by A, B, C … in ascending order of their amounts: AB3C.',
      resolve: anonymousFormula,
    });
    t.string('hillFormula', {
      description: 'Carbon first, then hydrogen, then the others by alphabet (Hill system).',
      resolve: hillFormula,
    });
    t.string('chemicalSystem', { description: 'The elements by alphabet, joined: Fe-Li-O.', resolve: chemicalSystem });
    t.list.field('elements', {
      type: ElementAmount,
      complexity: part,
      description: 'The elements, ordered by electronegativity.',
      resolve: elementAmounts,
    });
    t.int('elementCount', { description: 'Number of different elements.', resolve: (c) => c.elements.length });
    t.float('molarMass', { description: 'g/mol, of the formula unit as written.', resolve: molarMass });
    t.nullable.list.nonNull.field('oxidationStates', {
      type: OxidationState,
      complexity: part,
      description: 'The likeliest oxidation states that sum to zero, one for each element; null if there are none.',
      resolve: oxidationStates,
    });
    t.boolean('isChargeBalanced', {
      description:
        'Recognised oxidation states sum to zero; true for elements and intermetallics, which have no anion.',
      resolve: isChargeBalanced,
    });
    t.float('plausibility', {
      description:
        '0 to 1: how likely a compound of these elements and amounts is, by charge balance and stoichiometry.',
      resolve: plausibility,
    });
    predictionFields(t, (composition) => composition);
    t.list.field('materials', {
      type: 'Material',
      access: 'MATERIALS_READ',
      description: 'Catalogue entries of this composition.',
      args: { first: intArg({ default: DEFAULT_LIST, description: 'How many at most, 1 to 100.' }) },
      complexity: perFirst(),
      resolve: (c, { first }, context) => context.materials.ofComposition(c, first),
    });
    t.list.field('measurements', {
      type: 'Measurement',
      access: 'MATERIALS_READ',
      description: 'Measured values of this composition, newest first.',
      args: measurementArgs,
      complexity: perFirst(),
      resolve: (c, args, context) => context.measurements.ofComposition(c, args),
    });
    t.list.field('similar', {
      type: 'KnownComposition',
      access: ['MATERIALS_READ', 'PREDICTIONS_RUN'],
      description:
        'The nearest others among the compositions of the catalogue and of all training data, nearest first.',
      args: { first: intArg({ default: DEFAULT_LIST, description: 'How many at most, 1 to 100.' }) },
      complexity: perFirst(),
      resolve: (c, { first }, context) => context.evidence.similar(c, first),
    });
  },
});

export const CompositionResult = unionType({
  name: 'CompositionResult',
  description: 'The composition, or why the formula cannot be read.',
  definition(t) {
    t.members('Composition', 'InvalidFormulaError');
  },
  resolveType: (source) => ('elements' in source ? 'Composition' : 'InvalidFormulaError'),
});

export const composition = queryField('composition', {
  access: ['MATERIALS_READ', 'PREDICTIONS_RUN'],
  type: nonNull(CompositionResult),
  description: 'Any chemical formula, whether the catalogue holds it or not.',
  args: {
    formula: nonNull(
      stringArg({
        description: 'As people write it: `GaAs`, `CuSO4·5H2O`, `Ba(Zr0.2Ti0.8)O3`; at most 1,000 characters.',
      }),
    ),
  },
  resolve: (_, { formula }, context) => context.compositions.parse(formula),
});

export const compositions = queryField('compositions', {
  access: ['MATERIALS_READ', 'PREDICTIONS_RUN'],
  type: nonNull(list(nonNull(CompositionResult))),
  description: 'Many formulas at once, in the order asked for; one that cannot be read does not disturb the others.',
  args: { formulas: nonNull(list(nonNull(stringArg({ description: '1 to 1,000 formulas.' })))) },
  complexity: perItemOf('formulas'),
  resolve: (_, { formulas }, context) => context.compositions.parseAll(formulas),
});
