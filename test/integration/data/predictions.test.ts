import type { StoredPrediction } from '../../../src/domain';
import { createTestDatabase, type TestDatabase } from '../../support/database';

const MODEL = 'darwin@1.0.0';
const SHA = 'a'.repeat(64);

const prediction = (compositionKey: string, part: Partial<StoredPrediction> = {}): StoredPrediction => ({
  compositionKey,
  property: 'BAND_GAP',
  variant: '',
  answer: Uint8Array.of(0, 1, 127, 128, 255),
  value: 1.4,
  standardDeviation: 0.2,
  computedAt: new Date('2026-01-02T03:04:05.678Z'),
  ...part,
});

describe('the store of predictions', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await createTestDatabase();
    await test.database.predictions.registerModel(MODEL, SHA);
  });
  afterAll(() => test.drop());

  it('answers bit for bit what was stored, in the order asked, null for what is not there', async () => {
    const { predictions } = test.database;
    const stored = [prediction('As500000Ga500000'), prediction('Si1000000', { value: -1e-300, standardDeviation: 0 })];
    await predictions.putMany(MODEL, stored);
    const found = await predictions.getMany(MODEL, [stored[1]!, prediction('Ge1000000'), stored[0]!, stored[1]!]);
    expect(found).toEqual([stored[1], null, stored[0], stored[1]]);
  });

  it('tells apart property, variant and model', async () => {
    const { predictions } = test.database;
    const key = prediction('Al400000O600000');
    await predictions.registerModel('darwin@2.0.0', SHA);
    await predictions.putMany(MODEL, [
      key,
      prediction(key.compositionKey, { property: 'DENSITY', value: 2 }),
      prediction(key.compositionKey, { variant: 'temperature=300', value: 3 }),
    ]);
    const found = await predictions.getMany(MODEL, [
      key,
      { ...key, property: 'DENSITY' },
      { ...key, variant: 'temperature=300' },
    ]);
    expect(found.map((one) => one?.value)).toEqual([1.4, 2, 3]);
    expect(await predictions.getMany('darwin@2.0.0', [key])).toEqual([null]);
  });

  it('keeps what is there already', async () => {
    const { predictions } = test.database;
    const first = prediction('O1000000');
    await predictions.putMany(MODEL, [first]);
    await predictions.putMany(MODEL, [{ ...first, value: 99 }, prediction('N1000000')]);
    expect((await predictions.getMany(MODEL, [first, prediction('N1000000')])).map((one) => one?.value)).toEqual([
      1.4, 1.4,
    ]);
  });

  it('reads and writes thousands in one statement each', async () => {
    const many = Array.from({ length: 5_000 }, (_, i) => prediction(`Fe${i}O${1_000_000 - i}`, { value: i }));
    const write = await test.statements(() => test.database.predictions.putMany(MODEL, many));
    const read = await test.statements(() => test.database.predictions.getMany(MODEL, many));
    expect([write.sql.length, read.sql.length]).toEqual([1, 1]);
    expect(read.result.map((one) => one!.value)).toEqual(many.map(({ value }) => value));
  });

  it('takes overlapping batches from several writers at once', async () => {
    const many = Array.from({ length: 300 }, (_, i) => prediction(`Co${i}O${1_000_000 - i}`));
    const shuffles = [many, [...many].reverse(), [...many.slice(150), ...many.slice(0, 150)]];
    await Promise.all(shuffles.map((batch) => test.database.predictions.putMany(MODEL, batch)));
    expect(await test.database.predictions.getMany(MODEL, many)).not.toContain(null);
  });

  it('drops the predictions of other weights under the same id, and only those', async () => {
    const { predictions } = test.database;
    const key = prediction('Cu1000000');
    await predictions.registerModel('darwin@3.0.0', SHA);
    await predictions.putMany('darwin@3.0.0', [key]);
    await predictions.registerModel('darwin@3.0.0', SHA);
    expect(await predictions.getMany('darwin@3.0.0', [key])).toEqual([key]);
    await predictions.putMany(MODEL, [key]);
    await predictions.registerModel('darwin@3.0.0', 'b'.repeat(64));
    expect(await predictions.getMany('darwin@3.0.0', [key])).toEqual([null]);
    expect(await predictions.getMany(MODEL, [key])).toEqual([key]);
  });
});
