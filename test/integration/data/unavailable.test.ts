import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createCatalog, createCatalogWriter } from '../../../src/catalog';
import { openDatabase, silentLog } from '../../../src/data';
import { connect } from '../../../src/data/client';
import { startEmbeddedPostgres } from '../../../src/data/embedded-postgres';
import { DatabaseUnavailableError } from '../../../src/domain';
import { TEST_DATA } from '../../support/database-folder';
import { material, SOURCE } from '../../support/materials';

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
    await Promise.all([...calls, ...calls].map((call) => call()));
    await server.release();
    for (const call of calls) await expect(call()).rejects.toBeInstanceOf(DatabaseUnavailableError);
    await Promise.all(
      calls.map((call) => expect(call()).rejects.toMatchObject({ code: 'INTERNAL', details: { retryAfterMs: 1_000 } })),
    );

    server = await start();
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
});
