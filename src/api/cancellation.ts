import type { ServerResponse } from 'node:http';
import { BeagleError } from '../domain';

/** Aborts when the client has gone before its answer, or when the operation has run for too long. */
export function requestSignal(response: ServerResponse, timeoutMs: number): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    const message = `the operation ran longer than ${timeoutMs / 1000} s: ask for less at once`;
    controller.abort(new BeagleError('COST_LIMIT_EXCEEDED', message, [], { timeoutMs }));
  }, timeoutMs);
  response.once('close', () => {
    clearTimeout(timer);
    if (!response.writableFinished) controller.abort(new Error('the client has gone'));
  });
  return controller.signal;
}
