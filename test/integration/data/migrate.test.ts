import { Client } from 'pg';
import { openDatabase, silentLog } from '../../../src/data';
import { migrate } from '../../../src/data/migrate';
import { type Migration, readMigrations } from '../../../src/data/migrations';
import { createEmptyDatabase } from '../../support/database';

let database: Awaited<ReturnType<typeof createEmptyDatabase>>;
let client: Client;
beforeEach(async () => {
  database = await createEmptyDatabase();
  client = new Client(database.url);
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

const migration = (name: string, sql: string): Migration => ({ name, sql, checksum: name.padEnd(64, '0') });
const ONE = migration('1_one', 'CREATE TABLE one (id int)');
const TWO = migration('2_two', 'CREATE TABLE two (id int); INSERT INTO one VALUES (1)');
const tables = async (): Promise<string[]> =>
  (await client.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")).rows.map(
    (row) => row.tablename,
  );

describe('migrations', () => {
  it('are applied once, in their order', async () => {
    expect(await migrate(database.url, [ONE])).toEqual(['1_one']);
    expect(await migrate(database.url, [ONE, TWO])).toEqual(['2_two']);
    expect(await migrate(database.url, [ONE, TWO])).toEqual([]);
    expect((await client.query('SELECT * FROM one')).rowCount).toBe(1);
  });

  it('are applied once by servers that start at once', async () => {
    const opened = await Promise.all(
      [1, 2, 3].map(() => openDatabase({ url: database.url, dataFolder: '', log: silentLog })),
    );
    await Promise.all(opened.map(({ ping }) => ping()));
    const { rows } = await client.query('SELECT migration_name FROM _prisma_migrations ORDER BY 1');
    expect(rows.map((row) => row.migration_name)).toEqual((await readMigrations()).map(({ name }) => name));
    await Promise.all(opened.map(({ close }) => close()));
  });

  it('are recorded as Prisma does, so that its own tools find the database up to date', async () => {
    await migrate(database.url);
    const { rows } = await client.query('SELECT * FROM _prisma_migrations ORDER BY migration_name');
    expect(rows.map(({ migration_name: name, checksum }) => ({ name, checksum }))).toEqual(
      (await readMigrations()).map(({ name, checksum }) => ({ name, checksum })),
    );
    for (const row of rows) {
      expect(row).toMatchObject({ applied_steps_count: 1, rolled_back_at: null, logs: null });
      expect(row.finished_at.getTime()).toBeGreaterThanOrEqual(row.started_at.getTime());
    }
  });

  it('that fail leave nothing behind and say which and why', async () => {
    const broken = migration('2_broken', 'CREATE TABLE half (id int); SELECT 1/0');
    await expect(migrate(database.url, [ONE, broken])).rejects.toThrow(
      'migration 2_broken failed and was undone: division by zero',
    );
    expect(await tables()).toEqual(['_prisma_migrations', 'one']);
    expect(await migrate(database.url, [ONE, TWO])).toEqual(['2_two']);
  });

  it.each<[string, readonly Migration[], RegExp]>([
    ['were changed after they were applied', [{ ...ONE, checksum: 'f'.repeat(64) }], /1_one was changed/],
    ['are unknown to this version', [TWO], /1_one, which this version does not know/],
  ])('that %s are refused', async (_, migrations, message) => {
    await migrate(database.url, [ONE]);
    await expect(migrate(database.url, migrations)).rejects.toThrow(message);
    expect(await tables()).not.toContain('two');
  });

  it('that another tool began and did not finish are refused', async () => {
    await migrate(database.url, [ONE]);
    await client.query('UPDATE _prisma_migrations SET finished_at = NULL');
    await expect(migrate(database.url, [ONE])).rejects.toThrow(/1_one was begun and did not finish/);
  });
});
