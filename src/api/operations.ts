import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeaderMap, type ApolloServer } from '@apollo/server';
import type { Principal } from '../domain';
import { requestSignal } from './cancellation';
import type { ServerContext } from './context';
import { principalOf, type Identify } from './principal';

export interface OperationOptions {
  readonly createContext: (principal: Principal, signal: AbortSignal, origin: string) => ServerContext;
  readonly identify: Identify;
  /** An operation that runs longer is aborted, ms. */
  readonly timeoutMs: number;
  /** Null: what each request was sent to. */
  readonly publicUrl: string | null;
}

/**
 * GraphQL over HTTP for requests whose JSON body has been read. Apollo's integration for Express does the same, but asks for Express'
 * own request and response, which most operations do without (server.ts).
 */
export function operations(
  graphql: ApolloServer<ServerContext>,
  { createContext, identify, timeoutMs, publicUrl }: OperationOptions,
) {
  return async (request: IncomingMessage & { body?: unknown }, response: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers: given, body = {} } = request;
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(given)) {
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
    }
    const question = url.indexOf('?');
    const answer = await graphql.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method, headers, search: question < 0 ? '' : url.slice(question), body },
      context: async () =>
        createContext(
          await principalOf(identify, request),
          requestSignal(response, timeoutMs),
          publicUrl ?? `http://${given.host ?? ''}`,
        ),
    });
    if (answer.body.kind !== 'complete') throw new Error('this schema has no answers in parts');
    response.statusCode = answer.status ?? 200;
    response.setHeader('cache-control', 'no-store');
    for (const [name, value] of answer.headers) response.setHeader(name, value);
    response.end(answer.body.string);
  };
}
