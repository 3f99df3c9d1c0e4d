import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { release } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Binaries, prepareBinaries, tool } from './binaries';
import { canReach, isRoot, type RunUser, unprivilegedUser } from './run-user';

const run = promisify(execFile);

/** Where root keeps the cluster when the run user cannot enter the data folder (below /root, say). */
export const SYSTEM_STATE = '/var/lib/beagle';
/** The cluster's superuser. */
export const SUPERUSER = 'beagle';

/** How a whole cluster is made durable. syncfs reports errors of writing since Linux 5.8; before, and elsewhere, file by file. */
export const SYNC_METHOD = process.platform === 'linux' && linuxIsAtLeast(5, 8) ? 'syncfs' : 'fsync';

function linuxIsAtLeast(major: number, minor: number): boolean {
  const [ours = 0, oursMinor = 0] = release().split('.').map(Number);
  return ours > major || (ours === major && oursMinor >= minor);
}

/** An initialised Postgres data directory and what it takes to run it. */
export interface Cluster {
  /** Real path of the Postgres data directory. */
  readonly folder: string;
  readonly password: string;
  readonly user: RunUser | null;
  readonly binaries: Binaries;
}

/**
 * The cluster `<dataFolder>/postgres`, initialised if it is not there yet. It appears whole or not at all: it is made
 * in a scratch folder and renamed, so a start that is killed halfway leaves nothing behind and of two first starts
 * at once one wins and the other uses the winner's.
 */
export async function openCluster(dataFolder: string): Promise<Cluster> {
  const made = await mkdir(dataFolder, { recursive: true });
  // A root with umask 077 would lock the run user out of a folder that we have just made.
  if (made && isRoot()) await chmod(dataFolder, 0o755);
  const place = join(dataFolder, 'postgres');
  const existing = await realpath(place).catch(() => null);
  if (!existing) await checkNotMoved(place);
  const user = existing ? await ownerOf(existing) : await unprivilegedUser();
  const binaries = await prepareBinaries(dataFolder, user);
  if (!existing) await createCluster(place, user, binaries);

  const folder = await realpath(place);
  await checkVersion(folder, binaries);
  return { folder, password: (await readFile(passwordFile(folder), 'utf8')).trim(), user, binaries };
}

/** Inside the cluster, so that it comes and goes with it and is readable by its owner alone. */
const passwordFile = (folder: string): string => join(folder, 'beagle.password');

/** Postgres insists that the owner of the data directory runs it. */
async function ownerOf(folder: string): Promise<RunUser | null> {
  const { uid, gid } = await stat(folder);
  if (process.getuid === undefined || uid === process.getuid()) return null;
  if (isRoot()) return { uid, gid };
  throw new Error(
    `the database in ${folder} belongs to another user (uid ${uid}): start Beagle as that user or as root, or set BEAGLE_DATA to another folder`,
  );
}

/** A link whose target is gone must not look like a first start. */
async function checkNotMoved(place: string): Promise<void> {
  const target = await readlink(place).catch(() => null);
  // Another first start may have made the link just now.
  if (target === null || (await realpath(place).catch(() => null))) return;
  throw new Error(
    `the database of this folder was kept in ${target}, which is gone: bring it back, or remove ${place} to begin with an empty one`,
  );
}

async function checkVersion(folder: string, binaries: Binaries): Promise<void> {
  const version = (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim();
  if (version !== binaries.majorVersion) {
    throw new Error(
      `the database in ${folder} was made by Postgres ${version}, the binaries here are Postgres ${binaries.majorVersion}: dump it with ${version} and restore it, or set BEAGLE_DATA to a new folder`,
    );
  }
}

async function createCluster(place: string, user: RunUser | null, binaries: Binaries): Promise<void> {
  const reachable = await canReach(dirname(place), user);
  const parent = reachable ? dirname(place) : await systemFolder(place);
  const scratch = await mkdtemp(join(parent, 'initdb-'));
  try {
    if (user) await chown(scratch, user.uid, user.gid);
    const data = join(scratch, 'postgres');
    await initialise(data, scratch, user, binaries);
    if (reachable) await rename(data, place);
    else await placeBySymlink(data, join(parent, 'postgres'), place);
  } catch (error) {
    // Another first start was faster: its cluster stands at the place.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function systemFolder(place: string): Promise<string> {
  await mkdir(SYSTEM_STATE, { recursive: true, mode: 0o755 });
  const folder = await mkdtemp(join(SYSTEM_STATE, `${basename(dirname(dirname(place)))}-`));
  await chmod(folder, 0o755);
  return folder;
}

async function placeBySymlink(data: string, target: string, place: string): Promise<void> {
  await rename(data, target);
  try {
    await symlink(target, place);
  } catch (error) {
    await rm(dirname(target), { recursive: true, force: true });
    throw error;
  }
}

async function initialise(data: string, scratch: string, user: RunUser | null, binaries: Binaries): Promise<void> {
  const password = randomBytes(24).toString('base64url');
  const given = join(scratch, 'password');
  await writeOwned(given, password, user);
  // The builtin locale provider (Postgres 17+) needs no locale of the machine and sorts the same everywhere.
  const options = [
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    `--sync-method=${SYNC_METHOD}`,
  ];
  try {
    await run(
      tool(binaries, 'initdb'),
      ['-D', data, '-U', SUPERUSER, '--auth=scram-sha-256', `--pwfile=${given}`, '--no-instructions', ...options],
      { ...user, cwd: scratch },
    );
  } catch (error) {
    throw new Error(`initdb could not make the database in ${data}: ${outputOf(error)}`, { cause: error });
  }
  await writeOwned(passwordFile(data), password, user);
}

async function writeOwned(path: string, text: string, user: RunUser | null): Promise<void> {
  await writeFile(path, text, { mode: 0o600, flag: 'wx' });
  if (user) await chown(path, user.uid, user.gid);
}

/** What a failed tool said, for the operator. */
export function outputOf(error: unknown): string {
  const { stderr, stdout, message } = error as { stderr?: string; stdout?: string; message: string };
  return (stderr || stdout || message).trim();
}
