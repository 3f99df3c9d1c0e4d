import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { fieldExtensionsEstimator, getComplexity } from 'graphql-query-complexity';
import { BeagleError } from '../../domain';
import { defaultCost, MAX_POINTS, type Context } from '../../../schema';

/**
 * Refuses an operation whose static cost, variables included, is above the ceiling, before any of it runs. Variables that do not
 * fit their types cost nothing here: execution refuses them with a message of its own.
 */
export function costPlugin(): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, document, request, operationName }) => {
        const requested = getComplexity({
          schema,
          query: document,
          operationName: operationName ?? undefined,
          variables: request.variables ?? {},
          estimators: [fieldExtensionsEstimator(), defaultCost],
        });
        if (requested <= MAX_POINTS) return;
        const message = `the operation costs up to ${requested} points; at most ${MAX_POINTS} are allowed: ask for fewer objects at once`;
        throw new GraphQLError(message, {
          originalError: new BeagleError('COST_LIMIT_EXCEEDED', message, [], { requested, limit: MAX_POINTS }),
          extensions: { http: { status: 400 } },
        });
      },
    }),
  };
}
