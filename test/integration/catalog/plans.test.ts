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

const TABLES = ['materials', 'measured_values', 'predictions'];
/** Rows of these tables, a few per cent of them, that a first page may read, and a deep one more than that. */
const READ = 10_000;
const READ_MORE = 1_000;

/** Rows that statements have read so far, by scans and through indexes. */
async function rowsRead(): Promise<number> {
  await test.database.execute('SELECT pg_stat_force_next_flush()');
  const { rows } = await test.database.execute(
    'SELECT sum(seq_tup_read + idx_tup_fetch) AS read FROM pg_stat_user_tables WHERE relname = ANY($1::text[])',
    [TABLES],
  );
  return Number((rows[0] as { read: string }).read);
}

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
    '$name: no sequential scan of materials and few rows read, on the first page or a deep one',
    async ({ filter, order }) => {
      const catalog = createCatalog(test.database, storedPredictions(STORED_MODEL));
      const costOf = async (work: () => Promise<unknown>) => {
        const before = { scans: await sequentialScans('materials'), read: await rowsRead() };
        await work();
        const read = (await rowsRead()) - before.read;
        return { scans: (await sequentialScans('materials')) - before.scans, read };
      };
      const { edges } = await catalog.search(filter, { first: 2_000 }, order);
      const after = edges[Math.floor(0.9 * edges.length)]!.cursor;
      // Asked again it is prepared, and after five times Postgres may take one plan for every cursor.
      for (const repeated of [0, 8]) {
        for (let i = 0; i < repeated; i++) {
          await catalog.search(filter, { first: 20 }, order);
          await catalog.search(filter, { first: 20, after: edges[i]!.cursor }, order);
        }
        const first = await costOf(() => catalog.search(filter, { first: 20 }, order));
        const deep = await costOf(() => catalog.search(filter, { first: 20, after }, order));
        expect([first.scans, deep.scans]).toEqual([0, 0]);
        expect(first.read).toBeLessThan(READ);
        expect(deep.read).toBeLessThan(first.read + READ_MORE);
      }
    },
  );
});
