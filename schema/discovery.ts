import { arg, nonNull, objectType, queryField } from 'nexus';
import { atMost, connection, part } from './cost';
import { connectionTypes, forwardPaging } from './relay';
import { DiscoverInput } from './discovery-input';

const MAX_OBJECTIVES = 5;

export const ObjectiveResult = objectType({
  name: 'ObjectiveResult',
  access: 'OWNER',
  description: 'How a candidate does on one objective.',
  definition(t) {
    t.field('property', { type: 'Property', complexity: part, description: 'Which quantity.' });
    t.field('prediction', { type: 'Prediction', complexity: part, description: 'What Darwin predicts for it.' });
    t.float('desirability', { description: '0 (unacceptable) to 1 (ideal), after Derringer and Suich 1980.' });
  },
});

export const Candidate = objectType({
  name: 'Candidate',
  access: 'OWNER',
  description: 'A composition of the design space that satisfies the constraints, with its place in the ranking.',
  definition(t) {
    t.int('rank', { description: 'Place in the ranking, from 1.' });
    t.field('composition', { type: 'Composition', complexity: part, description: 'What it is made of.' });
    t.float('score', { description: 'Higher is better, under the chosen strategy.' });
    t.nullable.int('paretoFront', { description: '1 is not dominated by any other candidate.' });
    t.list.field('objectives', {
      type: ObjectiveResult,
      complexity: atMost(MAX_OBJECTIVES),
      description: 'One for each objective, in the order asked for.',
    });
    t.list.field('known', {
      type: 'Material',
      complexity: atMost(10),
      description: 'Catalogue entries of this composition, at most 10.',
      resolve: (candidate, _, context) => context.materials.ofComposition(candidate.composition, 10),
    });
    t.float('noveltyDistance', {
      description:
        "Element mover's distance to the nearest composition of the catalogue or the training data; 0 is known.",
    });
  },
});

export const DiscoverySummary = objectType({
  name: 'DiscoverySummary',
  access: 'OWNER',
  description: 'What a discovery went through.',
  definition(t) {
    t.int('enumerated', { description: 'Size of the design space before filters.' });
    t.int('passedFilters', { description: 'Candidates left after the filters.' });
    t.int('predicted', { description: 'Candidates that were predicted.' });
    t.int('satisfyingConstraints', { description: 'Candidates that satisfy every constraint.' });
    t.int('paretoFrontSize', { description: 'Candidates that no other dominates.' });
    t.nullable.float('hypervolume', {
      description: 'Of the front, every objective scaled to 0 (worst) … 1 (best); null if nothing is left to rank.',
    });
    t.float('elapsedMs', { description: 'How long it took, ms.' });
    t.int('modelRuns', { description: 'Calls of the model that were needed.' });
  },
});

export const [CandidateEdge, CandidateConnection] = connectionTypes<'CandidateConnection'>(
  'Candidate',
  'candidates',
  (t) => {
    t.int('totalCount', { description: 'How many there are on all pages together, at most 10,000.' });
    t.field('summary', { type: DiscoverySummary, complexity: part, description: 'What it took to find them.' });
  },
);

export const discover = queryField('discover', {
  access: 'PREDICTIONS_RUN',
  type: nonNull(CandidateConnection),
  description: 'Generate candidate compositions, predict, filter and rank them. The same input gives the same list.',
  args: {
    input: nonNull(arg({ type: DiscoverInput, description: 'Where to look, what for, how to rank.' })),
    ...forwardPaging,
  },
  complexity: connection,
  resolve: (_, { input, ...page }, context) => context.discovery.discover(input, page),
});
