import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { requestId } from './request-id';

/** One line a request: never its body, its query or its headers, which hold formulas and keys. */
export function logRequests(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    const id = requestId();
    // A page's address holds the formula that somebody looks at.
    const path = request.path.replace(/^\/compositions\/.*/s, '/compositions/:formula');
    response.once('close', () => {
      const ms = Math.round((performance.now() - started) * 10) / 10;
      logger.info({ requestId: id, method: request.method, path, status: response.statusCode, ms }, 'request');
    });
    next();
  };
}
