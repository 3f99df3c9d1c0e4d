import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { BeagleError, type ErrorCode } from '../domain';

/**
 * What graphql-js and Apollo Server say of a request that is wrong in itself; their messages speak of the request alone. Whatever else a
 * library throws is a failure of ours, whose message may hold SQL, paths or keys.
 */
const REQUEST_ERRORS: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/** A list of 100,000 wrong elements must not come back as as many sentences. */
const MAX_FIELDS = 50;
const MAX_MESSAGE = 2_000;

/** @param requestId undefined for what came by a WebSocket */
export function publicError(
  error: BeagleError,
  requestId: string | undefined,
): { message: string; extensions: Record<string, unknown> } {
  const { code, details } = error;
  const fields = error.fields.slice(0, MAX_FIELDS);
  const message = error.message.length > MAX_MESSAGE ? `${error.message.slice(0, MAX_MESSAGE)} …` : error.message;
  return { message, extensions: { ...details, code, requestId, ...(fields.length > 0 && { fields }) } };
}

function masked(code: ErrorCode, message: string, requestId: string | undefined) {
  return { message, extensions: { code, requestId } };
}

export function internalError(requestId: string | undefined): { message: string; extensions: Record<string, unknown> } {
  return masked('INTERNAL', 'Internal error; the log of the server has it under this request id.', requestId);
}

/** What was thrown, below the errors that graphql-js and Apollo Server put around it. */
function thrown(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? thrown(error.originalError) : error;
}

/** What a client is told of a BeagleError that was thrown, however wrapped; null for any other error. */
export function thrownBy(error: unknown, requestId: string | undefined): GraphQLFormattedError | null {
  const original = thrown(error);
  return original instanceof BeagleError ? publicError(original, requestId) : null;
}

/** Masking by allow-list: only a BeagleError, or an error about the request's own text, keeps its message. */
export function createErrorFormatter(logger: Logger) {
  return (formatted: GraphQLFormattedError, error: unknown, requestId: string | undefined): GraphQLFormattedError => {
    const original = thrown(error);
    const place = {
      ...(formatted.locations && { locations: formatted.locations }),
      ...(formatted.path && { path: formatted.path }),
    };
    if (original instanceof BeagleError) {
      if (original.code === 'INTERNAL') logger.warn({ reason: original.name, requestId }, 'not answered');
      return { ...publicError(original, requestId), ...place };
    }
    if (REQUEST_ERRORS.has(formatted.extensions?.['code'])) {
      return { ...masked('BAD_USER_INPUT', formatted.message, requestId), ...place };
    }
    logger.error({ err: original, requestId, path: formatted.path }, 'operation failed');
    return { ...internalError(requestId), ...place };
  };
}
