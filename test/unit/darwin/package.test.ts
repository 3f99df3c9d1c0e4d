import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadPackage, ModelPackageError } from '../../../src/darwin';
import type { Manifest } from '../../../src/darwin/manifest';
import { TINY, tinyProperty } from './fixtures';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'darwin-package-'));
  await cp(TINY, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

async function editManifest(edit: (manifest: Manifest) => void): Promise<void> {
  const file = path.join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
  edit(manifest);
  await writeFile(file, JSON.stringify(manifest));
}

async function refusal(): Promise<string> {
  const error: unknown = await loadPackage(folder).then(
    () => 'accepted',
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModelPackageError);
  return (error as Error).message;
}

describe('a model package', () => {
  it('is read with its identity and the formulas of its memory', async () => {
    const pack = await loadPackage(folder);
    expect(pack.id).toBe('darwin@0.0.0-tiny');
    expect(pack.graphSha256).toBe(pack.manifest.files['darwin.onnx']!.sha256);
    const formulas = await pack.memoryFormulas(tinyProperty('BAND_GAP'));
    expect(formulas).toHaveLength(12);
    expect(formulas[0]).toBe('GaAs');
    expect(await pack.memoryFormulas(tinyProperty('GLASS_FORMING'))).toEqual([]);
  });

  it.each(['darwin.onnx', 'memory.bin', 'golden.jsonl'])(
    'is refused when %s is not the file of the manifest',
    async (file) => {
      const full = path.join(folder, file);
      const bytes = await readFile(full);
      bytes[bytes.length >> 1]! ^= 1;
      await writeFile(full, bytes);
      const { manifest } = await loadPackage(TINY);
      const message = await refusal();
      expect(message).toContain(full);
      expect(message).toContain(`expected sha256 ${manifest.files[file]!.sha256}`);
      expect(message).toMatch(/found [0-9a-f]{64} \(\d+ bytes\)/);
    },
  );

  it('is refused when a file is missing', async () => {
    await rm(path.join(folder, 'memory.bin'));
    expect(await refusal()).toMatch(/memory\.bin is missing/);
  });

  it('is refused when there is no manifest, or one that is not JSON', async () => {
    await writeFile(path.join(folder, 'manifest.json'), '{');
    expect(await refusal()).toMatch(/manifest\.json is not JSON/);
    await rm(path.join(folder, 'manifest.json'));
    expect(await refusal()).toMatch(/is not a model package/);
  });

  it('cannot name a file outside its folder', async () => {
    await editManifest((m) => (m.files['../secret'] = { sha256: '0'.repeat(64), bytes: 1 }));
    expect(await refusal()).toMatch(/names "\.\.\/secret"/);
  });

  it.each<[string, (manifest: Manifest) => void, RegExp]>([
    ['another format', (m) => ((m as { format: number }).format = 2), /format: /],
    ['too few bins', (m) => m.properties[0]!.bins!.lower.pop(), /properties\.0\.bins: must hold 128 bins/],
    ['bins out of order', (m) => m.properties[0]!.bins!.lower.reverse(), /properties\.0\.bins: bin 0 ends/],
    [
      'an unknown property',
      (m) => ((m.properties[0] as { key: string }).key = 'MAGIC'),
      /properties\.0\.key: is not a property/,
    ],
    ['a unit that is not the contract’s', (m) => (m.properties[0]!.unit = 'J'), /unit: BAND_GAP is given in eV, not J/],
    [
      'the wrong kind',
      (m) => (m.properties[1]!.kind = 'regression'),
      /properties\.1\.kind: IS_METAL is a classification/,
    ],
    [
      'a token that it lacks',
      (m) => (m.properties[0]!.promptTokens[1] = 1e6),
      /promptTokens: is beyond the vocabulary/,
    ],
    [
      'a memory without an input of the graph',
      (m) => delete m.properties[0]!.memory!.state_keys,
      /lacks the graph's input state_keys/,
    ],
    ['an unlisted graph', (m) => (m.graph.file = 'other.onnx'), /graph\.file: "other\.onnx" is not listed/],
    ['a property twice', (m) => m.properties.push(m.properties[0]!), /properties: holds a property twice/],
  ])('is refused for %s', async (_, edit, expected) => {
    await editManifest(edit);
    expect(await refusal()).toMatch(expected);
  });
});
