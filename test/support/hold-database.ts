/**
 * A process of its own that opens the database in a folder, writes one row, says so and stays: to be killed by tests.
 * Run with `node --import tsx test/support/hold-database.ts <data folder>`.
 */
import { createCatalogWriter } from '../../src/catalog';
import { openDatabase, silentLog } from '../../src/data';
import { material, SOURCE } from './materials';

async function main(dataFolder: string): Promise<void> {
  const database = await openDatabase({ url: null, dataFolder, log: silentLog });
  await createCatalogWriter(database).upsertMaterials(SOURCE, [material('GaAs', { externalId: `of ${process.pid}` })]);
  process.stdout.write('written\n');
  setInterval(() => {}, 60_000);
}

void main(process.argv[2]!);
