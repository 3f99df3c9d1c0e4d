import { join } from 'node:path';
import { createCatalogWriter } from '../../src/catalog';
import { createPredictor, type DarwinPredictor } from '../../src/darwin';
import type { Config } from '../../src/config';
import type { CatalogWriter } from '../../src/domain';
import { servicesOver, type Services } from '../../src/services';
import { createTestDatabase, type TestDatabase } from './database';
import { freeAccess, startTestServer, type TestServer } from './server';

/** A package of a few thousand weights, trained for seconds: real in every part, good for nothing but tests. */
export const TINY_MODEL = join(__dirname, '../fixtures/models/darwin-tiny');

export interface RealServer extends TestServer {
  readonly testDatabase: TestDatabase;
  readonly predictor: DarwinPredictor;
  readonly services: Services;
  readonly writer: CatalogWriter;
}

/** The server with nothing faked: HTTP, GraphQL, a database of its own, a model in its worker thread. */
export async function startRealServer(model: string = TINY_MODEL, settings: Partial<Config> = {}): Promise<RealServer> {
  const testDatabase = await createTestDatabase();
  const predictor = await createPredictor({
    folder: model,
    device: 'cpu',
    workers: 1,
    store: testDatabase.database.predictions,
  });
  const services = await servicesOver(testDatabase.database, predictor, undefined, settings);
  const server = await startTestServer({
    ...services,
    access: freeAccess(),
    checkReady: () => testDatabase.database.ping(),
  });
  return {
    ...server,
    testDatabase,
    predictor,
    services,
    writer: createCatalogWriter(testDatabase.database),
    async stop() {
      await server.stop();
      await predictor.close();
      await services.reader.close();
      await testDatabase.drop();
    },
  };
}
