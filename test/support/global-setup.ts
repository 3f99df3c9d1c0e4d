import { chmod, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_DATA } from './database-folder';
import { removeServer } from './global-teardown';

/**
 * Names the folder of this run's embedded Postgres. The first test file that needs a database starts it there, so runs
 * without one cost nothing. What interrupted runs left behind goes.
 */
export default async function setup(): Promise<void> {
  const prefix = `beagle-test-${process.getuid?.() ?? 0}-`;
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : NaN;
    if (pid > 0 && !isAlive(pid)) await removeServer(join(tmpdir(), name));
  }
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  // The server's user, who is another one when root runs the tests, has to enter it.
  await chmod(folder, 0o755);
  process.env[TEST_DATA] = folder;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
