import { createHash, randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { type Database, type DatabaseConfig, openDatabase, silentLog } from '../../src/data';
import { startEmbeddedPostgres } from '../../src/data/embedded-postgres';
import { migrate } from '../../src/data/migrate';
import { readMigrations } from '../../src/data/migrations';
import { TEST_DATA } from './database-folder';

export interface TestDatabase {
  readonly url: string;
  readonly database: Database;
  /** How many statements `work` sent, BEGIN and COMMIT included, and which. */
  statements<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly sql: readonly string[] }>;
  drop(): Promise<void>;
}

/**
 * An own, migrated, empty database for one test file, on the server that all files of this jest run share (started with the
 * first). It is a clone of a migrated template, which takes milliseconds. BEAGLE_TEST_DATABASE_URL leads to another server.
 */
export async function createTestDatabase(config: Partial<DatabaseConfig> = {}): Promise<TestDatabase> {
  const server = await serverUrl();
  const name = `beagle_test_${randomBytes(6).toString('hex')}`;
  await withMaintenance(server, async (client) => {
    const template = await migratedTemplate(client, server);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  const url = databaseUrl(server, name);
  let sql: string[] = [];
  const onStatement = (statement: string) => void sql.push(statement);
  const database = await openDatabase({ url, dataFolder: '', poolSize: 4, log: silentLog, onStatement, ...config });
  return {
    url,
    database,
    async statements(work) {
      sql = [];
      const result = await work();
      return { result, sql };
    },
    async drop() {
      await database.close();
      await withMaintenance(server, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
    },
  };
}

/** Without those that read sources: whether there is one depends on when they were read last. */
export const apartFromSources = (sql: readonly string[]): string[] =>
  sql.filter((statement) => !statement.includes('FROM sources WHERE id = ANY'));

/** An empty database without tables; `drop` removes it. */
export async function createEmptyDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const server = await serverUrl();
  const name = `beagle_test_${randomBytes(6).toString('hex')}`;
  await withMaintenance(server, (client) => client.query(`CREATE DATABASE ${name}`));
  return {
    url: databaseUrl(server, name),
    drop: () => withMaintenance(server, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`)).then(() => {}),
  };
}

/** The shared server, started if nobody did. It is left running; the end of the run stops it (global-teardown). */
async function serverUrl(): Promise<string> {
  const given = process.env['BEAGLE_TEST_DATABASE_URL'];
  if (given) return given;
  const server = await startEmbeddedPostgres({ dataFolder: process.env[TEST_DATA]!, log: silentLog });
  const { url } = server;
  await server.release({ keepRunning: true });
  return url;
}

async function migratedTemplate(client: Client, server: string): Promise<string> {
  const checksums = (await readMigrations()).map(({ checksum }) => checksum).join();
  const template = `beagle_template_${createHash('sha256').update(checksums).digest('hex').slice(0, 12)}`;
  await client.query('SELECT pg_advisory_lock(hashtext($1))', [template]);
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [template]);
  if (!rowCount) {
    const raw = `${template}_raw`;
    await client.query(`DROP DATABASE IF EXISTS ${raw}`);
    await client.query(`CREATE DATABASE ${raw}`);
    await migrate(databaseUrl(server, raw));
    await client.query(`ALTER DATABASE ${raw} RENAME TO ${template}`);
  }
  return template;
}

async function withMaintenance<T>(server: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrl(server, 'postgres') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
