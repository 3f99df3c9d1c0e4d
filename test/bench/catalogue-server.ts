// Serves a catalogue by GraphQL, as `npm run bench:catalogue` needs it: `catalogue-server.ts DATABASE_URL [constant]` prints the port. With
// `constant` every search is answered with one page that was found before: what is left is the server without a database.
import { createCatalog, storedPredictions } from '../../src/catalog';
import { openDatabase, silentLog } from '../../src/data';
import { createLogger } from '../../src/log';
import { STORED_MODEL } from '../support/generated-catalogue';
import { startTestServer } from '../support/server';

async function main(url: string, kind: string | undefined): Promise<void> {
  const database = await openDatabase({ url, dataFolder: '', log: silentLog });
  const catalog = createCatalog(database, storedPredictions(STORED_MODEL));
  const page = await catalog.search({}, { first: 20 });
  const served = kind === 'constant' ? { ...catalog, search: () => Promise.resolve(page) } : catalog;
  const server = await startTestServer({ catalog: served, logger: createLogger('warn') });
  console.log(new URL(server.url).port);
}

main(process.argv[2]!, process.argv[3]).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
