import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ModelPackage } from '../../src/darwin';
import { memoryInputs } from '../bench/inference-yardstick';

export interface InferenceServerOptions {
  readonly binary?: boolean;
  readonly noScalars?: boolean;
  /** The server holds the memory of its properties itself. */
  readonly holdsMemory?: boolean;
  readonly token?: string;
}

type Fault = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that runs a package's graph (open-inference-server.cjs), behind a front that can be told to fail. */
export class InferenceServer {
  /** What the front does with a run instead of passing it on. */
  fault: Fault | null = null;
  /** Of each run, its content type; below, its trace. */
  readonly seen: string[] = [];
  readonly traceparents: unknown[] = [];

  private constructor(
    readonly url: string,
    readonly close: () => Promise<void>,
  ) {}

  static async start(pack: ModelPackage, options: InferenceServerOptions = {}): Promise<InferenceServer> {
    const { binary = true, noScalars = false, holdsMemory = false, token = null } = options;
    const memory = holdsMemory ? memoryInputs(pack) : null;
    // In a file: the places of all memories are longer than an argument may be.
    const folder = await mkdtemp(path.join(tmpdir(), 'beagle-endpoint-'));
    const file = path.join(folder, 'options.json');
    await writeFile(file, JSON.stringify({ graphPath: pack.graphPath, binary, noScalars, memory, token }));
    const child = fork(path.join(__dirname, 'open-inference-server.cjs'), [file], { execArgv: [] });
    const [port] = (await once(child, 'message')) as [number];
    await rm(folder, { recursive: true });
    const front = createServer((incoming, outgoing) => {
      const run = incoming.url?.endsWith('/infer') === true;
      if (run) server.seen.push(incoming.headers['content-type'] ?? '');
      if (run) server.traceparents.push(incoming.headers['traceparent']);
      if (run && server.fault) return server.fault(incoming, outgoing);
      const { method, url, headers } = incoming;
      const forward = request({ port, method, path: url, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
      });
      incoming.pipe(forward);
    });
    front.listen(0, '127.0.0.1');
    await once(front, 'listening');
    const url = `http://127.0.0.1:${(front.address() as AddressInfo).port}/v2/models/darwin`;
    const server: InferenceServer = new InferenceServer(url, async () => {
      front.closeAllConnections();
      front.close();
      child.disconnect();
      await once(child, 'exit');
    });
    return server;
  }
}
