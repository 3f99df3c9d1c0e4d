import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../../data';
import type { CatalogWriter, CompositionMeasurementInput, MaterialInput, SourceInput } from '../../domain';
import { createCatalogWriter } from '../writer';
import { readSeedMaterials, readSeedMeasurements } from './read';

/** Beside the migrations; prisma/seed/README.md says what is in it. */
export const SEED_FOLDER = join(__dirname, '..', '..', '..', 'prisma', 'seed');

const NAME = 'starter-catalogue';

export interface SeedReport {
  readonly materials: number;
  readonly measurements: number;
}

/**
 * Brings the starter catalogue into the database: once, and again when its files have changed, in one transaction, so that servers that
 * start together do it once. Materials of the user stay as they are. @returns null if there was nothing to do
 */
export async function seedCatalogue(
  database: Pick<Database, 'transaction'>,
  folder: string = SEED_FOLDER,
): Promise<SeedReport | null> {
  const [sources, materials, measurements] = await Promise.all(
    ['sources.json', 'catalogue.jsonl', 'measurements.csv'].map((name) => readFile(join(folder, name), 'utf8')),
  );
  const sha256 = createHash('sha256')
    .update(JSON.stringify([sources, materials, measurements]))
    .digest('hex');
  return database.transaction(async (repositories) => {
    if (!(await repositories.seeds.claim(NAME, sha256))) return null;
    const writer = createCatalogWriter({ transaction: (work) => work(repositories) });
    const cited = JSON.parse(sources!) as Record<string, SourceInput>;
    await repositories.seeds.deleteCompositionMeasurements(Object.values(cited).map(({ name }) => name));
    return {
      materials: await writeMaterials(writer, cited, readSeedMaterials(materials!)),
      measurements: await writeMeasurements(writer, cited, readSeedMeasurements(measurements!)),
    };
  });
}

type Cited<T> = Iterable<readonly [sourceKey: string, item: T]>;

async function writeMaterials(
  writer: CatalogWriter,
  sources: Record<string, SourceInput>,
  materials: Cited<MaterialInput>,
): Promise<number> {
  let count = 0;
  for (const [source, batch] of bySource(sources, materials)) {
    const { created, updated } = await writer.upsertMaterials(source, batch);
    count += created + updated;
  }
  return count;
}

async function writeMeasurements(
  writer: CatalogWriter,
  sources: Record<string, SourceInput>,
  measurements: Cited<CompositionMeasurementInput>,
): Promise<number> {
  let count = 0;
  for (const [source, batch] of bySource(sources, measurements)) {
    await writer.addMeasurements(source, batch);
    count += batch.length;
  }
  return count;
}

function bySource<T>(sources: Record<string, SourceInput>, items: Cited<T>): [SourceInput, T[]][] {
  const groups = new Map<string, T[]>();
  for (const [key, item] of items) {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups].map(([key, group]) => {
    const source = sources[key];
    if (source === undefined) throw new Error(`sources.json has no "${key}"`);
    return [source, group];
  });
}
