import { objectType } from 'nexus';
import { part } from './cost';
import { toGlobalId } from '../src/domain/global-id';

export const Source = objectType({
  name: 'Source',
  access: 'OWNER',
  description: 'Where a record comes from, and on what terms.',
  definition(t) {
    t.string('name', { description: 'Database, publication or data set.' });
    t.nullable.string('url', { description: 'Where to read on.' });
    t.nullable.string('doi', { description: 'Digital object identifier, without the resolver.' });
    t.nullable.string('licence', { description: 'Licence as SPDX names it, or in words.' });
  },
});

export const Measurement = objectType({
  name: 'Measurement',
  access: 'MATERIALS_READ',
  description: 'A recorded value of one property.',
  definition(t) {
    t.implements('Node');
    t.id('id', { description: 'Global id.', resolve: (m) => toGlobalId('Measurement', m.id) });
    t.field('composition', { type: 'Composition', description: 'What was measured.' });
    t.nullable.field('material', {
      type: 'Material',
      description: 'The catalogue entry that was measured, if it is known.',
      resolve: (m, _, context) => (m.materialId === null ? null : context.materials.byId(m.materialId)),
    });
    t.field('property', { type: 'Property', complexity: part, description: 'Which quantity.' });
    t.float('value', { description: 'In `unit`.' });
    t.string('unit', { description: 'Unit of the value and its uncertainty.' });
    t.nullable.float('uncertainty', { description: 'Standard uncertainty in `unit`, if it was reported.' });
    t.field('fidelity', { type: 'Fidelity', description: 'Measured or computed.' });
    t.field('conditions', { type: 'Conditions', complexity: part, description: 'What the value holds for.' });
    t.field('source', { type: Source, complexity: part, description: 'Who recorded it.' });
  },
});
