import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { ServerContext } from './context';
import { createErrorFormatter } from './errors';
import { costPlugin } from './plugins/cost';
import { namesRequests, requestOf } from './plugins/request-of-error';
import { MAX_TOKENS, operationLimits } from './rules/operation-limits';
import { textLimits } from './rules/texts';
import { traceOperations } from './trace-requests';

/** The GraphQL half of the server: parse, validate, cost, execute, mask. */
export function createGraphQLServer(
  schema: GraphQLSchema,
  logger: Logger,
  { tracing = false } = {},
): ApolloServer<ServerContext> {
  const format = createErrorFormatter(logger);
  return new ApolloServer<ServerContext>({
    schema,
    logger,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    persistedQueries: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    validationOptions: { maxErrors: 10 },
    executionOptions: { maxCoercionErrors: 10 },
    validationRules: [operationLimits, textLimits],
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      // It works out field by field how long an answer may be cached, and has every resolver wrapped for it; none may be (operations.ts).
      ApolloServerPluginCacheControlDisabled(),
      ...(tracing ? [traceOperations] : []),
      costPlugin(),
      namesRequests,
    ],
    formatError: (formatted, error) => format(formatted, error, requestOf(error)),
  });
}
