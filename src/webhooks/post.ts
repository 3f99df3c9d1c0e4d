import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';

/** Standard Webhooks recommends 15 to 30 s. */
const TIMEOUT_MS = 15_000;
/** What a receiver says beside its status does not matter; so much of it is read so that its connection ends in peace. */
const MAX_ANSWER_BYTES = 64 * 1024;

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

export type Post = (url: string, body: string, headers: Readonly<Record<string, string>>) => Promise<Answer>;

/**
 * Posts JSON without following redirects. Unless private addresses are allowed, the address that a name leads to is checked as it is
 * connected to, so that a name cannot change its mind in between (DNS rebinding).
 */
export function poster(allowPrivate: boolean, timeoutMs = TIMEOUT_MS): Post {
  const [http, https] = allowPrivate
    ? [new HttpAgent(), new HttpsAgent()]
    : [new RequestFilteringHttpAgent(), new RequestFilteringHttpsAgent()];
  return (url, body, headers) =>
    new Promise((resolve, reject) => {
      const secure = url.startsWith('https:');
      const sent = (secure ? httpsRequest : httpRequest)(url, {
        method: 'POST',
        agent: secure ? https : http,
        signal: AbortSignal.timeout(timeoutMs),
        headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        resolve({ status: response.statusCode!, retryAfter: response.headers['retry-after'] });
        discard(response);
      });
      sent.end(body);
    });
}

function discard(response: IncomingMessage): void {
  let bytes = 0;
  response.on('error', () => undefined);
  response.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > MAX_ANSWER_BYTES) response.destroy();
  });
}
