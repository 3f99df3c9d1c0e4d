import type { ApolloServerPlugin } from '@apollo/server';
import type { ServerContext } from '../context';

const requests = new WeakMap<object, string>();

/** Apollo's `formatError` is told the error alone. @returns the id of the request that it belongs to, if that was said */
export function requestOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { originalError } = error as { originalError?: unknown };
  return requests.get(error) ?? requestOf(originalError);
}

/** Says to which request an error belongs. */
export function belongs(error: unknown, requestId: string | undefined): void {
  if (error instanceof Error && requestId !== undefined) requests.set(error, requestId);
}

export const namesRequests: ApolloServerPlugin<ServerContext> = {
  requestDidStart: async () => ({
    async didEncounterErrors({ errors, contextValue }) {
      for (const error of errors) belongs(error, contextValue.requestId);
    },
  }),
};
