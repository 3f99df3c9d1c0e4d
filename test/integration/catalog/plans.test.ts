import { createCatalog, storedPredictions } from '../../../src/catalog';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { fillCatalogue, STORED_MODEL } from '../../support/generated-catalogue';
import { TYPICAL_SEARCHES } from '../../support/typical-searches';

const ROWS = 8_000;
const COPIES = 12;
let test: TestDatabase;

// One connection: it is told to publish what its statements read.
beforeAll(async () => {
  test = await createTestDatabase({ poolSize: 1 });
  await fillCatalogue(test.database, ROWS, { copies: COPIES });
}, 300_000);
afterAll(() => test.drop());

async function sequentialScans(table: string): Promise<number> {
  await test.database.execute('SELECT pg_stat_force_next_flush()');
  const { rows } = await test.database.execute('SELECT seq_scan FROM pg_stat_user_tables WHERE relname = $1', [table]);
  return Number((rows[0] as { seq_scan: string }).seq_scan);
}

describe(`the plans of typical searches of ${(ROWS * (1 + COPIES)).toLocaleString('en')} materials`, () => {
  it('a sequential scan would be seen', async () => {
    const before = await sequentialScans('materials');
    await test.database.execute('SELECT count(*) FROM materials WHERE name = $1', ['x']);
    expect(await sequentialScans('materials')).toBe(before + 1);
  });

  it.each(TYPICAL_SEARCHES)(
    '$name: no sequential scan of materials, on the first page or a deep one',
    async ({ filter, order }) => {
      const catalog = createCatalog(test.database, storedPredictions(STORED_MODEL));
      const scans = async (work: () => Promise<unknown>): Promise<number> => {
        const before = await sequentialScans('materials');
        await work();
        return (await sequentialScans('materials')) - before;
      };
      const { edges } = await catalog.search(filter, { first: 100 }, order);
      const after = edges[Math.floor((edges.length * 3) / 4)]!.cursor;
      expect({
        first: await scans(() => catalog.search(filter, { first: 20 }, order)),
        deep: await scans(() => catalog.search(filter, { first: 20, after }, order)),
      }).toEqual({ first: 0, deep: 0 });
    },
  );
});
