import { setImmediate } from 'node:timers/promises';
import { importMaterials } from '../../../src/catalog/import';
import type { CatalogWriter, MaterialInput, PreparedMaterials } from '../../../src/domain';

/** Is not done with a batch before that many rows have been read, and then waits for more; notes what had been read by then. */
function slowWriter(rowsRead: () => number, until: readonly number[]) {
  const batches: { readonly size: number; readonly read: number }[] = [];
  const writer = {
    prepare: async (materials: readonly MaterialInput[]) => ({ materials }),
    async upsertMaterials(_: unknown, { materials: batch }: PreparedMaterials) {
      while (rowsRead() < until[batches.length]!) await setImmediate();
      for (let i = 0; i < 100; i++) await setImmediate();
      batches.push({ size: batch.length, read: rowsRead() });
      return { created: batch.length, updated: 0, ids: [] };
    },
    atomically: (work: (inner: CatalogWriter) => Promise<unknown>) => work(writer as unknown as CatalogWriter),
  };
  return { writer: writer as unknown as CatalogWriter, batches };
}

describe('an import of many rows', () => {
  const source = { name: 'rows' };
  const ROWS = 20_000;
  let read = 0;
  function* file(last: string) {
    yield 'formula,external_id\n';
    for (read = 0; read < ROWS; read++) yield `NaCl,id-${read}\n`;
    yield last;
  }

  it('reads the next batch while one is written, and no further', async () => {
    const { writer, batches } = slowWriter(() => read, [4_000, ...Array<number>(9).fill(0)]);
    const result = await importMaterials(writer, { format: 'CSV', content: file(''), source });
    expect(result).toMatchObject({ imported: true, created: ROWS });
    expect(batches.map(({ size }) => size)).toEqual(Array<number>(10).fill(2_000));
    // What goes beyond two batches is the piece of text that the reader has at hand.
    expect(batches[0]!.read).toBeLessThan(ROWS / 2);
  });

  it('tells of an error of the file that comes while a batch is written', async () => {
    const { writer, batches } = slowWriter(() => read, [4_000, ...Array<number>(9).fill(0)]);
    const result = await importMaterials(writer, { format: 'CSV', content: file('NaCl,"open'), source });
    expect(result).toMatchObject({ imported: false, errors: [{ row: ROWS + 2 }] });
    expect(batches.length).toBeGreaterThan(0);
  });

  it('lets other work of the process have its turn while it reads', async () => {
    const { writer } = slowWriter(() => read, Array<number>(10).fill(0));
    const seen: number[] = [];
    const clock = setInterval(() => seen.push(read), 1);
    await importMaterials(writer, { format: 'CSV', content: [...file('')].join(''), source });
    clearInterval(clock);
    expect(seen.length).toBeGreaterThan(10);
  });
});
