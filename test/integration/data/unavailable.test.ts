import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCatalog, createCatalogWriter } from '../../../src/catalog';
import { openDatabase, silentLog, type Database } from '../../../src/data';
import { connect } from '../../../src/data/client';
import { startEmbeddedPostgres } from '../../../src/data/embedded-postgres';
import { DatabaseUnavailableError } from '../../../src/domain';
import { TEST_DATA } from '../../support/database-folder';
import { createTestDatabase } from '../../support/database';
import { material, SOURCE } from '../../support/materials';
import { throughProxy } from '../../support/proxy';

const untilItAnswers = (database: Database): Promise<void> =>
  database.ping().catch(() => sleep(50).then(() => untilItAnswers(database)));

describe('a database that goes away', () => {
  it('fails every call by name, and works again when it is back', async () => {
    const dataFolder = join(process.env[TEST_DATA]!, `unavailable-${process.pid}`);
    const start = () => startEmbeddedPostgres({ dataFolder, log: silentLog });
    let server = await start();
    const database = await openDatabase({ url: server.url, dataFolder, log: silentLog });
    const catalog = createCatalog(database);
    const writer = createCatalogWriter(database);
    const calls = [
      () => database.ping(),
      () => catalog.search({}, { first: 1 }),
      () => catalog.count({}),
      () => database.predictions.getMany('m@1', [{ compositionKey: 'Fe1000000', property: 'DENSITY', variant: '' }]),
      () => writer.upsertMaterials(SOURCE, [material('Fe')]),
    ];
    for (const call of calls) await call();
    await Promise.all(calls.map((call) => call()));
    await server.release();
    for (const call of calls) await expect(call()).rejects.toBeInstanceOf(DatabaseUnavailableError);
    await Promise.all(
      calls.map((call) => expect(call()).rejects.toMatchObject({ code: 'INTERNAL', details: { retryAfterMs: 1_000 } })),
    );

    server = await start();
    await untilItAnswers(database);
    for (const call of calls) await call();
    expect(await catalog.count({})).toEqual({ count: 3, exact: true });
    await database.close();
    await server.release();
  });

  it('is not waited for when it accepts connections and never answers', async () => {
    const sockets = new Set<Socket>();
    const mute = createServer((socket) => sockets.add(socket));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as { port: number };
    const { client, disconnect } = connect(`postgresql://user:secret@127.0.0.1:${port}/none`, {
      poolSize: 2,
      log: silentLog,
    });
    const error = await client.$queryRaw`SELECT 1`.then(String, (thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DatabaseUnavailableError);
    expect((error as Error).message).not.toContain('secret');
    for (const socket of sockets) socket.destroy();
    await Promise.all([disconnect(), new Promise((resolve) => mute.close(resolve))]);
  });

  it('says so at the start without the password', async () => {
    const config = { url: 'postgresql://user:secret@127.0.0.1:1/none', dataFolder: '', log: silentLog };
    const error = await openDatabase(config).then(String, (thrown: Error) => thrown);
    expect(error).toMatchObject({ message: expect.stringContaining('127.0.0.1:1') });
    expect(String(error)).not.toContain('secret');
  });

  describe('in the middle of everything, without a word', () => {
    /** Above what it takes (1.5 s) and far below what a statement may take (30 s). */
    const SOON_MS = 5_000;
    const within = async (promise: Promise<unknown>) => {
      const started = performance.now();
      await expect(promise).rejects.toBeInstanceOf(DatabaseUnavailableError);
      expect(performance.now() - started).toBeLessThan(SOON_MS);
    };
    const open = async () => {
      const test = await createTestDatabase();
      const { url, proxy } = await throughProxy(test.url);
      const database = await openDatabase({ url, dataFolder: '', poolSize: 3, log: silentLog });
      const close = async () => {
        await database.close();
        await proxy.close();
        await test.drop();
      };
      return { database, proxy, close };
    };

    it('fails what is under way and what comes, and works again as soon as it answers', async () => {
      const { database, proxy, close } = await open();
      await Promise.all([1, 2, 3].map(() => database.ping()));
      const heard: (string | null)[] = [];
      await database.notifications.listen('beagle_campaigns', (payload) => heard.push(payload));
      proxy.freeze();
      // More statements than connections, and a transaction.
      const transaction = database.transaction(async ({ campaigns }) => {
        await campaigns.forgetOldKeys();
        await campaigns.forgetOldKeys();
      });
      await Promise.all([transaction, ...Array.from({ length: 8 }, () => database.ping())].map(within));
      // Known to be gone, it is not waited for at all.
      await Promise.all(Array.from({ length: 100 }, () => within(database.ping())));
      proxy.thaw();
      await untilItAnswers(database);
      await Promise.all(Array.from({ length: 20 }, () => database.ping()));
      // Whoever listens is told that something may have been missed.
      while (!heard.includes(null)) await sleep(20);
      await close();
    });

    it('a statement that takes long on a server that lives is waited for', async () => {
      const { database, close } = await open();
      expect((await database.execute('SELECT 1 AS one, pg_sleep(2.5)')).rows).toMatchObject([{ one: 1 }]);
      await close();
    });

    it('a server that refuses one connection more is not gone', async () => {
      const { database, close } = await open();
      const [{ pid }] = (await database.execute('SELECT pg_backend_pid() AS pid')).rows as [{ pid: number }];
      await expect(
        database.execute(
          `DO $$ BEGIN RAISE EXCEPTION 'sorry, too many clients already' USING ERRCODE = '53300'; END $$`,
        ),
      ).rejects.toMatchObject({ code: '53300' });
      expect((await database.execute('SELECT pg_backend_pid() AS pid')).rows).toEqual([{ pid: expect.any(Number) }]);
      expect(pid).toBeGreaterThan(0);
      await close();
    });
  });
});
