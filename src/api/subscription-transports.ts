import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RequestHandler } from 'express';
import type { ExecutionArgs, GraphQLError } from 'graphql';
import type { Response } from 'graphql-sse';
import { createHandler } from 'graphql-sse/lib/use/express';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Principal } from '../domain';
import type { Caller } from './context';
import { thrownBy } from './errors';
import { statusOf } from './http-error';
import { principalOf, type Identify } from './principal';
import { requestIdOf } from './request-id';
import type { Subscriptions } from './subscriptions';

const MAX_MESSAGE_BYTES = 256_000;
/** Subscriptions of one connection. */
const MAX_SUBSCRIPTIONS = 100;

const isErrors = (prepared: ExecutionArgs | readonly GraphQLError[]): prepared is readonly GraphQLError[] =>
  Array.isArray(prepared);

/** The library's own answer to a wrong request keeps the messages alone. */
const refusal = (errors: readonly GraphQLError[]): Response => [
  JSON.stringify({ errors }),
  { status: 400, statusText: 'Bad Request', headers: { 'content-type': 'application/json; charset=utf-8' } },
];

async function* only<T>(one: T): AsyncGenerator<T> {
  yield one;
}

/** Server-sent events (graphql-sse, distinct connections): one request, one subscription. */
export function serverSentEvents(subscriptions: Subscriptions, identify: Identify): RequestHandler {
  const callers = new WeakMap<object, Caller>();
  const handler = createHandler({
    async onSubscribe(request, { query, variables, operationName }) {
      const prepared = await subscriptions.prepare(callers.get(request.raw)!, { query, variables, operationName });
      if (isErrors(prepared)) return refusal(prepared);
      const started = await subscriptions.run(prepared);
      return Symbol.asyncIterator in started ? started : only(started);
    },
  });
  return (request, response, next) => {
    const requestId = requestIdOf(response);
    principalOf(identify, request)
      .then((principal) => {
        callers.set(request, { principal, requestId });
        return handler(request, response);
      })
      .catch((error: unknown) => {
        const refused = thrownBy(error, requestId);
        if (refused === null) return next(error);
        const status = statusOf(error) ?? 500;
        if (status === 401) response.setHeader('www-authenticate', 'Bearer');
        response.status(status).json({ errors: [refused] });
      });
  };
}

/**
 * graphql-transport-ws on the server's `/graphql`. A browser cannot set headers there: the key comes as `authorization` or
 * `x-api-key` of the connection's parameters.
 */
export function webSockets(
  server: Server,
  subscriptions: Subscriptions,
  identify: Identify,
  corsOrigins: readonly string[],
): { close(): Promise<void> } {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  const principals = new WeakMap<object, Principal>();
  const open = new WeakMap<object, number>();
  const graphql = useServer(
    {
      async onConnect({ extra, connectionParams }) {
        const params = connectionParams ?? {};
        const headers = { ...extra.request.headers };
        for (const name of ['authorization', 'x-api-key'])
          if (typeof params[name] === 'string') headers[name] = params[name];
        try {
          principals.set(extra.socket, await principalOf(identify, { headers, socket: extra.request.socket }));
          return true;
        } catch (error) {
          if (thrownBy(error, undefined) === null) throw error;
          if (statusOf(error) === 401) extra.socket.close(4401, 'Unauthorized');
          // Of the WebSocket protocol: try again later.
          else extra.socket.close(1013, 'The database cannot be reached');
          return false;
        }
      },
      async onSubscribe({ extra }, _id, payload) {
        const running = open.get(extra.socket) ?? 0;
        if (running >= MAX_SUBSCRIPTIONS) {
          extra.socket.close(4429, 'Too many subscriptions on one connection');
          return [];
        }
        const prepared = await subscriptions.prepare({ principal: principals.get(extra.socket)! }, payload);
        if (isErrors(prepared)) return prepared;
        open.set(extra.socket, running + 1);
        return prepared;
      },
      onComplete: ({ extra }) => void open.set(extra.socket, Math.max(0, (open.get(extra.socket) ?? 1) - 1)),
      subscribe: (args) => subscriptions.run(args),
    },
    sockets,
  );
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = request.url?.split('?', 1)[0];
    if (path !== '/graphql' || !isWelcome(request, corsOrigins)) {
      socket.end(`HTTP/1.1 ${path === '/graphql' ? '403 Forbidden' : '404 Not Found'}\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  });
  return { close: async () => void (await graphql.dispose()) };
}

/** Browsers let any page open a WebSocket and say from where: only this server's own pages and those that CORS admits may. */
function isWelcome({ headers }: IncomingMessage, corsOrigins: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined || corsOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
