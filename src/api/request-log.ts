import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { requestIdOf } from './request-id';

/** One line a request: never its body, its query or its headers, which hold formulas and keys. */
export function logRequests(logger: Logger) {
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const started = performance.now();
    const requestId = requestIdOf(response);
    // A page's address holds the formula that somebody looks at.
    const path = request.url!.split('?', 1)[0]!.replace(/^\/compositions\/.*/s, '/compositions/:formula');
    response.once('close', () => {
      const ms = Math.round((performance.now() - started) * 10) / 10;
      logger.info({ requestId, method: request.method, path, status: response.statusCode, ms }, 'request');
    });
    next();
  };
}
