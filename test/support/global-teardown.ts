import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/data/embedded-postgres';
import { silentLog } from '../../src/data/log';
import { TEST_DATA } from './database-folder';

export default async function teardown(): Promise<void> {
  const folder = process.env[TEST_DATA];
  if (folder) await removeServer(folder);
}

/** Stops the server by joining it and leaving as the last one. */
export async function removeServer(folder: string): Promise<void> {
  if (existsSync(join(folder, 'postgres', 'postmaster.pid'))) {
    await (await startEmbeddedPostgres({ dataFolder: folder, log: silentLog })).release();
  }
  await rm(folder, { recursive: true, force: true });
}
