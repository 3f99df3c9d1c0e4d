import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { BeagleError } from '../domain';
import { internalError, publicError } from './errors';

function send(
  response: Response,
  status: number,
  error: { message: string; extensions: Record<string, unknown> },
): void {
  response.status(status).json({ errors: [error] });
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

/** Failures before GraphQL: bodies that are too large or not JSON, and whatever else Express runs into. */
export function httpErrors(logger: Logger, bodyLimit: number): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const code = status(error);
    if (code >= 400 && code < 500) {
      return send(response, code, publicError(new BeagleError('BAD_USER_INPUT', explain(error, bodyLimit))));
    }
    logger.error({ err: error }, 'request failed');
    return send(response, 500, internalError());
  };
}

export const notFound: RequestHandler = (_request, response) => {
  send(response, 404, publicError(new BeagleError('NOT_FOUND', 'there is nothing here; the API is at /graphql')));
};
