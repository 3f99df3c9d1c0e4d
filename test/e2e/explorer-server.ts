import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface RealServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** The server as `npm start` runs it, with the bundled model and the starter catalogue in a data folder of its own, on a free port. */
export async function startRealServer(): Promise<RealServer> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'beagle-e2e-'));
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    cwd: join(__dirname, '../..'),
    env: {
      ...process.env,
      PORT: '0',
      HOST: '127.0.0.1',
      DATABASE_URL: '',
      BEAGLE_DATA: dataFolder,
      BEAGLE_LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const ready = /^Beagle is ready: (http\S+)/.exec(line);
      if (ready?.[1]) resolve(ready[1]);
    });
    void exited.then(() => reject(new Error(`the server ended before it was ready:\n${log}`)));
  });
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await exited;
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
