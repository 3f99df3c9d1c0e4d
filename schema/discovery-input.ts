import { enumType, inputObjectType } from 'nexus';
import {
  COST_CLASSES,
  GOALS,
  RANKING_STRATEGIES,
  type Goal as GoalName,
  type RankingStrategy as StrategyName,
} from '../src/domain';

const GOAL_MEANINGS: Record<GoalName, string> = {
  MINIMIZE: 'As low as possible.',
  MAXIMIZE: 'As high as possible.',
  TARGET: 'As close to `target` as possible.',
  WITHIN: 'Between `min` and `max`.',
};
const STRATEGY_MEANINGS: Record<StrategyName, string> = {
  PARETO: 'Non-dominated fronts first, spread within a front.',
  WEIGHTED_SUM: 'Weighted mean of the desirabilities (Derringer and Suich 1980).',
  PROBABILITY_OF_SUCCESS: 'Probability that every objective is met.',
  EXPECTED_IMPROVEMENT: 'Expected improvement over the incumbent.',
  UPPER_CONFIDENCE_BOUND: 'Predicted value plus `kappa` standard deviations in the direction of the goal.',
};

export const Goal = enumType({
  name: 'Goal',
  description: 'What an objective wants of a property.',
  members: GOALS.map((name) => ({ name, description: GOAL_MEANINGS[name] })),
});

export const RankingStrategy = enumType({
  name: 'RankingStrategy',
  description: 'How candidates are scored and ordered.',
  members: RANKING_STRATEGIES.map((name) => ({ name, description: STRATEGY_MEANINGS[name] })),
});

export const CostClass = enumType({
  name: 'CostClass',
  description:
    'What the elements in a kilogram of a composition cost: their prices weighted by mass fraction. The prices are of around 2019, to one significant digit, for the form that most of an element is traded in (docs/discovery.md); making the material is not in it.',
  members: COST_CLASSES.map((name, k) => ({
    name,
    description: `Below ${(10 ** k).toLocaleString('en')} USD.`,
  })),
});

export const ElementLimitInput = inputObjectType({
  name: 'ElementLimitInput',
  description: 'How much of an element a candidate holds; one bound at least. Fractions are compared to a millionth.',
  definition(t) {
    t.nonNull.string('element', { description: 'Its symbol, limited once.' });
    t.float('minFraction', {
      description: 'Lowest atomic fraction, 0 to 1. Above 0, every candidate contains the element.',
    });
    t.float('maxFraction', { description: 'Highest atomic fraction, 0 to 1.' });
  },
});

export const EnumerateInput = inputObjectType({
  name: 'EnumerateInput',
  description: 'All compositions of a palette of elements with small whole amounts.',
  definition(t) {
    t.nonNull.list.nonNull.string('elements', { description: 'The palette: element symbols.' });
    t.list.nonNull.string('required', { description: 'Elements that every candidate contains.' });
    t.field('elementCount', {
      type: 'IntRange',
      description: 'Different elements of a candidate; 2 to 4 if not given.',
    });
    t.list.nonNull.string('templates', {
      description:
        'Anonymous formulas such as "AB", "AB2", "ABC3"; every stoichiometry within `maxAtoms` if not given.',
    });
    t.int('maxAtoms', { default: 10, description: 'Atoms of the reduced formula.' });
    t.boolean('chargeBalanced', { default: true, description: 'Some known oxidation states have to sum to zero.' });
    t.float('minPlausibility', { description: '0 to 1: how likely a compound like this is.' });
    t.boolean('electronegativityOrdered', {
      default: true,
      description: 'In the balanced assignment anions are more electronegative than cations.',
    });
  },
});

export const SubstituteInput = inputObjectType({
  name: 'SubstituteInput',
  description:
    'Known compounds with likely ion swaps (Hautier et al. 2011). An ion of another charge comes in as much of as keeps the charge: Li2CO3 from CaCO3.',
  definition(t) {
    t.nonNull.list.nonNull.string('parents', { description: 'Formulas to start from.' });
    t.list.nonNull.string('elements', { description: 'What may be swapped in; any element if not given.' });
    t.float('minProbability', { default: 0.001, description: 'Substitution probability, 0 to 1.' });
    t.int('maxSwaps', { default: 1, description: 'Ions swapped at once.' });
  },
});

export const MixComponentInput = inputObjectType({
  name: 'MixComponentInput',
  description: 'An end member of a mixture.',
  definition(t) {
    t.nonNull.string('formula', { description: 'Its formula unit.' });
    t.float('min', { default: 0, description: 'Lowest mole fraction of this formula unit.' });
    t.float('max', { default: 1, description: 'Highest mole fraction of this formula unit.' });
  },
});

export const MixInput = inputObjectType({
  name: 'MixInput',
  description: 'Alloys, solid solutions, dopants: mole fractions on a grid that sum to one.',
  definition(t) {
    t.nonNull.list.nonNull.field('components', { type: MixComponentInput, description: 'The end members.' });
    t.nonNull.float('step', { description: 'Grid spacing of the mole fractions; it has to divide 1.' });
  },
});

export const EvolveInput = inputObjectType({
  name: 'EvolveInput',
  description: 'An evolutionary search, for spaces too large to enumerate.',
  definition(t) {
    t.nonNull.list.nonNull.string('elements', { description: 'The palette: element symbols.' });
    t.field('elementCount', {
      type: 'IntRange',
      description: 'Different elements of a candidate; 2 to 4 if not given.',
    });
    t.int('maxAtoms', { default: 20, description: 'Atoms of the reduced formula.' });
    t.int('populationSize', { default: 200, description: 'Compositions of a generation.' });
    t.int('generations', { default: 30, description: 'How many generations.' });
    t.boolean('chargeBalanced', { default: true, description: 'Some known oxidation states have to sum to zero.' });
    t.float('minPlausibility', { description: '0 to 1: how likely a compound like this is.' });
  },
});

export const DesignSpaceInput = inputObjectType({
  name: 'DesignSpaceInput',
  description:
    'Where candidates come from. Exactly one field is set; anything else is a validation error that says so.',
  definition(t) {
    t.field('enumerate', { type: EnumerateInput, description: 'All compositions of a palette.' });
    t.field('substitute', { type: SubstituteInput, description: 'Ion swaps in known compounds.' });
    t.field('mix', { type: MixInput, description: 'A grid of mixtures.' });
    t.field('evolve', { type: EvolveInput, description: 'An evolutionary search.' });
    t.list.nonNull.string('formulas', { description: 'Exactly these formulas.' });
  },
});

export const ObjectiveInput = inputObjectType({
  name: 'ObjectiveInput',
  description: 'What a good candidate is like.',
  definition(t) {
    t.nonNull.field('property', { type: 'PropertyKey', description: 'Which quantity.' });
    t.nonNull.field('goal', { type: Goal, description: 'What is wanted of it.' });
    t.float('target', { description: 'TARGET: the wanted value, in the unit of the property.' });
    t.float('min', { description: 'WITHIN: lower bound, in the unit of the property.' });
    t.float('max', { description: 'WITHIN: upper bound, in the unit of the property.' });
    t.float('weight', { default: 1, description: 'Weight beside the other objectives, above 0.' });
    t.field('conditions', { type: 'ConditionsInput', description: 'What the prediction shall hold for.' });
  },
});

export const ConstraintInput = inputObjectType({
  name: 'ConstraintInput',
  description: 'What a candidate has to satisfy, with at least this probability.',
  definition(t) {
    t.nonNull.field('property', { type: 'PropertyKey', description: 'Which quantity.' });
    t.float('min', { description: 'Lower bound, in the unit of the property; open if not given.' });
    t.float('max', { description: 'Upper bound, in the unit of the property; open if not given.' });
    t.float('minProbability', { default: 0.5, description: 'Probability of lying within the bounds, 0 to 1.' });
    t.field('conditions', { type: 'ConditionsInput', description: 'What the prediction shall hold for.' });
  },
});

export const DiscoverInput = inputObjectType({
  name: 'DiscoverInput',
  description: 'Where to look, what for, and how to rank.',
  definition(t) {
    t.nonNull.field('space', { type: DesignSpaceInput, description: 'Where candidates come from.' });
    t.nonNull.list.nonNull.field('objectives', { type: ObjectiveInput, description: 'What is wanted, 1 to 5.' });
    t.list.nonNull.field('constraints', { type: ConstraintInput, description: 'What has to be satisfied.' });
    t.field('ranking', { type: RankingStrategy, default: 'PARETO', description: 'How candidates are ordered.' });
    t.float('diversity', { default: 0, description: '0 ranks by score alone, 1 by spread alone.' });
    t.float('incumbent', {
      description: 'EXPECTED_IMPROVEMENT: the value to beat; the best measured in the catalogue if not given.',
    });
    t.float('kappa', {
      default: 1.96,
      description: 'UPPER_CONFIDENCE_BOUND: how many standard deviations of optimism.',
    });
    t.list.nonNull.string('excludeElements', { description: 'No candidate contains one of these.' });
    t.boolean('excludeRadioactive', { default: false, description: 'Drop elements without a stable isotope.' });
    t.boolean('excludeToxic', {
      default: false,
      description:
        'Drop Be, As, Cd, Hg, Tl, Pb and U, which RoHS, IARC (Group 1) or CLP hold dangerous to health in whatever compound (docs/discovery.md). No safety assessment.',
    });
    t.float('minAbundance', { description: "Of the scarcest element, mg/kg in the Earth's crust." });
    t.field('maxCostClass', {
      type: CostClass,
      description: 'What the elements in a kilogram cost at most. An element without a market price never passes.',
    });
    t.list.nonNull.field('elementLimits', {
      type: ElementLimitInput,
      description: 'Bounds on atomic fractions, in every kind of space; in `mix` beside those of the components.',
    });
    t.boolean('excludeKnown', { default: false, description: 'Drop what the catalogue already holds.' });
    t.int('maxCandidates', {
      default: 100000,
      description:
        'Counted before any filter; a larger space is refused with SEARCH_SPACE_TOO_LARGE. A query may raise it to 1,000,000.',
    });
    t.int('seed', { default: 0, description: 'Of everything random; the same seed gives the same list.' });
  },
});
