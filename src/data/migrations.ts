import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export const MIGRATIONS_FOLDER = join(__dirname, '..', '..', 'prisma', 'migrations');

export interface Migration {
  /** The folder's name, `<UTC time>_<what>`: their order is the order of application. */
  readonly name: string;
  readonly sql: string;
  /** sha256 of the file, hexadecimal, as Prisma records it. */
  readonly checksum: string;
}

/** All migrations in their order. */
export async function readMigrations(folder: string = MIGRATIONS_FOLDER): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => existsSync(join(folder, name, 'migration.sql'))).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}
