import { nonNull, objectType, queryField, stringArg } from 'nexus';
import { part, type Cost } from './cost';

export const Answer = objectType({
  name: 'Answer',
  access: 'OWNER',
  description:
    'Darwin’s answer to a question in plain words: the property and composition that it understood, or why it did not.',
  definition(t) {
    t.string('question', { description: 'The question as it was asked.' });
    t.string('text', {
      description:
        'What was understood and the answer in words; of a question that was not understood, why, and what would be.',
    });
    t.boolean('understood', { description: 'Whether this is an answer; otherwise `text` says what was missing.' });
    t.nullable.field('composition', {
      type: 'Composition',
      complexity: part,
      description: 'What was asked about; of a comparison the one named first.',
    });
    t.nullable.field('property', {
      type: 'Property',
      complexity: part,
      description: 'What was asked for; null for a fact of an element.',
    });
    t.nullable.field('prediction', {
      type: 'Prediction',
      complexity: part,
      description: 'What the answer was read from; null for a fact.',
    });
    t.nullable.float('value', { description: 'In `unit`; of a yes-or-no property the probability of yes.' });
    t.nullable.string('unit', { description: 'The unit that the question asked for, otherwise that of the property.' });
    t.nullable.field('interval', {
      type: 'Interval',
      complexity: part,
      description: 'The central 90 % interval in `unit`; null for a yes-or-no property and for a fact.',
    });
    t.nullable.boolean('label', { description: 'The answer to a yes-or-no question: yes is true.' });
    t.nullable.float('probability', {
      description:
        'Of yes, where yes or no was asked; of a comparison, that the composition named first has the larger value.',
    });
    t.nullable.field('other', {
      type: 'Composition',
      complexity: part,
      description: 'Of a comparison: the composition named second.',
    });
    t.nullable.field('otherPrediction', {
      type: 'Prediction',
      complexity: part,
      description: 'Of a comparison: its prediction.',
    });
    t.boolean('fact', { description: 'A recorded fact of an element, not a prediction.' });
  },
});

/** The answer, and the two predictions of a comparison. */
const answered: Cost = ({ childComplexity }) => 3 + childComplexity;

export const ask = queryField('ask', {
  access: 'PREDICTIONS_RUN',
  type: nonNull(Answer),
  description:
    'A question in plain English about a property of one composition, or which of two has more of it: “What is the band gap of gallium arsenide in meV?”. Costs 3 points, and the predictions that it makes.',
  args: { question: nonNull(stringArg({ description: 'At most 500 characters.' })) },
  complexity: answered,
  resolve: (_, { question }, context) => context.ask(question),
});
