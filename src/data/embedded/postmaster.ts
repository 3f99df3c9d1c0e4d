import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tool } from './binaries';
import { type Cluster, outputOf, SYNC_METHOD } from './cluster';

const run = promisify(execFile);
export const HOST = '127.0.0.1';

// Durability (fsync, full_page_writes, synchronous_commit) stays at Postgres' safe defaults.
const SETTINGS = {
  listen_addresses: HOST,
  unix_socket_directories: '',
  max_connections: '100',
  // Compiling a plan costs more than the short queries here gain.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // After a crash every file is synced before recovery: one syncfs a file system, or one fsync for each of a thousand files
  // (0.3–0.5 s against 5 s, measured on a busy two-core machine).
  recovery_init_sync_method: SYNC_METHOD,
  // The statements of failed queries hold users' data.
  log_min_error_statement: 'panic',
  // And so does the detail of an error: the row that was in the way.
  log_error_verbosity: 'terse',
};

/** The lines of `postmaster.pid` that matter: the process and the port it was told to listen on. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/** The server that claims to run on the cluster, if a process of that number lives. It may be starting or going down. */
export async function findPostmaster(cluster: Cluster): Promise<Postmaster | null> {
  const lines = await linesOf(cluster, 'postmaster.pid');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && isAlive(pid) ? { pid, port } : null;
}

/**
 * Starts the server, on the port of last time if that is free. Postgres itself makes sure that at most one server runs on a cluster,
 * so this fails harmlessly when somebody else was faster, and until the orphans of a killed server have left.
 * @returns what the server said when it did not start, `null` when it runs
 */
export async function startPostmaster(cluster: Cluster): Promise<string | null> {
  const port = await freePort(await lastPort(cluster));
  const settings = Object.entries(SETTINGS).map(([name, value]) => `-c ${name}="${value}"`);
  try {
    await run(
      tool(cluster.binaries, 'pg_ctl'),
      [
        'start',
        '-w',
        '-s',
        '-t',
        '60',
        '-D',
        cluster.folder,
        '-l',
        logFile(cluster),
        '-o',
        `-p ${port} ${settings.join(' ')}`,
      ],
      { ...cluster.user, cwd: cluster.folder },
    );
    return null;
  } catch (error) {
    const log = await readFile(logFile(cluster), 'utf8').catch(() => '');
    return `${outputOf(error)} ${log.trim().split('\n').slice(-3).join(' ')}`.trim();
  }
}

/** Checkpoints and stops; open sessions are ended. */
export async function stopPostmaster(cluster: Cluster): Promise<void> {
  await run(tool(cluster.binaries, 'pg_ctl'), ['stop', '-w', '-s', '-m', 'fast', '-D', cluster.folder], {
    ...cluster.user,
    cwd: cluster.folder,
  });
}

/**
 * Postgres refuses to start while the process that `postmaster.pid` names lives, and there are two cases in which that is
 * for ever: after a restart of a container numbers repeat and another program has it; or the killed server stays a zombie because
 * process 1 of the container reaps nobody. Then the file goes, but never while orphans of the old server still
 * hold its shared memory: they could write.
 */
export async function removeStalePidFile(cluster: Cluster, { pid }: Postmaster): Promise<void> {
  const name = await commandOf(pid);
  const gone = name !== null && (!name.includes('postgres') || (await isZombie(pid)));
  if (gone && !(await isSharedMemoryHeld(cluster))) await rm(join(cluster.folder, 'postmaster.pid'), { force: true });
}

async function commandOf(pid: number): Promise<string | null> {
  try {
    return await readFile(`/proc/${pid}/comm`, 'utf8');
  } catch {
    return run('ps', ['-o', 'comm=', '-p', String(pid)]).then(
      ({ stdout }) => stdout,
      () => null,
    );
  }
}

const isZombie = async (pid: number): Promise<boolean> =>
  / Z /.test((await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')).replace(/^.*\)/s, ''));

/** Line 7 of `postmaster.pid` is "key id" of the System V block that every process of the server attaches. */
async function isSharedMemoryHeld(cluster: Cluster): Promise<boolean> {
  const id = (await linesOf(cluster, 'postmaster.pid'))[6]?.trim().split(/\s+/)[1];
  const [header = '', ...blocks] = (await readFile('/proc/sysvipc/shm', 'utf8').catch(() => '')).trim().split('\n');
  const columns = header.trim().split(/\s+/);
  const [idColumn, attachedColumn] = [columns.indexOf('shmid'), columns.indexOf('nattch')];
  return blocks
    .map((line) => line.trim().split(/\s+/))
    .some((b) => b[idColumn] === id && Number(b[attachedColumn]) > 0);
}

const logFile = (cluster: Cluster): string => join(cluster.folder, 'server.log');

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** `postmaster.opts` holds the command line of the last start. A stable port lets the other processes come back by themselves. */
async function lastPort(cluster: Cluster): Promise<number> {
  const [commandLine = ''] = await linesOf(cluster, 'postmaster.opts');
  return Number(/"-p" "(\d+)"/.exec(commandLine)?.[1] ?? 0);
}

function freePort(preferred: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => (preferred ? resolve(freePort(0)) : reject(error)));
    probe.listen(preferred, HOST, () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

async function linesOf(cluster: Cluster, file: string): Promise<string[]> {
  return (await readFile(join(cluster.folder, file), 'utf8').catch(() => '')).split('\n');
}
