import type { ApolloServerPlugin } from '@apollo/server';
import type { OperationDefinitionNode } from 'graphql';
import { BeagleError } from '../../domain';
import { comeBack, httpError } from '../http-error';
import { rateLimitHeaders } from '../rate-limit';
import { MAX_POINTS } from '../../../schema';
import type { ServerContext } from '../context';
import { checkVariableTexts } from '../rules/texts';
import { actualCost } from './actual-cost';
import { staticCost } from './static-cost';

/**
 * Refuses an operation whose static cost, variables included, is above the ceiling or above what is left of the principal's minute,
 * before any of it runs; tells every answer what it cost and what is left. Variables that do not fit their types are
 * charged nothing: execution refuses them, with a message of its own, before any of it runs.
 */
export function costPlugin(): ApolloServerPlugin<ServerContext> {
  return {
    requestDidStart: async () => ({
      async didResolveOperation({ schema, document, operation, request, contextValue }) {
        if (!operation) return;
        refuseTexts(operation, request.variables);
        const requested = staticCost(schema, document, operation, request.variables ?? {});
        // Execution says which variables do not fit, better than a cost could.
        if (requested === null) return;
        if (requested > MAX_POINTS) {
          const message = `the operation costs up to ${requested} points; at most ${MAX_POINTS} are allowed: ask for fewer objects at once`;
          throw httpError(400, new BeagleError('COST_LIMIT_EXCEEDED', message, [], { requested, limit: MAX_POINTS }));
        }
        await contextValue.account.chargePoints(Math.max(1, requested)).catch((error: unknown) => {
          throw comeBack(error, error instanceof BeagleError && error.code === 'RATE_LIMITED' ? 429 : 503);
        });
      },
      async willSendResponse({ schema, document, operation, contextValue, response }) {
        if (response.body.kind !== 'single') return;
        const { account, principal } = contextValue;
        const left = account.allowance ?? (await account.left().catch(() => null));
        if (!left) return;
        const result = response.body.singleResult;
        const actual = document && operation ? actualCost(schema, document, operation, result.data) : 0;
        result.extensions = {
          ...result.extensions,
          cost: {
            requested: account.points,
            actual,
            limit: left.limit,
            remaining: left.remaining,
            resetAt: left.resetAt.toISOString(),
          },
        };
        for (const [name, value] of rateLimitHeaders(principal, left)) response.http.headers.set(name, value);
      },
    }),
  };
}

/** Before anything is charged: a request that is wrong in itself costs nothing. */
function refuseTexts(operation: OperationDefinitionNode, variables: Record<string, unknown> = {}): void {
  try {
    checkVariableTexts(operation, variables);
  } catch (error) {
    throw error instanceof BeagleError ? httpError(400, error) : error;
  }
}
