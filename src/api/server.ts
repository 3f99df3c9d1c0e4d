import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Request, type Response } from 'express';
import type { Logger } from 'pino';
import { BeagleError } from '../domain';
import { createSchema } from '../../schema';
import { contextFactory, type Services } from './context';
import { crossOrigin } from './cors';
import { downloads } from './downloads';
import { createGraphQLServer } from './graphql';
import { health } from './health';
import { httpErrors, notFound } from './http-errors';
import { optimade } from './optimade';
import type { OptimadeServer } from '../optimade';
import { metrics, type MetricsAccess, type MetricsSource } from './metrics';
import { playground } from './playground';
import { operations } from './operations';
import { assignRequestId } from './request-id';
import { logRequests } from './request-log';
import { apiHeaders } from './security-headers';
import { traceRequests } from './trace-requests';
import { serverSentEvents, webSockets } from './subscription-transports';
import { Subscriptions } from './subscriptions';
import { explorer } from './explorer';
import { trustedDocuments } from './trusted-documents';

export const BODY_LIMIT_BYTES = 1_000_000;

export interface ServerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** An operation that runs longer is aborted, ms. */
  readonly operationTimeoutMs: number;
  /** How long running operations may take to finish once the server stops, ms. */
  readonly drainTimeoutMs: number;
  readonly metrics: MetricsAccess;
  /** `https://host` under which clients reach the server; unless given, what each of them asked for. */
  readonly publicUrl?: string | null;
  /** Whether somebody collects spans (src/tracing.ts); by default there are none. */
  readonly tracing?: boolean;
  /** Origins whose pages may call the API from a browser; none unless given. */
  readonly corsOrigins?: readonly string[];
}

export interface ServerDependencies extends Services {
  /** What `/metrics` shows; without it there is no such address. */
  readonly metrics?: MetricsSource;
  /** Behind `/optimade`; without it there is no such address. */
  readonly optimade?: OptimadeServer;
  readonly logger: Logger;
  /** Rejects while something that every request needs is not there. */
  readonly checkReady: () => Promise<void>;
}

export interface RunningServer {
  /** Where it listens: `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Takes no more requests, waits for those that run, then aborts what is left. */
  stop(): Promise<void>;
}

export async function startServer(dependencies: ServerDependencies, options: ServerOptions): Promise<RunningServer> {
  const { logger } = dependencies;
  const schema = createSchema();
  const tracing = options.tracing ?? false;
  const graphql = createGraphQLServer(schema, logger, { tracing });
  await graphql.start();
  let stopping = false;
  const checkReady = async (): Promise<void> => {
    if (stopping) throw new BeagleError('MODEL_UNAVAILABLE', 'the server is stopping');
    await dependencies.checkReady();
  };
  const createContext = contextFactory(dependencies);
  const { identify } = dependencies.access;
  const subscriptions = new Subscriptions(schema, createContext, logger);
  const corsOrigins = options.corsOrigins ?? [];
  const publicUrl = options.publicUrl ?? null;

  const traced = tracing ? [traceRequests] : [];
  const everywhere = [assignRequestId, ...traced, logRequests(logger), apiHeaders];
  const cors = crossOrigin(corsOrigins);
  const body = [express.json({ limit: BODY_LIMIT_BYTES }), trustedDocuments()];
  const { operationTimeoutMs: timeoutMs } = options;
  const execution = operations(graphql, { createContext, identify, timeoutMs, publicUrl });
  const errors = httpErrors(logger, BODY_LIMIT_BYTES);

  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use(everywhere);
  app.use(health(checkReady));
  if (dependencies.metrics) app.use(metrics(dependencies.metrics, options.metrics));
  // Before the playground: its router answers OPTIONS by itself, and no preflight would come this far.
  app.use('/graphql', cors);
  app.use(playground());
  if (dependencies.optimade) {
    const { optimade: server, access } = dependencies;
    app.use('/optimade', cors, optimade({ server, access, logger, publicUrl }));
  }
  app.use('/graphql', body);
  app.use('/graphql/stream', serverSentEvents(subscriptions, identify));
  app.use('/graphql', execution);
  app.use(downloads(dependencies.exports));
  app.use(explorer());
  app.use(notFound);
  app.use(errors);

  // Nearly all requests are operations. They go past the application, which gives each request Express' prototype and asks each of its
  // routes: a tenth of what a small page takes altogether.
  const direct = express.Router().use(everywhere, cors, body, execution, errors);
  const server = await listen((request, response) => {
    if (!isOperation(request)) return void app(request, response);
    direct(request as Request, response as Response, (error?: unknown) => response.destroy(error as Error));
  }, options);
  const sockets = webSockets(server, subscriptions, identify, corsOrigins);
  return {
    url: urlOf(server),
    async stop() {
      stopping = true;
      subscriptions.close();
      await sockets.close();
      await drain(server, options.drainTimeoutMs);
      await graphql.stop();
    },
  };
}

const isOperation = ({ method, url }: IncomingMessage): boolean =>
  method === 'POST' && (url === '/graphql' || Boolean(url?.startsWith('/graphql?')));

function listen(answer: RequestListener, { host, port }: ServerOptions): Promise<Server> {
  const server = createServer(answer);
  // A client that sends its request a byte at a time holds a connection no longer than this.
  server.headersTimeout = 20_000;
  server.requestTimeout = 60_000;
  // Above the 60 s for which proxies keep theirs: whoever closes first may cut off a request that is on its way.
  server.keepAliveTimeout = 65_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

function urlOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** Idle connections close at once (Node ≥ 19), running requests may finish until the time is up. */
async function drain(server: Server, timeoutMs: number): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), timeoutMs);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearTimeout(timer);
}
