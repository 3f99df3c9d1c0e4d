import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { silentLog } from '../../src/data';
import { startEmbeddedPostgres } from '../../src/data/embedded-postgres';

const ROOT = join(__dirname, '../..');

export interface RealServer {
  readonly url: string;
  /** A key with every scope, as whoever runs the server makes one. */
  issueKey(): Promise<string>;
  /** Runs a statement on the server's database, past the server. */
  sql(statement: string): Promise<void>;
  stop(): Promise<void>;
}

/** The server as `npm start` runs it, with the bundled model and the starter catalogue in a data folder of its own, on a free port. */
export async function startRealServer(): Promise<RealServer> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'beagle-e2e-'));
  const env = {
    ...process.env,
    PORT: '0',
    HOST: '127.0.0.1',
    DATABASE_URL: '',
    BEAGLE_DATA: dataFolder,
    BEAGLE_LOG_LEVEL: 'warn',
  };
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    cwd: ROOT,
    env,
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
    async issueKey() {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--import', 'tsx', 'src/cli/keys.ts', 'create', '--name', 'admin', '--scopes', 'all', '--quiet'],
        { cwd: ROOT, env },
      );
      return stdout.trim();
    },
    async sql(statement) {
      const postgres = await startEmbeddedPostgres({ dataFolder, log: silentLog });
      const client = new Client({ connectionString: postgres.url });
      try {
        await client.connect();
        await client.query(statement);
      } finally {
        await client.end();
        await postgres.release();
      }
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
