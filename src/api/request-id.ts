import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const current = new AsyncLocalStorage<string>();

/** The id of the HTTP request being served: in every log line and every error of it. */
export function requestId(): string | undefined {
  return current.getStore();
}

/** Gives every request an id and answers it as X-Request-Id. A client's own is not taken over: it could forge log lines. */
export function assignRequestId(_request: IncomingMessage, response: ServerResponse, next: () => void): void {
  const id = randomUUID();
  response.setHeader('X-Request-Id', id);
  current.run(id, next);
}
