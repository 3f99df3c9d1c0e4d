import type { ApolloServerPlugin } from '@apollo/server';
import { getVariableValues, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { fieldExtensionsEstimator, getComplexity } from 'graphql-query-complexity';
import { BeagleError } from '../../domain';
import { httpError } from '../http-error';
import { defaultCost, MAX_POINTS, type Context } from '../../../schema';

/**
 * Refuses an operation whose static cost, variables included, is above the ceiling, before any of it runs. Variables that do not
 * fit their types cost nothing here: execution refuses them with a message of its own.
 */
export function costPlugin(): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, document, operation, request, operationName }) => {
        if (!operation || unfit(schema, operation, request.variables)) return;
        const requested = getComplexity({
          schema,
          query: document,
          operationName: operationName ?? undefined,
          variables: request.variables ?? {},
          estimators: [fieldExtensionsEstimator(), defaultCost],
        });
        if (requested <= MAX_POINTS) return;
        const message = `the operation costs up to ${requested} points; at most ${MAX_POINTS} are allowed: ask for fewer objects at once`;
        throw httpError(400, new BeagleError('COST_LIMIT_EXCEEDED', message, [], { requested, limit: MAX_POINTS }));
      },
    }),
  };
}

/** Variables that do not fit their types: execution says which, better than a cost could. */
function unfit(schema: GraphQLSchema, operation: OperationDefinitionNode, variables: Record<string, unknown> = {}) {
  return (
    getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 1 }).errors !== undefined
  );
}
