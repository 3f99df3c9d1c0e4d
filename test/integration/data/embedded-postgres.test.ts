import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { createCatalog, createCatalogWriter } from '../../../src/catalog';
import { type Database, openDatabase, silentLog } from '../../../src/data';
import { startEmbeddedPostgres } from '../../../src/data/embedded-postgres';
import { DatabaseUnavailableError } from '../../../src/domain';
import { TEST_DATA } from '../../support/database-folder';
import { material, SOURCE } from '../../support/materials';

let folders = 0;
const newFolder = (): string => join(process.env[TEST_DATA]!, `launcher-${process.pid}-${++folders}`);
const start = (dataFolder: string) => startEmbeddedPostgres({ dataFolder, log: silentLog });
const open = (dataFolder: string) => openDatabase({ url: null, dataFolder, log: silentLog });

async function ask<T>(url: string, sql: string): Promise<T> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows[0];
  } finally {
    await client.end();
  }
}

/** Until `attempt` succeeds; the test's own time limit ends it. */
async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

const isRunning = (url: string): Promise<boolean> =>
  ask(url, 'SELECT 1').then(
    () => true,
    () => false,
  );

describe('the embedded server', () => {
  it('keeps what is committed, listens on the loopback address alone and asks for its password', async () => {
    const folder = newFolder();
    const server = await start(folder);
    try {
      for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
        expect(await ask(server.url, `SHOW ${setting}`)).toEqual({ [setting]: 'on' });
      }
      expect(await ask(server.url, 'SHOW listen_addresses')).toEqual({ listen_addresses: '127.0.0.1' });
      expect(await ask(server.url, 'SHOW unix_socket_directories')).toEqual({ unix_socket_directories: '' });
      const guess = new URL(server.url);
      guess.password = 'guess';
      await expect(ask(guess.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
      const cluster = realpathSync(join(folder, 'postgres'));
      expect(statSync(cluster).mode & 0o777).toBe(0o700);
      expect(statSync(join(cluster, 'beagle.password')).mode & 0o777).toBe(0o600);
      expect(readdirSync(folder)).toEqual(['postgres']);
    } finally {
      await server.release();
    }
  });

  it('is shared by all who start it, also at the very first time at once, and stopped by the last one to leave', async () => {
    const folder = newFolder();
    const [a, b, c] = await Promise.all([start(folder), start(folder), start(folder)]);
    expect(new Set([a.url, b.url, c.url]).size).toBe(1);
    expect([a, b, c].filter(({ startedHere }) => startedHere)).toHaveLength(1);
    await a.release();
    await b.release();
    expect(await isRunning(c.url)).toBe(true);
    await Promise.all([c.release(), c.release()]);
    expect(await isRunning(c.url)).toBe(false);
  });

  it('is stopped once by two that leave at once, and comes back on the same port with the same password', async () => {
    const folder = newFolder();
    const [a, b] = await Promise.all([start(folder), start(folder)]);
    await Promise.all([a.release(), b.release()]);
    expect(await isRunning(a.url)).toBe(false);
    const again = await start(folder);
    expect(again.url).toBe(a.url);
    await again.release();
  });

  it('starts although the process number of a dead server now belongs to another program', async () => {
    const folder = newFolder();
    await (await start(folder)).release();
    const pidFile = join(realpathSync(join(folder, 'postgres')), 'postmaster.pid');
    await writeFile(pidFile, `${process.pid}\n${folder}\n0\n1\n\n127.0.0.1\n0 0\nready\n`);
    const server = await start(folder);
    expect(server.startedHere).toBe(true);
    await server.release();
  });

  it('does not begin anew when the place that its folder links to is gone', async () => {
    const folder = newFolder();
    await mkdir(folder, { recursive: true });
    await symlink('/nowhere/postgres', join(folder, 'postgres'));
    await expect(start(folder)).rejects.toThrow(/was kept in \/nowhere\/postgres, which is gone/);
  });

  it('says what is wrong with a cluster of another major version', async () => {
    const folder = newFolder();
    await (await start(folder)).release();
    const version = join(realpathSync(join(folder, 'postgres')), 'PG_VERSION');
    const before = await readFile(version, 'utf8');
    await writeFile(version, '13\n');
    await expect(start(folder)).rejects.toThrow(/was made by Postgres 13, the binaries here are Postgres \d+/);
    await writeFile(version, before);
  });
});

describe('nothing that was committed is lost', () => {
  const held = async (database: Database) => (await createCatalog(database).count({})).count;

  it('when the server is killed in use: it is brought back and the same database object works on', async () => {
    const database = await open(newFolder());
    const writer = createCatalogWriter(database);
    await writer.upsertMaterials(SOURCE, [material('GaAs'), material('InP')]);
    const { pid } = await ask<{ pid: number }>(
      database.url,
      "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int AS pid",
    );
    process.kill(pid, 'SIGKILL');
    await eventually(() => writer.upsertMaterials(SOURCE, [material('SiC')]));
    expect(await held(database)).toBe(3);
    await database.close();
  });

  it('when the server is killed and nobody is there, before it is opened again', async () => {
    const folder = newFolder();
    const first = await start(folder);
    const database = await openDatabase({ url: first.url, dataFolder: folder, log: silentLog });
    await createCatalogWriter(database).upsertMaterials(SOURCE, [material('GaAs')]);
    const { pid } = first;
    await database.close();
    await first.release({ keepRunning: true });
    process.kill(pid, 'SIGKILL');
    const again = await open(folder);
    expect(await held(again)).toBe(1);
    await again.close();
  });

  it('when our process is killed: the next one joins the server, and stops it when it leaves', async () => {
    const folder = newFolder();
    const holder: ChildProcess = spawn(process.execPath, ['--import', 'tsx', 'test/support/hold-database.ts', folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout!, 'data');
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const next = await start(folder);
    expect(next.startedHere).toBe(false);
    const database = await open(folder);
    expect(await held(database)).toBe(1);
    await database.close();
    await next.release();
    expect(await isRunning(next.url)).toBe(false);
  });
});
