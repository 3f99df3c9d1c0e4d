import { GraphQLError } from 'graphql';
import { BeagleError } from '../domain';

/** A failure of the whole request: answered with this status, and without any data. */
export function httpError(status: number, error: BeagleError, headers: ReadonlyMap<string, string> = new Map()): Error {
  return new GraphQLError(error.message, { originalError: error, extensions: { http: { status, headers } } });
}

/** The status that such a failure is answered with; null if it is another error. */
export function statusOf(error: unknown): number | null {
  const http =
    error instanceof GraphQLError ? (error.extensions['http'] as { status?: unknown } | undefined) : undefined;
  return typeof http?.status === 'number' ? http.status : null;
}

/** Whoever is told to come back is told when: 503 (or `status`) with Retry-After for an error with `retryAfterMs`; others stay as they are. */
export function comeBack(error: unknown, status = 503): unknown {
  if (!(error instanceof BeagleError) || typeof error.details['retryAfterMs'] !== 'number') return error;
  return httpError(status, error, new Map([['retry-after', String(retryAfterSeconds(error))]]));
}

/** For Retry-After: whole seconds, at least one. */
export const retryAfterSeconds = ({ details }: BeagleError): number =>
  Math.max(1, Math.ceil(Number(details['retryAfterMs'] ?? 0) / 1000));
