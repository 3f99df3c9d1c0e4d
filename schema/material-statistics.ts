import { arg, booleanArg, intArg, list, nonNull, nullable, objectType, queryField } from 'nexus';
import type { MaterialFacet } from '../src/domain';
import { type Cost, part, whole } from './cost';
import { toGlobalId } from '../src/domain/global-id';

const DEFAULT_BINS = 20;
const DEFAULT_POINTS = 10_000;
/** Columns of numbers are lighter than objects: a point for this many materials. */
const MATERIALS_PER_POINT = 100;

export const FacetCount = objectType({
  name: 'FacetCount',
  access: 'OWNER',
  description: 'A value, and how many materials have it.',
  definition(t) {
    t.string('value', { description: 'As `MaterialFilter` takes it.' });
    t.int('count', { description: 'How many of the materials on all pages together.' });
  },
});

export const Histogram = objectType({
  name: 'Histogram',
  access: 'OWNER',
  description: 'How many values lie in which range. Without any value both lists are empty.',
  definition(t) {
    t.list.float('edges', { description: 'Ends of the bins, ascending: one more than there are bins.' });
    t.list.int('counts', {
      description: 'Values of each bin: from its lower edge to below its upper one, the last to its end.',
    });
    t.string('unit', { description: 'Unit of the edges.' });
  },
});

const FACETS: Record<MaterialFacet, string> = {
  elements: 'Materials with each element, the most frequent first.',
  crystalSystems:
    'Materials of each crystal system, the most frequent first; those without a space group are left out.',
  sources: 'Materials of each source, the most frequent first.',
  elementCounts: 'Materials with each number of different elements, ascending.',
};

export const MaterialFacets = objectType({
  name: 'MaterialFacets',
  access: 'OWNER',
  description: 'What the materials on all pages together have.',
  definition(t) {
    for (const [name, description] of Object.entries(FACETS)) {
      t.list.field(name, {
        type: FacetCount,
        complexity: whole,
        description,
        resolve: (page) => page.facet(name as MaterialFacet),
      });
    }
    t.field('histogram', {
      type: Histogram,
      description: 'Of the measured values of a property, as in `MaterialFilter.measured`.',
      args: {
        property: nonNull(arg({ type: 'PropertyKey', description: 'Which quantity.' })),
        bins: intArg({
          default: DEFAULT_BINS,
          description: 'Of equal width, 1 to 200; one if there is one value only.',
        }),
      },
      resolve: (page, { property, bins }) => page.histogram(property, bins ?? DEFAULT_BINS),
    });
  },
});

export const MaterialPoints = objectType({
  name: 'MaterialPoints',
  access: 'MATERIALS_READ',
  description: 'Columns for plotting: one array per axis, the same order, at most 100,000 points.',
  definition(t) {
    t.list.id('ids', {
      description: 'Global ids of the materials.',
      resolve: (points) => points.ids.map((id) => toGlobalId('Material', id)),
    });
    t.list.string('formulas', { description: 'Their canonical formulas.' });
    t.field('x', { type: nonNull(list(nullable('Float'))), description: 'In the unit of the property.' });
    t.field('y', { type: nonNull(list(nullable('Float'))), description: 'In the unit of the property.' });
    t.nullable.field('color', {
      type: list(nullable('Float')),
      description: 'In the unit of the property, null where there is no value; null if not asked for.',
    });
    t.list.boolean('xPredicted', { description: 'Whether `x` is predicted, for want of a measured value.' });
    t.list.boolean('yPredicted', { description: 'Whether `y` is predicted, for want of a measured value.' });
    t.boolean('truncated', { description: 'There are more materials than `limit`.' });
  },
});

const pointsCost: Cost = ({ args }) => {
  const { limit } = args as { readonly limit?: number | null };
  return 1 + Math.ceil(Math.max(1, limit ?? DEFAULT_POINTS) / MATERIALS_PER_POINT);
};

export const materialPoints = queryField('materialPoints', {
  type: nonNull(MaterialPoints),
  access: 'MATERIALS_READ',
  description:
    'The materials that have both coordinates: the measured value, as in `MaterialFilter.measured`, or else the predicted one.',
  args: {
    filter: arg({ type: 'MaterialFilter', description: 'All of them if not given.' }),
    x: nonNull(arg({ type: 'PropertyKey', description: 'The horizontal axis.' })),
    y: nonNull(arg({ type: 'PropertyKey', description: 'The vertical axis.' })),
    color: arg({ type: 'PropertyKey', description: 'A third quantity.' }),
    predicted: booleanArg({
      default: true,
      description: 'Whether the model stands in where nothing was measured; false runs no model.',
    }),
    limit: intArg({ default: DEFAULT_POINTS, description: 'How many at most, 1 to 100,000.' }),
  },
  complexity: pointsCost,
  resolve: (_, { limit, predicted, ...args }, context) =>
    context.materials.points({ ...args, predicted: predicted ?? true, limit: limit ?? DEFAULT_POINTS }),
});

/** `facets` of the connection of materials. */
export const facetsField = {
  type: MaterialFacets,
  complexity: part,
  description: 'What the materials on all pages together have, and how many of them.',
} as const;
