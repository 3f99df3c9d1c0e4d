import { asNexusMethod } from 'nexus';
import { GraphQLScalarType } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';

export const DateTime = asNexusMethod(
  new GraphQLScalarType({
    ...GraphQLDateTime.toConfig(),
    description: 'A moment as RFC 3339 writes it, in UTC: `2026-03-01T12:00:00.000Z`.',
  }),
  'dateTime',
  'Date',
);
