import { GraphQLError } from 'graphql';
import type { BeagleError } from '../domain';

/** A failure of the whole request: answered with this status, and without any data. */
export function httpError(status: number, error: BeagleError, headers: ReadonlyMap<string, string> = new Map()): Error {
  return new GraphQLError(error.message, { originalError: error, extensions: { http: { status, headers } } });
}
