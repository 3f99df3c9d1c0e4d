import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { QUESTION_KINDS, type QuestionReader, type Reading } from '../domain';
import { checkFile, ModelPackageError } from './package';
import { GraphSession, type GraphSessionOptions, type Tensors } from './session/graph-session';

/** The manifest of a package `reader-<version>` (docs/model-package.md). */
const readerManifest = z.object({
  format: z.literal(1),
  kind: z.literal('reader'),
  name: z.string().min(1),
  version: z.string().min(1),
  language: z.string().regex(/^[a-z]{2}$/),
  files: z.record(z.string(), z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().nonnegative() })),
  graph: z.object({ file: z.string().regex(/^[\w.-]+$/) }),
  buckets: z.int().min(2),
  grams: z.array(z.int().min(1)).min(1),
  classes: z.array(z.string()).min(2),
  kinds: z.array(z.enum(QUESTION_KINDS)).length(QUESTION_KINDS.length),
  threshold: z.number().min(0).max(1),
});
export type ReaderManifest = z.infer<typeof readerManifest>;

const WORD = /#[a-z]+|\p{L}+|\d+(?:[.,]\d+)*|[%°]/gu;

/** Compatibility characters unfolded, lower case; runs of letters; every number is "0"; a subject (`#alloy`) is one word. */
export function wordsOf(text: string): string[] {
  const words = text.normalize('NFKC').toLowerCase().match(WORD) ?? [];
  return words.map((word) => (/^\d/.test(word) ? '0' : word));
}

const UTF8 = new TextEncoder();

/** FNV-1a (32 bits) of the UTF-8 bytes; bucket 0 is the padding. */
function bucketOf(feature: string, buckets: number): number {
  let hash = 0x811c9dc5;
  for (const byte of UTF8.encode(feature)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return 1 + (hash % (buckets - 1));
}

/** Buckets of a word itself and of its pieces; a number and a subject have none. */
function piecesOf(word: string, { buckets, grams }: ReaderManifest): number[] {
  const features = [word];
  if (word !== '0' && !word.startsWith('#')) {
    const framed = [...`<${word}>`];
    for (const size of grams) {
      for (let at = 0; at + size <= framed.length; at++) features.push(framed.slice(at, at + size).join(''));
    }
  }
  return features.map((feature) => bucketOf(feature, buckets));
}

/** [words, pieces] int64, padded with 0. */
function featuresOf(text: string, manifest: ReaderManifest): Tensors {
  const rows = wordsOf(text).map((word) => piecesOf(word, manifest));
  if (rows.length === 0) rows.push([0]);
  const width = Math.max(...rows.map((row) => row.length));
  const data = new BigInt64Array(rows.length * width);
  rows.forEach((row, r) => row.forEach((bucket, c) => (data[r * width + c] = BigInt(bucket))));
  return { features: { type: 'int64', shape: [rows.length, width], data } };
}

/** Reads questions with the graph of a reader package. */
export class Reader implements QuestionReader {
  private constructor(
    readonly manifest: ReaderManifest,
    private readonly session: GraphSession,
  ) {}

  /**
   * Checks the package; its session starts with the first question.
   *
   * @param folder for example `models/reader-0.1.0`
   * @throws ModelPackageError if a file is missing or is not what the manifest says
   */
  static async open(folder: string, onWorker?: GraphSessionOptions['onWorker']): Promise<Reader> {
    const manifest = await readManifest(path.join(folder, 'manifest.json'));
    await Promise.all(
      Object.entries(manifest.files).map(([file, { bytes, sha256 }]) =>
        checkFile(path.join(folder, path.basename(file)), bytes, sha256),
      ),
    );
    const session = new GraphSession({
      graphPath: path.join(folder, manifest.graph.file),
      // A quarter of a million multiplications: a GPU would only add the way to it.
      device: 'cpu',
      threads: 1,
      warmUp: featuresOf('what is the band gap of #compound', manifest),
      onWorker,
    });
    return new Reader(manifest, session);
  }

  get language(): string {
    return this.manifest.language;
  }

  async read(question: string): Promise<Reading> {
    const { classes, kinds, threshold } = this.manifest;
    const outputs = await this.session.run(featuresOf(question, this.manifest));
    const ofClass = outputs['classes']!.data as Float32Array;
    const ofKind = outputs['kinds']!.data as Float32Array;
    const ranked = classes
      .map((name, i) => ({ name, probability: ofClass[i]! }))
      .sort((a, b) => b.probability - a.probability);
    const best = ofKind.indexOf(Math.max(...ofKind));
    return { classes: ranked, kind: kinds[best]!, threshold };
  }

  close(): Promise<void> {
    return this.session.close();
  }
}

async function readManifest(file: string): Promise<ReaderManifest> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new ModelPackageError(`${file} cannot be read: ${(error as Error).message}`);
  }
  const parsed = readerManifest.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 5).map(({ path: at, message }) => `${at.join('.')}: ${message}`);
  throw new ModelPackageError(`${file} does not follow reader package format 1: ${problems.join('; ')}`);
}
