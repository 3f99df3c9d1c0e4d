import { enumType, objectType } from 'nexus';
import { APPLICABILITIES, type Applicability as Name } from '../src/domain';
import { part } from './cost';

const MEANINGS: Record<Name, string> = {
  INTERPOLATION: 'As near to its nearest training composition as 70 % of the training compositions are to each other.',
  NEAR_EDGE: 'As near as 95 % of them are: expect a larger error.',
  EXTRAPOLATION:
    'Further than that, or with an element that the property was never trained on: expect the largest error.',
};

export const Applicability = enumType({
  name: 'Applicability',
  description: 'How far a composition lies from what a property was trained on.',
  members: APPLICABILITIES.map((name) => ({ name, description: MEANINGS[name] })),
});

export const KnownComposition = objectType({
  name: 'KnownComposition',
  access: 'OWNER',
  description: 'A known composition and how far it is.',
  definition(t) {
    t.string('formula', { description: 'Canonical: reduced, ordered by electronegativity.' });
    t.float('distance', {
      description:
        "Element mover's distance (Hargreaves et al. 2020): 0 for the same composition, 1 for every atom moved one step on the modified Pettifor scale.",
    });
  },
});

export const Evidence = objectType({
  name: 'Evidence',
  access: 'OWNER',
  description: 'Why to trust a prediction, or not.',
  definition(t) {
    t.boolean('inTrainingData', { description: 'The model was trained on this property of this composition.' });
    t.list.field('nearest', {
      type: KnownComposition,
      complexity: part,
      description:
        'Compositions that the property was trained on, nearest first; those that the memory of the model answered with are among them.',
    });
    t.field('applicability', { type: Applicability, description: 'Whether the model interpolates.' });
  },
});
