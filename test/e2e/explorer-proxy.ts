import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Proxy {
  readonly root: string;
  /** Breaks every connection and takes no new one. */
  stop(): Promise<void>;
  /** Takes connections again, at the same address. */
  start(): Promise<void>;
  /** Answers everything with this status and a page for people, as a proxy does whose server is away; null passes on again. */
  answerWith(status: number | null): void;
}

/** A proxy that publishes the server below a path, which it takes away. */
export async function proxyBelow(prefix: string, target: string): Promise<Proxy> {
  let status: number | null = null;
  const server: Server = createServer((incoming, outgoing) => {
    if (status !== null) {
      outgoing.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>');
      return;
    }
    if (!incoming.url?.startsWith(`${prefix}/`)) {
      outgoing.writeHead(404).end();
      return;
    }
    const forwarded = request(
      new URL(incoming.url.slice(prefix.length), target),
      // The loopback name and no forwarding header: the server takes the browser for a local one.
      { method: incoming.method, headers: { ...incoming.headers, host: new URL(target).host } },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    forwarded.on('error', () => outgoing.destroy());
    outgoing.on('close', () => forwarded.destroy());
    incoming.pipe(forwarded);
  });
  let port = 0;
  const start = (): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  await start();
  port = (server.address() as AddressInfo).port;
  return {
    root: `http://127.0.0.1:${port}${prefix}`,
    start,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    answerWith: (wanted) => void (status = wanted),
  };
}
