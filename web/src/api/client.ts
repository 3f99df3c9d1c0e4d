import type { TypedDocumentString } from '../generated/graphql';
import { href } from '../lib/router.svelte';

export interface FieldProblem {
  readonly path: readonly string[];
  readonly message: string;
}

/** Whatever kept an answer from coming, in words for the reader. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    message: string,
    /** A code of the API, or UNREACHABLE when no answer of the API came at all. */
    readonly code: string,
    readonly fields: readonly FieldProblem[] = [],
    readonly requestId: string | null = null,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(message);
  }
}

export interface WireError {
  message: string;
  path?: readonly (string | number)[];
  extensions?: { code?: string; fields?: FieldProblem[]; requestId?: string; retryAfterMs?: number };
}

export function asApiError(reason: unknown): ApiError {
  return reason instanceof ApiError ? reason : new ApiError(String(reason), 'INTERNAL');
}

export function toApiError(error: WireError, response?: Response): ApiError {
  const retryAfter = Number(response?.headers.get('retry-after')) || (error.extensions?.retryAfterMs ?? 0) / 1000;
  return new ApiError(
    error.message,
    error.extensions?.code ?? 'INTERNAL',
    error.extensions?.fields ?? [],
    error.extensions?.requestId ?? null,
    Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null,
  );
}

const KEY_ITEM = 'beagle-api-key';
/** The API key that this browser tab presents, if any; kept for the tab alone. */
export const apiKey = {
  get(): string | null {
    try {
      return sessionStorage.getItem(KEY_ITEM);
    } catch {
      return null;
    }
  },
  set(key: string | null): void {
    if (key) sessionStorage.setItem(KEY_ITEM, key);
    else sessionStorage.removeItem(KEY_ITEM);
  },
};

/** The header that presents the key, if there is one. */
export function authorization(): Record<string, string> {
  const key = apiKey.get();
  return key ? { authorization: `Bearer ${key}` } : {};
}

export interface Answer<T> {
  readonly data: T;
  /** Errors of single fields; their places in `data` are null. */
  readonly errors: readonly ApiError[];
}

/** Whether the server knows the operations of this page; one of another version may not, as while a new one is rolled out. */
let known = true;
/** What is sent for an operation: its id (`documentId` of GraphQL over HTTP), or its text where that is not known. */
export function requestOf<T, V>(document: TypedDocumentString<T, V>, variables: V): { variables: V } {
  const id = { documentId: `sha256:${document.__meta__?.hash}` };
  return { ...(known ? id : { query: document.toString() }), variables };
}
/** Whether an operation was refused because the server does not know it: it is to be sent again, and goes as text from now on. */
export function isUnknown(error: ApiError | undefined): boolean {
  if (!known || !error?.fields.some(({ path }) => path[0] === 'documentId')) return false;
  known = false;
  return true;
}

/** Sends one of the operations of operations/*.graphql. @throws ApiError when there is no data at all. */
export async function execute<T, V>(
  document: TypedDocumentString<T, V>,
  variables: V,
  signal?: AbortSignal,
): Promise<Answer<T>> {
  let response: Response;
  try {
    response = await fetch(href('/graphql'), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        ...authorization(),
      },
      body: JSON.stringify(requestOf(document, variables)),
      signal: signal ?? null,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError('The server cannot be reached. Check that it runs and that you are online.', 'UNREACHABLE');
  }
  let body: { data?: T | null; errors?: WireError[] };
  try {
    body = (await response.json()) as typeof body;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(`The server answered ${response.status} without a readable body.`, 'UNREACHABLE');
  }
  const errors = (body.errors ?? []).map((error) => toApiError(error, response));
  if (isUnknown(errors[0])) return execute(document, variables, signal);
  if (body.data === undefined || body.data === null) {
    throw errors[0] ?? new ApiError(`The server answered ${response.status} without data.`, 'INTERNAL');
  }
  return { data: body.data, errors };
}
