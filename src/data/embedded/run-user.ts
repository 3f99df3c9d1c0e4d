import { execFile } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The operating-system user that runs the server; `null` is ourselves. */
export interface RunUser {
  readonly uid: number;
  readonly gid: number;
}

export const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * Postgres refuses to run as root, so root hands it to a user that exists already: `postgres`, else `nobody`.
 * Nothing is added to the machine's users.
 */
export async function unprivilegedUser(): Promise<RunUser | null> {
  if (!isRoot()) return null;
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all(
        ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)),
      );
      if (uid && gid) return { uid, gid };
    } catch {
      // No such user: the next one.
    }
  }
  throw new Error(
    'Postgres cannot run as root and this machine has neither a user "postgres" nor "nobody": start Beagle as a normal user, or set DATABASE_URL',
  );
}

const EXECUTE = 0o1;
const READ = 0o4;

/** Whether `user` may read (folders: enter) `path`, by the permission bits of it and of every folder above. */
export async function canReach(path: string, user: RunUser | null): Promise<boolean> {
  if (!user) return true;
  const allowed = async (place: string, bit: number) => {
    const { mode, uid, gid } = await stat(place);
    return (mode & (bit << (uid === user.uid ? 6 : gid === user.gid ? 3 : 0))) !== 0;
  };
  const real = await realpath(path);
  if (!(await allowed(real, (await stat(real)).isDirectory() ? EXECUTE : READ))) return false;
  for (let folder = dirname(real); ; folder = dirname(folder)) {
    if (!(await allowed(folder, EXECUTE))) return false;
    if (folder === dirname(folder)) return true;
  }
}
