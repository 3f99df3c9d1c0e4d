import { untrack } from 'svelte';
import { createClient, NetworkError, type ExecutionResult } from 'graphql-sse';
import type { TypedDocumentString } from '../generated/graphql';
import { href } from '../lib/router.svelte';
import { ApiError, asApiError, authorization, isUnknown, requestOf, toApiError, type WireError } from './client';

export type Connection = 'off' | 'connecting' | 'live' | 'dropped' | 'refused' | 'ended';

export interface Live<T> {
  /** The latest event; stays when the connection is lost. */
  readonly data: T | undefined;
  readonly connection: Connection;
  /** Why it is dropped or refused. */
  readonly error: ApiError | undefined;
  /** Subscribes at once, without waiting for the next attempt. */
  retry(): void;
}

/** Asking again changes nothing about these. */
const FINAL = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'COST_LIMIT_EXCEEDED',
  'GRAPHQL_VALIDATION_FAILED',
]);
const LONGEST_WAIT_MS = 30_000;

/** A browser keeps six connections to a server, over all tabs: those that nobody sees give theirs back. */
const tab = $state({ hidden: document.hidden });
document.addEventListener('visibilitychange', () => (tab.hidden = document.hidden));

/**
 * Follows a subscription over server-sent events, by fetch, because EventSource cannot present a key. A lost connection is
 * subscribed again, later each time; the first event is the present state. Null variables follow nothing. Must be called while a
 * component is set up.
 *
 * @param isLast whether an event is the last one: a stream that ends before is one that the server gave up
 */
export function live<T, V extends Record<string, unknown>>(
  document: TypedDocumentString<T, V>,
  variables: () => V | null,
  isLast: (data: T) => boolean,
): Live<T> {
  let data = $state.raw<T>();
  let connection = $state<Connection>('off');
  let error = $state.raw<ApiError>();
  let tries = $state(0);
  const asked = $derived(JSON.stringify(variables()));

  async function follow(wanted: V, signal: AbortSignal): Promise<void> {
    let ended = false;
    for (let attempt = 0; !signal.aborted; attempt++) {
      connection = attempt === 0 ? 'connecting' : 'dropped';
      try {
        await events(document, wanted, signal, (event: T) => {
          attempt = 0;
          data = event;
          connection = 'live';
          error = undefined;
          ended = isLast(event);
        });
        if (signal.aborted) return;
        if (ended) {
          connection = 'ended';
          return;
        }
        error = new ApiError('The server ended the live updates, as it does when it restarts.', 'UNREACHABLE');
      } catch (reason) {
        if (signal.aborted) return;
        error = asApiError(reason);
        if (isUnknown(error)) {
          attempt = -1;
          continue;
        }
        if (FINAL.has(error.code)) {
          connection = 'refused';
          return;
        }
      }
      connection = 'dropped';
      await pause(Math.min(1000 * 2 ** attempt, LONGEST_WAIT_MS), signal);
    }
  }

  $effect(() => {
    void tries;
    if (asked === 'null' || tab.hidden) {
      connection = 'off';
      return;
    }
    const controller = new AbortController();
    void follow(JSON.parse(asked) as V, controller.signal);
    return () => controller.abort();
  });

  return {
    get data() {
      return data;
    },
    get connection() {
      return connection;
    },
    get error() {
      return error;
    },
    // An effect that asks for another try must not follow the count of tries.
    retry: () => untrack(() => (tries += 1)),
  };
}

/** Every event of one connection; resolves when the server says that there are no more. */
function events<T, V extends Record<string, unknown>>(
  document: TypedDocumentString<T, V>,
  variables: V,
  signal: AbortSignal,
  onEvent: (data: T) => void,
): Promise<void> {
  const client = createClient({ url: href('/graphql/stream'), headers: authorization, retryAttempts: 0 });
  return new Promise<void>((resolve, reject) => {
    // The library's type knows no id in place of the text; what it is given it sends.
    const request = requestOf(document, variables) as unknown as { query: string };
    const leave = client.subscribe<T>(request, {
      next(result: ExecutionResult<T>) {
        const [error] = result.errors ?? [];
        if (result.data) onEvent(result.data);
        else if (error) {
          reject(toApiError(error as WireError));
          leave();
        }
      },
      error: (reason) => void explain(reason).then(reject),
      complete: resolve,
    });
    signal.addEventListener('abort', leave);
  });
}

/** What the server said instead of a stream, or that it said nothing. */
async function explain(reason: unknown): Promise<ApiError> {
  if (!(reason instanceof NetworkError)) return asApiError(reason);
  const response = reason.response as Response | undefined;
  const body = (await response?.json().catch(() => null)) as { errors?: WireError[] } | null | undefined;
  const [error] = body?.errors ?? [];
  if (error) return toApiError(error, response);
  return new ApiError(response ? `The server answered ${response.status}.` : 'The connection was lost.', 'UNREACHABLE');
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
