import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { Reader } from '../../../src/darwin';
import { FACTS } from '../../../src/ask/facts';
import { wordsOf } from '../../../src/darwin/reader';
import { PROPERTY_KEYS } from '../../../src/domain';

const SHIPPED = join(__dirname, '../../../models/reader-0.1.0');

describe('the shipped reader of questions', () => {
  let reader: Reader;
  const workers: Worker[] = [];
  beforeAll(async () => (reader = await Reader.open(SHIPPED, (worker) => workers.push(worker))));
  afterAll(() => reader.close());

  test('knows every property, every fact of the elements, and that a question may ask for neither', () => {
    expect(new Set(reader.manifest.classes)).toEqual(new Set([...PROPERTY_KEYS, ...FACTS, 'OTHER']));
  });

  test('starts no thread before it is asked', () => expect(workers).toHaveLength(0));

  test('answers as torch did when it was made', async () => {
    const lines = readFileSync(join(SHIPPED, 'golden.jsonl'), 'utf8').trim().split('\n');
    expect(lines.length).toBeGreaterThanOrEqual(50);
    for (const line of lines) {
      const golden = JSON.parse(line);
      const { classes, kind } = await reader.read(golden.text);
      expect(classes[0]).toEqual({ name: golden.class, probability: expect.closeTo(golden.probability, 4) });
      expect(kind).toBe(golden.kind);
    }
  });

  test('reads any text: nothing, other scripts, very long words', async () => {
    for (const text of ['', '???', '带隙', '𝓑𝓪𝓷𝓭 gap of #compound', 'a'.repeat(500), '\ud800', '0 '.repeat(200)]) {
      const { classes } = await reader.read(text);
      expect(classes.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 4);
    }
  });

  test('answers again after its thread died', async () => {
    await reader.read('band gap of #compound');
    await workers.at(-1)!.terminate();
    const { classes } = await reader.read('band gap of #compound');
    expect(classes[0]!.name).toBe('BAND_GAP');
    expect(workers).toHaveLength(2);
  });
});

test('words are letters, numbers as one, and what is asked about', () => {
  expect(wordsOf('What’s the Gap of #compound at 1,200.5 K (°C)?')).toEqual(
    'what s the gap of #compound at 0 k ° c'.split(' '),
  );
});

test('a package that is not what its manifest says is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reader-'));
  cpSync(SHIPPED, folder, { recursive: true });
  writeFileSync(join(folder, 'golden.jsonl'), '{}\n');
  await expect(Reader.open(folder)).rejects.toThrow(/golden.jsonl is not the file that the manifest describes/);
  writeFileSync(join(folder, 'manifest.json'), '{"format": 2}');
  await expect(Reader.open(folder)).rejects.toThrow(/does not follow reader package format 1: format/);
  await expect(Reader.open(join(folder, 'nowhere'))).rejects.toThrow(/cannot be read/);
});
