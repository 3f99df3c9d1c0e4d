import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const HEADER = 'X-Request-Id';

/** Gives every request an id and answers it as X-Request-Id. A client's own is not taken over: it could forge log lines. */
export function assignRequestId(_request: IncomingMessage, response: ServerResponse, next: () => void): void {
  response.setHeader(HEADER, randomUUID());
  next();
}

/**
 * The id of the request that this answers: in every log line and every error of it. It is handed on, as AsyncLocalStorage would slow down
 * every promise of the process (Node 20: a tenth of a small request).
 */
export const requestIdOf = (response: ServerResponse): string => String(response.getHeader(HEADER));
