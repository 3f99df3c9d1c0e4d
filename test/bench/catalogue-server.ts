// Serves a catalogue by GraphQL, as `npm run bench:catalogue` needs it: `catalogue-server.ts DATABASE_URL` prints the port.
import { createCatalog, storedPredictions } from '../../src/catalog';
import { openDatabase, silentLog } from '../../src/data';
import { STORED_MODEL } from '../support/generated-catalogue';
import { startTestServer } from '../support/server';

async function main(url: string): Promise<void> {
  const database = await openDatabase({ url, dataFolder: '', log: silentLog });
  const server = await startTestServer({ catalog: createCatalog(database, storedPredictions(STORED_MODEL)) });
  console.log(new URL(server.url).port);
}

main(process.argv[2]!).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
