import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands between a client and a server, and may hang or break off as a network or a server does. */
export interface Proxy {
  readonly port: number;
  /** Connections stay, and new ones are accepted, but nothing gets through. */
  freeze(): void;
  thaw(): void;
  /** Breaks every connection off and refuses new ones. */
  cut(): Promise<void>;
  restore(): Promise<void>;
  close(): Promise<void>;
}

export async function startProxy(host: string, port: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let frozen = false;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    if (frozen) socket.pause();
  };
  const listen = async (at: number): Promise<Server> => {
    const server = createServer((near) => {
      const far = connect(port, host);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        from.on('data', (data) => void to.write(data));
        from.once('close', () => to.destroy());
        keep(from);
      }
    });
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  let server = await listen(0);
  const address = server.address() as AddressInfo;
  const cut = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    port: address.port,
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      frozen = false;
      for (const socket of sockets) socket.resume();
    },
    cut,
    restore: async () => void (server = await listen(address.port)),
    close: cut,
  };
}

/** The same database by way of a proxy. */
export async function throughProxy(url: string): Promise<{ readonly url: string; readonly proxy: Proxy }> {
  const through = new URL(url);
  const proxy = await startProxy(through.hostname, Number(through.port || 5432));
  through.hostname = '127.0.0.1';
  through.port = String(proxy.port);
  return { url: through.href, proxy };
}
