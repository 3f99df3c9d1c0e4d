import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A partner's HTTP server: keeps what it is sent and answers with the statuses it is told, the last one for ever. */
export async function startReceiver(...statuses: number[]) {
  const received: Received[] = [];
  let told = () => {};
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      const status = (statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 204;
      response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/elsewhere' } : {});
      response.end(status === 204 ? undefined : 'x'.repeat(200_000));
      received.push({ headers: request.headers, body });
      told();
    });
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hooks`,
    received,
    /** Until so many have come. */
    async count(n: number): Promise<readonly Received[]> {
      while (received.length < n) await new Promise<void>((resolve) => (told = resolve));
      return received;
    },
    /** Nobody answers any more, until `up`. */
    down: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    up: () => listen(port),
  };
}
