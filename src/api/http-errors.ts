import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { BeagleError } from '../domain';
import { internalError, publicError } from './errors';
import { requestIdOf } from './request-id';

/** Answers an error as GraphQL does. */
export function sendError(
  response: ServerResponse,
  status: number,
  error: { message: string; extensions: Record<string, unknown> },
): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end(JSON.stringify({ errors: [error] }));
}

const status = (error: unknown): number => {
  const value: unknown = error !== null && typeof error === 'object' && 'status' in error ? error.status : undefined;
  return typeof value === 'number' ? value : 500;
};

function explain(error: unknown, limit: number): string {
  const type: unknown = error !== null && typeof error === 'object' && 'type' in error ? error.type : undefined;
  switch (type) {
    case 'entity.too.large':
      return `the body of the request is larger than ${limit} bytes`;
    case 'entity.parse.failed':
      return 'the body of the request is not valid JSON';
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return 'the body of the request is in an encoding that is not supported; send UTF-8, plain, gzip or deflate';
    default:
      return 'the request cannot be read';
  }
}

/** Failures before GraphQL: bodies that are too large or not JSON, and whatever else a handler runs into. */
export function httpErrors(logger: Logger, bodyLimit: number) {
  return (
    error: unknown,
    _request: IncomingMessage,
    response: ServerResponse,
    next: (error: unknown) => void,
  ): void => {
    if (response.headersSent) return next(error);
    const code = status(error);
    if (code >= 400 && code < 500) {
      return sendError(
        response,
        code,
        publicError(new BeagleError('BAD_USER_INPUT', explain(error, bodyLimit)), requestIdOf(response)),
      );
    }
    logger.error({ err: error, requestId: requestIdOf(response) }, 'request failed');
    return sendError(response, 500, internalError(requestIdOf(response)));
  };
}

export function notFound(_request: IncomingMessage, response: ServerResponse): void {
  const error = new BeagleError('NOT_FOUND', 'there is nothing here; the API is at /graphql');
  sendError(response, 404, publicError(error, requestIdOf(response)));
}
