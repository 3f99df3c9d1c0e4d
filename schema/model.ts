import { list, nonNull, objectType, queryField } from 'nexus';
import { PROPERTY_KEYS } from '../src/domain';
import { atMost } from './cost';
import { toGlobalId } from '../src/domain/global-id';

export const Model = objectType({
  name: 'Model',
  access: 'PUBLIC',
  description: 'A trained Darwin model that this server answers from.',
  definition(t) {
    t.implements('Node');
    t.id('id', {
      description: 'Pass it as `model` to pin a prediction to this version.',
      resolve: (m) => toGlobalId('Model', m.id),
    });
    t.string('name', { description: 'Name of the model package.' });
    t.string('version', { description: 'Semantic version of the package; every version has predictions of its own.' });
    t.string('sha256', { description: 'SHA-256 of the ONNX graph in use, hexadecimal; checked when it was loaded.' });
    t.float('parameters', { description: 'Number of trained weights.' });
    t.nullable.dateTime('trainedAt', { description: 'When the training ended.' });
    t.string('device', { description: 'The execution provider in use: `cpu`, `cuda:0`.' });
    t.list.field('properties', {
      type: 'Property',
      complexity: atMost(PROPERTY_KEYS.length),
      description: 'What it predicts.',
      resolve: (m) => m.properties.map((property) => property.key),
    });
  },
});

export const models = queryField('models', {
  access: 'PUBLIC',
  type: nonNull(list(nonNull(Model))),
  description: 'The models that this server answers from, the default one first.',
  complexity: atMost(1),
  resolve: (_, __, context) => context.models.all(),
});
