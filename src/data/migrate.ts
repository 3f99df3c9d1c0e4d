import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { type Migration, readMigrations } from './migrations';

/** Prisma's own tools take the same lock, so they and we exclude each other. */
const MIGRATION_LOCK = 72707369;
const OLDEST_SERVER = 14;

// As Prisma makes it, so that `prisma migrate status` and `deploy` work on the same database.
const BOOKKEEPING = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

/**
 * Brings the database up to date; safe to call by any number of servers at once. Each migration is applied whole or not at all.
 * @returns the names of the migrations applied by this call
 * @throws Error for the operator: server too old, history that differs from ours, a migration that fails
 */
export async function migrate(url: string, migrations?: readonly Migration[]): Promise<readonly string[]> {
  const ours = migrations ?? (await readMigrations());
  const client = new Client({
    connectionString: url,
    application_name: 'beagle migrator',
    connectionTimeoutMillis: 10_000,
  });
  // `end` and the pending query report a lost session too; without a listener it would end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    await checkServer(client);
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(BOOKKEEPING);
    const pending = await compare(client, ours);
    for (const migration of pending) await apply(client, migration);
    return pending.map(({ name }) => name);
  } finally {
    // Ends the session, and with it the lock.
    await client.end().catch(() => {});
  }
}

async function checkServer(client: Client): Promise<void> {
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  const version = rows[0]!.server_version;
  if (Number.parseInt(version, 10) < OLDEST_SERVER) {
    throw new Error(`Beagle needs Postgres ${OLDEST_SERVER} or newer; DATABASE_URL leads to ${version}`);
  }
}

interface AppliedRow {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
}

async function compare(client: Client, ours: readonly Migration[]): Promise<readonly Migration[]> {
  const { rows } = await client.query<AppliedRow>(
    'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  );
  const known = new Map(ours.map((migration) => [migration.name, migration]));
  for (const { migration_name: name, checksum, finished_at } of rows) {
    if (!finished_at) {
      throw new Error(
        `migration ${name} was begun and did not finish: repair the database, then "prisma migrate resolve"`,
      );
    }
    const migration = known.get(name);
    if (!migration) {
      throw new Error(
        `the database has migration ${name}, which this version does not know: it was used by a newer Beagle`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new Error(`migration ${name} was changed after it was applied: migrations never change, add another one`);
    }
  }
  const applied = new Set(rows.map((row) => row.migration_name));
  return ours.filter(({ name }) => !applied.has(name));
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  const startedAt = new Date();
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, $4, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name, startedAt],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw new Error(`migration ${name} failed and was undone: ${(error as Error).message}`, { cause: error });
  }
}
