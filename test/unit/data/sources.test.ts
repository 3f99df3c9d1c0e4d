import type { ReadingSession } from '../../../src/data/reading';
import { SourceReader } from '../../../src/data/repositories/sources';

const [A, B] = ['a', 'b'].map((letter) => ({ source_id: letter })) as [{ source_id: string }, { source_id: string }];

/** A table of sources whose address is the number of its version. */
function table() {
  let version = 1;
  const reads: string[][] = [];
  const session = {
    records: async ({ values }: { values: [string[]] }) => {
      const [ids] = values;
      reads.push(ids);
      const url = String(version);
      await new Promise(setImmediate);
      return ids.map((id) => ({ id, name: id, url, doi: null, licence: null }));
    },
  } as unknown as ReadingSession;
  return { reader: new SourceReader(session), reads, change: () => void version++ };
}

const addressOf = async (reader: SourceReader, row: { source_id: string }): Promise<string | null> =>
  (await reader.of([row])).get(row.source_id)!.url;

describe('sources', () => {
  afterEach(() => jest.restoreAllMocks());

  test('are read once a second, and only those that are not known', async () => {
    const clock = jest.spyOn(performance, 'now').mockReturnValue(10_000);
    const { reader, reads, change } = table();
    expect([...(await reader.of([A, A])).keys()]).toEqual(['a']);
    expect([...(await reader.of([B, A])).keys()].sort()).toEqual(['a', 'b']);
    expect(reads).toEqual([['a'], ['b']]);
    change();
    clock.mockReturnValue(10_999);
    expect(await addressOf(reader, A)).toBe('1');
    clock.mockReturnValue(11_000);
    expect(await addressOf(reader, A)).toBe('2');
    expect(reads).toHaveLength(3);
  });

  test('are read again after they were forgotten, and what was being read meanwhile is not kept', async () => {
    const { reader, change } = table();
    expect(await addressOf(reader, A)).toBe('1');
    const before = addressOf(reader, B);
    change();
    reader.forget();
    expect(await before).toBe('1');
    expect(await addressOf(reader, A)).toBe('2');
    expect(await addressOf(reader, B)).toBe('2');
  });
});
