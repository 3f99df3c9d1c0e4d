import { idArg, intArg, interfaceType, list, nonNull, nullable, objectType, queryField, stringArg } from 'nexus';
import type { ObjectDefinitionBlock } from 'nexus/dist/core';
import { connection, part, perItemOf, row } from './cost';
import type { NodeSource } from './context';

export const Node = interfaceType({
  name: 'Node',
  description: 'An object with a global id, as in the Relay specification.',
  definition(t) {
    t.id('id', { description: 'Opaque and stable: it names this object alone, whatever its type.' });
  },
  resolveType: (source: NodeSource) =>
    'sha256' in source
      ? 'Model'
      : 'spaceGroupNumber' in source
        ? 'Material'
        : 'prefix' in source
          ? 'ApiKey'
          : 'keepAll' in source
            ? 'Campaign'
            : 'format' in source
              ? 'Export'
              : 'events' in source
                ? 'Webhook'
                : 'Measurement',
});

export const PageInfo = objectType({
  name: 'PageInfo',
  access: 'OWNER',
  description: 'Where a page stands in its connection, as in the Relay specification.',
  definition(t) {
    t.boolean('hasNextPage', { description: 'More follows the last edge of this page.' });
    t.boolean('hasPreviousPage', { description: 'More precedes the first edge of this page.' });
    t.nullable.string('startCursor', { description: 'Cursor of the first edge; null on an empty page.' });
    t.nullable.string('endCursor', { description: 'Cursor of the last edge; null on an empty page.' });
  },
});

export const forwardPaging = {
  first: intArg({ description: 'How many, 1 to 100; 20 if neither `first` nor `last` is given.' }),
  after: stringArg({ description: 'Continue behind this cursor of an earlier page of the same query.' }),
};
export const paging = {
  ...forwardPaging,
  last: intArg({ description: 'How many from the end, 1 to 100; not together with `first`.' }),
  before: stringArg({ description: 'Stop before this cursor of an earlier page of the same query.' }),
};
export const connectionCost = connection;

/** `XEdge` and `XConnection` of a node type: edges, nodes, pageInfo, and what `extra` adds. */
export function connectionTypes<C extends string>(
  node: 'Material' | 'Candidate' | 'Campaign' | 'CampaignFailure' | 'Measurement',
  of: string,
  extra: (t: ObjectDefinitionBlock<C>) => void,
) {
  const edge = objectType({
    name: `${node}Edge`,
    access: 'OWNER',
    description: `One of the ${of} and its place in the list.`,
    definition(t) {
      t.string('cursor', { description: 'Pass it as `after` or `before` to continue from here.' });
      t.field('node', { type: node, complexity: part, description: 'The object itself.' });
    },
  });
  const type = objectType({
    name: `${node}Connection`,
    access: 'OWNER',
    description: `A page of ${of}.`,
    definition(t) {
      t.list.field('edges', { type: edge, complexity: row, description: 'The page with a cursor for each entry.' });
      t.list.field('nodes', {
        type: node,
        complexity: row,
        description: 'The page without cursors.',
        resolve: (page) => page.edges.map((e: { node: unknown }) => e.node) as never,
      });
      t.field('pageInfo', {
        type: PageInfo,
        complexity: part,
        description: 'Whether there is more on either side.',
        resolve: (page) => ({
          hasNextPage: page.hasNextPage,
          hasPreviousPage: page.hasPreviousPage,
          startCursor: page.edges[0]?.cursor ?? null,
          endCursor: page.edges.at(-1)?.cursor ?? null,
        }),
      });
      extra(t as never);
    },
  });
  return [edge, type] as const;
}

/** Public: the type of what is found decides field by field. */
export const node = queryField('node', {
  access: 'PUBLIC',
  type: nullable('Node'),
  description: 'Any object by its global id; null if there is none.',
  args: { id: nonNull(idArg({ description: 'The `id` of an object seen before.' })) },
  resolve: (_, { id }, context) => context.nodes.byId(id),
});
export const nodes = queryField('nodes', {
  access: 'PUBLIC',
  type: nonNull(list(nullable('Node'))),
  description: 'Several objects by their global ids, at most 100, in the order asked for; null where there is none.',
  args: { ids: nonNull(list(nonNull(idArg({ description: 'The `id` of an object seen before.' })))) },
  complexity: perItemOf('ids'),
  resolve: (_, { ids }, context) => context.nodes.byIds(ids) as never,
});
