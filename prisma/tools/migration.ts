import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MIGRATIONS_FOLDER } from '../../src/data/migrations';
import { diffMigrationsToSchema } from './engine';

/** `npm run db:migration -- <name>`: writes the migration that brings the database to schema.prisma. Read it before you commit it. */
async function main(name: string | undefined): Promise<void> {
  if (!name || !/^[a-z0-9_]{1,60}$/.test(name)) {
    throw new Error('Usage: npm run db:migration -- <name>, with lower-case letters, digits and _');
  }
  const { exitCode, stdout } = await diffMigrationsToSchema('sql');
  if (exitCode === 0 || !stdout)
    return console.log('Nothing to do: the migrations make what prisma/schema.prisma says.');
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = join(MIGRATIONS_FOLDER, `${time}_${name}`);
  await mkdir(folder);
  await writeFile(join(folder, 'migration.sql'), stdout, { flag: 'wx' });
  console.log(`Wrote ${join(folder, 'migration.sql')}. Read it; then: node prisma/generate.js`);
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
