/** The error codes of the contract. Every failure that a client can see carries one of them. */
export const ERROR_CODES = [
  'BAD_USER_INPUT',
  'INVALID_FORMULA',
  'UNSUPPORTED_ELEMENT',
  'NOT_FOUND',
  'CONFLICT',
  'IDEMPOTENCY_CONFLICT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'COST_LIMIT_EXCEEDED',
  'QUOTA_EXCEEDED',
  'SEARCH_SPACE_TOO_LARGE',
  'MODEL_UNAVAILABLE',
  'MODEL_OVERLOADED',
  'INTERNAL',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** One wrong input: where it is (argument names and list indices, outermost first) and what would be right. */
export interface FieldError {
  readonly path: readonly string[];
  readonly message: string;
}

/**
 * A failure that is the caller's to know. Its message and fields reach the client as they are;
 * every other error is masked as INTERNAL (allow-list, src/api).
 */
export class BeagleError extends Error {
  override readonly name: string = 'BeagleError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly fields: readonly FieldError[] = [],
    /** Further numbers for the client, for example `limit`, `remaining`, `retryAfterMs`. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** BAD_USER_INPUT that names every wrong field at once. */
export class InputError extends BeagleError {
  override readonly name = 'InputError';
  constructor(fields: readonly FieldError[]) {
    super('BAD_USER_INPUT', fields.map((f) => `${f.path.join('.')}: ${f.message}`).join('; '), fields);
  }
}

/** The database does not answer; it is expected back. The contract has no code of its own for it, so INTERNAL with `retryAfterMs`. */
export class DatabaseUnavailableError extends BeagleError {
  override readonly name = 'DatabaseUnavailableError';
  constructor(override readonly cause?: unknown) {
    super('INTERNAL', 'The database cannot be reached at the moment; try again shortly', [], { retryAfterMs: 1_000 });
  }
}

/** The database answers, but its disk is full: what is there can be read, nothing can be stored. */
export class DatabaseFullError extends BeagleError {
  override readonly name = 'DatabaseFullError';
  constructor(override readonly cause?: unknown) {
    super('INTERNAL', 'The database has no room left; nothing can be stored until its operator makes room', [], {
      retryAfterMs: 60_000,
    });
  }
}
