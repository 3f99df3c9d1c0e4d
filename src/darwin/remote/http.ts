import type { z } from 'zod';
import { traceHeaders } from '../tracing';
import { ProtocolError, type encodeRequest } from './tensors';

export interface RequestOptions {
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string;
  /** Of one request, default 10,000 ms. */
  readonly timeoutMs?: number;
}

/** An answer of the server that is not success. */
class StatusError extends Error {
  constructor(
    readonly status: number,
    text: string,
  ) {
    super(`${status} ${text}`.trim());
  }
}

/** What another server of the fleet, or the same a moment later, may well answer; what timed out has waited long enough. */
export const mayBeTriedAgain = (error: unknown): boolean =>
  error instanceof StatusError ? error.status >= 500 || error.status === 429 : isConnectionError(error);

/** By name: fetch throws a TypeError of its own realm. */
const isConnectionError = (error: unknown): error is Error => (error as Error | null)?.name === 'TypeError';

/** fetch says "fetch failed"; what failed is its cause. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return isConnectionError(error) && cause ? (cause as Error).message : message;
}

export interface Answer {
  readonly headers: Headers;
  readonly body: ArrayBuffer;
}

/** @param controller to abort it by; its reason is what is thrown then */
export async function request(
  url: string,
  { token, timeoutMs = 10_000 }: RequestOptions,
  content?: ReturnType<typeof encodeRequest>,
  controller = new AbortController(),
): Promise<Answer> {
  const timer = setTimeout(() => controller.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    const response = await fetch(url, {
      ...(content && { method: 'POST', body: content.body }),
      headers: {
        ...content?.headers,
        ...traceHeaders(),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      redirect: 'error',
      signal: controller.signal,
    });
    const body = await response.arrayBuffer();
    if (!response.ok) throw new StatusError(response.status, Buffer.from(body).toString().slice(0, 200));
    return { headers: response.headers, body };
  } finally {
    clearTimeout(timer);
  }
}

export async function describe<T>(url: string, schema: z.ZodType<T>, options: RequestOptions): Promise<T> {
  const { body } = await request(url, options);
  const text = Buffer.from(body).toString();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ProtocolError(`${url} is not JSON`);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new ProtocolError(`${url} is not the description that the protocol asks for`);
  return parsed.data;
}
