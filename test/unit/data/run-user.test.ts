import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canReach } from '../../../src/data/embedded/run-user';

/** Nobody that owns anything here. */
const STRANGER = { uid: 54_321, gid: 54_321 };

describe('whether another user can reach a path', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'beagle-reach-'));
    await mkdir(join(folder, 'inner'));
    file = join(folder, 'inner', 'file');
    await writeFile(file, '');
    for (const [path, mode] of [
      [folder, 0o755],
      [join(folder, 'inner'), 0o755],
      [file, 0o644],
    ] as const)
      await chmod(path, mode);
  });
  afterEach(async () => {
    await chmod(folder, 0o700);
    await rm(folder, { recursive: true });
  });

  it('it can where every folder lets it in', async () => {
    expect(await canReach(file, STRANGER)).toBe(true);
  });
  it('it cannot below a folder of mode 0700, such as /root', async () => {
    await chmod(folder, 0o700);
    expect(await canReach(file, STRANGER)).toBe(false);
    expect(await canReach(join(folder, 'inner'), STRANGER)).toBe(false);
  });
  it('entering a folder takes no right to list it', async () => {
    await chmod(folder, 0o711);
    expect(await canReach(file, STRANGER)).toBe(true);
  });
  it('a file must be readable', async () => {
    await chmod(file, 0o600);
    expect(await canReach(file, STRANGER)).toBe(false);
  });
  it('the owner has the rights of the owner, the group those of the group', async () => {
    await chmod(folder, 0o700);
    const { uid, gid } = { uid: process.getuid!(), gid: process.getgid!() };
    expect(await canReach(file, { uid, gid: STRANGER.gid })).toBe(true);
    await chmod(folder, 0o710);
    expect(await canReach(file, { uid: STRANGER.uid, gid })).toBe(true);
  });
  it('we ourselves are not asked', async () => {
    await chmod(folder, 0o700);
    expect(await canReach(file, null)).toBe(true);
  });
});
