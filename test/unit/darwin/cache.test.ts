import fc from 'fast-check';
import type { PredictionKey, PredictionStore, StoredPrediction } from '../../../src/domain';
import { decodeAnswer, encodeAnswer } from '../../../src/darwin/answer';
import { PredictionCache, type ComputedAnswer } from '../../../src/darwin/cache';

class MemoryStore implements PredictionStore {
  readonly rows = new Map<string, StoredPrediction>();
  reads = 0;
  writes = 0;
  broken = false;

  async getMany(modelId: string, keys: readonly PredictionKey[]) {
    this.reads += 1;
    if (this.broken) throw new Error('connection refused');
    return keys.map((key) => this.rows.get(this.text(modelId, key)) ?? null);
  }

  async putMany(modelId: string, predictions: readonly StoredPrediction[]) {
    this.writes += 1;
    if (this.broken) throw new Error('connection refused');
    for (const row of predictions) this.rows.set(this.text(modelId, row), row);
  }

  private text(modelId: string, { property, compositionKey, variant }: PredictionKey) {
    return [modelId, property, compositionKey, variant].join('|');
  }
}

const keyOf = (n: number) => ({ property: 'BAND_GAP', compositionKey: `Ga${n}`, variant: '', columns: 3 }) as const;
const computed = (n: number): ComputedAnswer => ({
  key: keyOf(n),
  answer: { probabilities: Float32Array.of(0.1 + n, 0.2, 1 / 3), neighbours: [{ row: n, weight: Math.fround(0.7) }] },
  computedAt: new Date(1_000 * n),
  value: n,
  standardDeviation: 1,
});

function setUp(modelId = 'darwin@1', store = new MemoryStore(), entries = 100) {
  const messages: string[] = [];
  const cache = new PredictionCache({ modelId, entries, store, log: (message) => messages.push(message) });
  return { cache, store, messages };
}

describe('an answer as bytes', () => {
  it('comes back bit for bit, wherever the bytes lie', () => {
    const float = fc.float({ min: 0, max: 1, noNaN: true });
    const neighbour = fc.record({ row: fc.nat(), weight: float });
    fc.assert(
      fc.property(fc.array(float, { maxLength: 40 }), fc.array(neighbour, { maxLength: 9 }), (columns, neighbours) => {
        const answer = { probabilities: Float32Array.from(columns), neighbours };
        const unaligned = Buffer.concat([Buffer.alloc(3), encodeAnswer(answer)]).subarray(3);
        expect(decodeAnswer(unaligned, columns.length)).toEqual(answer);
      }),
      { seed: 7 },
    );
  });

  it('is nothing if it has other columns or another length', () => {
    const bytes = encodeAnswer(computed(1).answer);
    expect(decodeAnswer(bytes, 4)).toBeNull();
    expect(decodeAnswer(bytes.subarray(0, -1), 3)).toBeNull();
    expect(decodeAnswer(new Uint8Array(2), 3)).toBeNull();
  });
});

describe('the prediction cache', () => {
  it('answers from the process without asking the store', async () => {
    const { cache, store } = setUp();
    cache.put([computed(1)]);
    const [hit] = await cache.getMany([keyOf(1)]);
    expect(hit).toEqual({ answer: computed(1).answer, computedAt: computed(1).computedAt });
    expect(store.reads).toBe(0);
  });

  it('asks the store once for all who ask in one turn of the event loop, and gives each its own', async () => {
    const { cache, store } = setUp();
    cache.put(Array.from({ length: 64 }, (_, n) => computed(n)));
    await cache.flush();
    const restarted = setUp('darwin@1', store).cache;
    const found = await Promise.all(Array.from({ length: 70 }, (_, n) => restarted.getMany([keyOf(n), keyOf(n + 1)])));
    expect(store.reads).toBe(1);
    expect(found.map((pair) => pair.map((hit) => hit?.computedAt.getTime()))).toEqual(
      found.map((_, n) => [n, n + 1].map((m) => (m < 64 ? 1000 * m : undefined))),
    );
  });

  it('asks in several statements for very many, and every caller learns of one that fails', async () => {
    const { cache, store, messages } = setUp();
    const many = (start: number) => Array.from({ length: 1500 }, (_, n) => keyOf(start + n));
    const [one, two] = await Promise.all([cache.getMany(many(0)), cache.getMany(many(1500))]);
    expect([one.length, two.length, store.reads]).toEqual([1500, 1500, 2]);
    store.broken = true;
    expect(await Promise.all([cache.getMany([keyOf(1)]), cache.getMany([keyOf(2)])])).toEqual([[null], [null]]);
    expect(messages).toHaveLength(2);
  });

  it('asks the store once for all that is missing, and only for that', async () => {
    const { cache, store } = setUp();
    cache.put([computed(1), computed(2), computed(3)]);
    await cache.flush();
    expect(store.writes).toBe(1);
    const restarted = setUp('darwin@1', store).cache;
    restarted.put([computed(2)]);
    const asked = jest.spyOn(store, 'getMany');
    const found = await restarted.getMany([1, 2, 3, 4].map(keyOf));
    expect(asked).toHaveBeenCalledTimes(1);
    expect(asked.mock.calls[0]![1].map((key) => key.compositionKey)).toEqual(['Ga1', 'Ga3', 'Ga4']);
    expect(found.map((entry) => entry?.computedAt.getTime() ?? null)).toEqual([1000, 2000, 3000, null]);
    expect(found[0]!.answer).toEqual(computed(1).answer);
    await restarted.getMany([1, 3].map(keyOf));
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('never sees the rows of another model version', async () => {
    const { cache, store } = setUp('darwin@1');
    cache.put([computed(1)]);
    await cache.flush();
    expect(await setUp('darwin@2', store).cache.getMany([keyOf(1)])).toEqual([null]);
  });

  it('writes in bulk behind the answers', async () => {
    const { cache, store } = setUp();
    for (let n = 0; n < 50; n++) cache.put([computed(n)]);
    expect(store.writes).toBe(0);
    await cache.flush();
    expect([store.writes, store.rows.size]).toEqual([1, 50]);
  });

  it('holds a bounded number of answers in the process', async () => {
    const { cache, store } = setUp('darwin@1', undefined, 2);
    cache.put([1, 2, 3].map(computed));
    expect((await cache.getMany([keyOf(3)]))[0]).not.toBeNull();
    expect((await cache.getMany([keyOf(1)]))[0]).toBeNull();
    expect(store.reads).toBe(1);
  });

  it('loses only speed when the store fails, and says so', async () => {
    const { cache, store, messages } = setUp();
    store.broken = true;
    expect(await cache.getMany([keyOf(1)])).toEqual([null]);
    cache.put([computed(1)]);
    await cache.flush();
    expect((await cache.getMany([keyOf(1)]))[0]).not.toBeNull();
    expect(messages).toEqual([
      expect.stringContaining('could not be read'),
      expect.stringContaining('1 predictions could not be stored: connection refused'),
    ]);
  });
});
