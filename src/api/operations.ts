import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeaderMap, type ApolloServer } from '@apollo/server';
import { requestSignal } from './cancellation';
import type { CreateContext, ServerContext } from './context';
import { belongs } from './plugins/request-of-error';
import { principalOf, type Identify } from './principal';
import { requestIdOf } from './request-id';

export interface OperationOptions {
  readonly createContext: CreateContext;
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
    const requestId = requestIdOf(response);
    const { method = '', url = '', headers: given, body = {} } = request;
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(given)) {
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
    }
    const question = url.indexOf('?');
    const answer = await graphql.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method, headers, search: question < 0 ? '' : url.slice(question), body },
      context: async () => {
        const principal = await principalOf(identify, request).catch((error: unknown) => {
          belongs(error, requestId);
          throw error;
        });
        const origin = publicUrl ?? `http://${given.host ?? ''}`;
        return createContext({ principal, requestId, origin }, requestSignal(response, timeoutMs));
      },
    });
    if (answer.body.kind !== 'complete') throw new Error('this schema has no answers in parts');
    const { status = 200 } = answer;
    response.statusCode = status;
    response.setHeader('cache-control', 'no-store');
    for (const [name, value] of answer.headers) response.setHeader(name, value);
    response.end(status < 400 ? answer.body.string : withRequestId(answer.body.string, requestId));
  };
}

/** Apollo refuses what is no operation at all before it asks anybody about the request: those errors are told here which one it was. */
function withRequestId(body: string, requestId: string): string {
  const answer = JSON.parse(body) as { errors?: { extensions?: object }[] };
  const errors = answer.errors?.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } }));
  return JSON.stringify({ ...answer, errors });
}
