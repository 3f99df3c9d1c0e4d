import { arg, idArg, list, nonNull, nullable, objectType, queryField } from 'nexus';
import { perFirst, part } from './cost';
import { measurementArgs } from './composition';
import { toGlobalId } from '../src/domain/global-id';
import { MaterialFilter, MaterialOrder } from './material-filter';
import { facetsField } from './material-statistics';
import { predictionFields } from './prediction';
import { connectionCost, connectionTypes, paging } from './relay';

export const Material = objectType({
  name: 'Material',
  access: 'MATERIALS_READ',
  description: 'An entry of the catalogue: one compound as one source reports it.',
  definition(t) {
    t.implements('Node');
    t.id('id', { description: 'Global id.', resolve: (m) => toGlobalId('Material', m.id) });
    t.nullable.string('externalId', { description: 'Its number at the source.' });
    t.nullable.string('name', { description: 'Mineral or common name.' });
    t.field('composition', { type: 'Composition', description: 'What it is made of.' });
    t.string('formula', { description: 'Shortcut of `composition.formula`.', resolve: (m) => m.composition.formula });
    t.nullable.field('spaceGroup', {
      type: 'SpaceGroup',
      complexity: part,
      description: 'Symmetry of the crystal.',
      resolve: (m, _, context) => context.structures.spaceGroup(m),
    });
    t.nullable.field('structure', {
      type: 'Structure',
      description: 'The crystal structure, if the source reports it.',
      resolve: (m, _, context) => context.structures.ofMaterial(m),
    });
    t.nullable.float('density', { description: 'g/cm³' });
    t.list.field('measurements', {
      type: 'Measurement',
      description: 'Recorded values of this entry, newest first.',
      args: measurementArgs,
      complexity: perFirst(),
      resolve: (m, args, context) => context.measurements.ofMaterial(m, args),
    });
    predictionFields(t, (material: { composition: never }) => material.composition);
    t.field('source', { type: 'Source', complexity: part, description: 'Who reports it.' });
    t.dateTime('createdAt', { description: 'When it entered the catalogue.' });
    t.dateTime('updatedAt', { description: 'When it was last changed.' });
  },
});

export const [MaterialEdge, MaterialConnection] = connectionTypes<'MaterialConnection'>(
  'Material',
  'materials',
  (t) => {
    t.int('totalCount', {
      description: 'How many there are on all pages together.',
      resolve: async (page) => (await page.count()).count,
    });
    t.boolean('totalCountIsExact', {
      description: '`totalCount` is exact up to 10,000 and an estimate above.',
      resolve: async (page) => (await page.count()).exact,
    });
    t.field('facets', { ...facetsField, resolve: (page) => page });
  },
);

export const material = queryField('material', {
  access: 'MATERIALS_READ',
  type: nullable(Material),
  description: 'A catalogue entry by its id; null if there is none.',
  args: { id: nonNull(idArg({ description: 'The `id` of a material seen before.' })) },
  resolve: (_, { id }, context) => context.materials.byGlobalId(id),
});

export const materials = queryField('materials', {
  access: 'MATERIALS_READ',
  type: nonNull(MaterialConnection),
  description: 'The catalogue, filtered and page by page, in an order that new entries do not disturb.',
  args: {
    filter: arg({ type: MaterialFilter, description: 'All of them if not given.' }),
    orderBy: list(
      nonNull(
        arg({
          type: MaterialOrder,
          description: 'At most 5 keys, the first first; the order of creation if not given.',
        }),
      ),
    ),
    ...paging,
  },
  complexity: connectionCost,
  resolve: (_, { filter, orderBy, ...page }, context) => context.materials.search(filter, orderBy, page),
});
