import { Router, type Request, type RequestHandler, type Response } from 'express';
import type { Logger } from 'pino';
import { BeagleError, DatabaseUnavailableError, type Principal } from '../domain';
import { OptimadeProblem, type Admit, type OptimadeRequest, type OptimadeServer } from '../optimade';
import { OperationAccount } from './account';
import type { AccessServices } from './context';
import { retryAfterSeconds } from './http-error';
import { principalOf } from './principal';
import { rateLimitHeaders } from './rate-limit';
import { requestIdOf } from './request-id';

export interface OptimadeOptions {
  readonly server: OptimadeServer;
  readonly access: AccessServices;
  readonly logger: Logger;
  /** Of this server as its clients see it, without a slash at its end; null: what each request was sent to. */
  readonly publicUrl: string | null;
}

/** OPTIMADE's HTTP: versions, who asks, what it costs, and failures as JSON:API errors. The same limits as GraphQL's. */
export function optimade(options: OptimadeOptions): Router {
  const router = Router({ caseSensitive: true });
  const versioned = answer(options);
  router.use((request, response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD') return next();
    const problem = new OptimadeProblem(405, 'OPTIMADE is read by GET', null, { allow: 'GET, HEAD' });
    send(response, options, requestTo(request, '', options), problem);
  });
  // A restricted CSV, so that any client can read which versions there are.
  router.get('/versions', (_request, response) => {
    response.setHeader('content-type', 'text/csv; header=present');
    response.end('version\n1\n');
  });
  router.use(/^\/v1(\.2(\.0)?)?(?=\/|$)/, versioned);
  router.use(/^\/v\d[^/]*/, (request, response) => {
    const problem = new OptimadeProblem(553, 'this version is not served; /optimade/versions lists those that are');
    send(response, options, requestTo(request, request.baseUrl, options), problem);
  });
  // The unversioned address leads to the preferred version.
  router.use((request, response) => {
    response.redirect(307, `${request.baseUrl}/v1${request.url === '/' ? '/info' : request.url}`);
  });
  return router;
}

function answer(options: OptimadeOptions): RequestHandler {
  const { server, access } = options;
  return async (incoming, response) => {
    const request = requestTo(incoming, incoming.baseUrl, options);
    let account: OperationAccount | null = null;
    let principal: Principal | null = null;
    try {
      principal = await principalOf(access.identify, incoming);
      const charged = (account = new OperationAccount(principal, access.limits, access.usage));
      const { scopes } = principal;
      const admit: Admit = async (points, scope) => {
        if (scope !== null && !scopes.has(scope))
          throw new OptimadeProblem(403, `this needs a key with the scope ${scope}`);
        await charged.chargePoints(points);
      };
      const body = await server.answer(request, admit);
      headers(response, principal, account);
      json(response, 200, body);
    } catch (error) {
      if (principal && account) headers(response, principal, account);
      send(response, options, request, explained(error, options.logger, requestIdOf(response)));
    }
  };
}

function headers(response: Response, principal: Principal, { allowance }: OperationAccount): void {
  if (allowance) for (const [name, value] of rateLimitHeaders(principal, allowance)) response.setHeader(name, value);
}

function requestTo(request: Request, basePath: string, { publicUrl }: OptimadeOptions): OptimadeRequest {
  const origin = publicUrl ?? `${request.protocol}://${request.get('host') ?? 'localhost'}`;
  const [path = '', query = ''] = request.url.split(/\?(.*)/s);
  return { path: path.replace(/\/$/, ''), query: new URLSearchParams(query), baseUrl: `${origin}${basePath}` };
}

/** Allow-list: only what is the caller's to know keeps its words. */
function explained(error: unknown, logger: Logger, requestId: string): OptimadeProblem {
  if (error instanceof OptimadeProblem) return error;
  const thrown = error instanceof Error && 'originalError' in error ? error.originalError : error;
  if (thrown instanceof DatabaseUnavailableError)
    return new OptimadeProblem(503, thrown.message, null, { 'retry-after': String(retryAfterSeconds(thrown)) });
  if (thrown instanceof BeagleError) {
    if (thrown.code === 'UNAUTHENTICATED')
      return new OptimadeProblem(401, thrown.message, null, { 'www-authenticate': 'Bearer' });
    if (thrown.code === 'RATE_LIMITED')
      return new OptimadeProblem(429, thrown.message, null, { 'retry-after': String(retryAfterSeconds(thrown)) });
    if (thrown.code === 'BAD_USER_INPUT') return new OptimadeProblem(400, thrown.message);
  }
  logger.error({ err: thrown, requestId }, 'an OPTIMADE request failed');
  return new OptimadeProblem(500, `internal error; the log of the server has it under the request id ${requestId}`);
}

function send(
  response: Response,
  { server }: OptimadeOptions,
  request: OptimadeRequest,
  problem: OptimadeProblem,
): void {
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
  json(response, problem.status, server.refusal(request, problem));
}

function json(response: Response, status: number, body: Record<string, unknown>): void {
  response.status(status).setHeader('cache-control', 'no-store');
  response.setHeader('content-type', 'application/vnd.api+json');
  response.send(Buffer.from(JSON.stringify(body)));
}
