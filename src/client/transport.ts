import type { TypedDocumentString } from './generated/graphql';

/** One wrong input: where it is, outermost first, and what would be right. */
export interface FieldProblem {
  readonly path: readonly string[];
  readonly message: string;
}

/** Whatever kept an answer from coming. */
export class BeagleRequestError extends Error {
  override readonly name = 'BeagleRequestError';
  constructor(
    message: string,
    /** A code of the API (`ErrorCode`), or `UNREACHABLE` when no answer of the API came. */
    readonly code: string,
    readonly fields: readonly FieldProblem[] = [],
    /** Where in the answer it happened, of an error of one field. */
    readonly path: readonly (string | number)[] = [],
    /** Under which the log of the server has it. */
    readonly requestId: string | null = null,
    /** After how many milliseconds another try makes sense; null if it makes none. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }
}

/** What the operation cost, in points, and what is left of the minute. */
export interface Cost {
  readonly requested: number;
  readonly actual: number;
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: string;
}

export interface Answer<T> {
  readonly data: T;
  /** Errors of single fields; their places in `data` are null. */
  readonly errors: readonly BeagleRequestError[];
  readonly cost: Cost | null;
}

export interface ClientOptions {
  /** Of the server: `https://beagle.example.org`, with or without a path. */
  readonly url: string;
  /** Sent as `Authorization: Bearer`. */
  readonly apiKey?: string;
  /** How often an operation is tried again after 429, an overload or a lost connection. Default 4. */
  readonly retries?: number;
  /** The longest pause that is waited for, ms; a server that asks for more gets no further try. Default 60,000. */
  readonly maxDelayMs?: number;
  readonly fetch?: typeof fetch;
}

interface WireError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: {
    readonly code?: string;
    readonly fields?: readonly FieldProblem[];
    readonly requestId?: string;
    readonly retryAfterMs?: number;
  };
}

interface WireAnswer<T> {
  readonly data?: T | null;
  readonly errors?: readonly WireError[];
  readonly extensions?: { readonly cost?: Cost };
}

/** Refusals that another try may mend; everything else is the caller's to mend. */
const PASSING: ReadonlySet<string> = new Set(['RATE_LIMITED', 'MODEL_OVERLOADED', 'MODEL_UNAVAILABLE', 'UNREACHABLE']);
const FIRST_DELAY_MS = 250;

export interface ExecuteOptions {
  readonly signal?: AbortSignal;
  /** Whether it may be sent again when no answer came. Default: queries may, mutations may not; set it for one with an idempotency key. */
  readonly repeatable?: boolean;
}

export type Execute = <T, V>(
  document: TypedDocumentString<T, V>,
  variables: V,
  options?: ExecuteOptions,
) => Promise<Answer<T>>;

/**
 * GraphQL over HTTP POST. What the server refused for a while is sent again; a mutation that got no answer may have been carried out, so it
 * is not.
 */
export function createTransport(options: ClientOptions): Execute {
  const { apiKey, retries = 4, maxDelayMs = 60_000, fetch: send = fetch } = options;
  const endpoint = `${options.url.replace(/\/+$/, '')}/graphql`;

  async function once<T>(body: string, signal?: AbortSignal): Promise<Answer<T>> {
    let response: Response;
    let answer: WireAnswer<T>;
    try {
      response = await send(endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json',
          ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
        },
        body,
        signal: signal ?? null,
      });
      answer = (await response.json()) as WireAnswer<T>;
    } catch (error) {
      signal?.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      throw new BeagleRequestError(`no answer of ${endpoint}: ${reason}`, 'UNREACHABLE');
    }
    const after = Number(response.headers.get('retry-after') ?? NaN);
    const errors = (answer.errors ?? []).map(
      ({ message, path, extensions = {} }) =>
        new BeagleRequestError(
          message,
          extensions.code ?? 'INTERNAL',
          extensions.fields,
          path,
          extensions.requestId ?? null,
          extensions.retryAfterMs ?? (Number.isFinite(after) ? after * 1000 : null),
        ),
    );
    if (answer.data === undefined || answer.data === null) {
      throw errors[0] ?? new BeagleRequestError(`${endpoint} answered ${response.status} without data`, 'UNREACHABLE');
    }
    return { data: answer.data, errors, cost: answer.extensions?.cost ?? null };
  }

  return async (document, variables, { signal, repeatable } = {}) => {
    const text = document.toString();
    const mayRepeat = repeatable ?? !/^\s*mutation\b/.test(text);
    for (let attempt = 0; ; attempt++) {
      try {
        return await once(JSON.stringify({ query: text, variables }), signal);
      } catch (error) {
        if (!(error instanceof BeagleRequestError) || attempt >= retries || !PASSING.has(error.code)) throw error;
        if (error.code === 'UNREACHABLE' && !mayRepeat) throw error;
        // With jitter, so that many clients that were refused together do not come back together.
        const delayMs = error.retryAfterMs ?? FIRST_DELAY_MS * 2 ** attempt * (0.5 + Math.random() / 2);
        if (delayMs > maxDelayMs) throw error;
        await pause(delayMs, signal);
      }
    }
  };
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      if (signal?.aborted) reject(signal.reason as Error);
      else resolve();
    }
  });
}
