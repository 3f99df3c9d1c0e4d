import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { manifestSchema, type Manifest, type ManifestProperty } from './manifest';
import type { Row } from './prompt';

/** A package that cannot be used. The message names the file, what was expected and what was found. */
export class ModelPackageError extends Error {
  override readonly name = 'ModelPackageError';
}

/** A model package (docs/model-package.md) whose every file has been checked against its manifest. */
export interface ModelPackage {
  readonly folder: string;
  /** `name@version` */
  readonly id: string;
  readonly manifest: Manifest;
  readonly graphPath: string;
  readonly graphSha256: string;
  /** Absolute path of one of the package's files. */
  resolve(file: string): string;
  /** Training formulas of a property's memory, in the order of its rows; empty without a memory. */
  memoryFormulas(property: ManifestProperty): Promise<readonly string[]>;
  /** Rows with the answers that the training's own framework computed for them; empty if the package has none. */
  goldenRows(): Promise<readonly GoldenRow[]>;
}

/** Parts of a line of golden.jsonl. */
export interface GoldenRow extends Row {
  readonly property: string;
  readonly probabilities: readonly number[];
}

const GOLDEN_FILE = 'golden.jsonl';

/**
 * Reads and checks a package: the manifest against its schema, every file against its size and sha256.
 *
 * @param folder for example `models/darwin-0.3.1`
 * @throws ModelPackageError
 */
export async function loadPackage(folder: string): Promise<ModelPackage> {
  const manifest = await readManifest(folder);
  // A manifest must not be able to name a file outside its folder.
  const resolve = (file: string) => {
    const full = path.resolve(folder, file);
    if (path.dirname(full) !== path.resolve(folder)) {
      throw new ModelPackageError(`${folder}: manifest.json names "${file}", which is not a file of the package`);
    }
    return full;
  };
  await Promise.all(
    Object.entries(manifest.files).map(([file, expected]) => checkFile(resolve(file), expected.bytes, expected.sha256)),
  );
  const texts = new Map<string, Promise<string[]>>();
  const lines = (file: string) => {
    let promise = texts.get(file);
    if (!promise)
      texts.set(file, (promise = readFile(resolve(file)).then((b) => gunzipSync(b).toString().split('\n'))));
    return promise;
  };
  return {
    folder,
    id: `${manifest.name}@${manifest.version}`,
    manifest,
    graphPath: resolve(manifest.graph.file),
    graphSha256: manifest.files[manifest.graph.file]!.sha256,
    resolve,
    async memoryFormulas(property) {
      if (!property.memory?.formulas) return [];
      const { file, offset, rows } = property.memory.formulas;
      return (await lines(file)).slice(offset, offset + rows);
    },
    async goldenRows() {
      if (!Object.hasOwn(manifest.files, GOLDEN_FILE)) return [];
      const text = await readFile(resolve(GOLDEN_FILE), 'utf8');
      return text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as GoldenRow);
    },
  };
}

async function readManifest(folder: string): Promise<Manifest> {
  const file = path.join(folder, 'manifest.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new ModelPackageError(`${folder} is not a model package: ${(error as Error).message}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ModelPackageError(`${file} is not JSON: ${(error as Error).message}`);
  }
  const parsed = manifestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || 'manifest'}: ${issue.message}`);
  throw new ModelPackageError(`${file} does not follow model package format 1: ${problems.join('; ')}`);
}

export async function checkFile(file: string, bytes: number, sha256: string): Promise<void> {
  let size: number;
  try {
    size = (await stat(file)).size;
  } catch {
    throw new ModelPackageError(`${file} is missing; the manifest lists it with sha256 ${sha256}`);
  }
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  const found = hash.digest('hex');
  if (found !== sha256 || size !== bytes) {
    throw new ModelPackageError(
      `${file} is not the file that the manifest describes: expected sha256 ${sha256} (${bytes} bytes), found ${found} (${size} bytes)`,
    );
  }
}
