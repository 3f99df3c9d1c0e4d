import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Worker } from 'node:worker_threads';
import { parseFormula } from '../../../src/chemistry';
import { createPredictor, type DarwinPredictor, type PredictorOptions } from '../../../src/darwin';
import type { BeagleError, InputError, PredictionResult, PropertyKey } from '../../../src/domain';
import { goldenRows, TINY } from '../../unit/darwin/fixtures';
import { formulas } from './formulas';

const open: DarwinPredictor[] = [];
async function start(options: Partial<PredictorOptions> = {}): Promise<DarwinPredictor> {
  const predictor = await createPredictor({ folder: TINY, device: 'cpu', workers: 1, ...options });
  open.push(predictor);
  return predictor;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((predictor) => predictor.close()));
});

const ask = (formula: string, property: PropertyKey = 'BAND_GAP') => ({ composition: parseFormula(formula), property });

async function answers(predictor: DarwinPredictor, requests: ReturnType<typeof ask>[]): Promise<PredictionResult[]> {
  return (await predictor.predict(requests)).map((result) => {
    if (result instanceof Error) throw result;
    return result;
  });
}

const closeTo = (a: number, b: number) => Math.abs(a - b) <= 1e-4 * Math.max(Math.abs(a), Math.abs(b)) + 1e-7;

describe('the predictor', () => {
  it('answers the golden rows as torch does', async () => {
    const predictor = await start();
    const requests = goldenRows.map(({ formula, property, conditions }) => ({ ...ask(formula, property), conditions }));
    const results = await answers(predictor, requests);
    results.forEach((result, i) => {
      const golden = goldenRows[i]!;
      const found = { property: golden.property, close: closeTo(result.distribution.value, golden.value) };
      expect(found).toEqual({ property: golden.property, close: true });
    });
  });

  it('gives the same answer whatever the batch, the neighbours, the worker and the way', async () => {
    const [one, two] = await Promise.all([
      start(),
      start({ workers: 2, threads: 2, batching: { maxBatch: 7, mixedRows: 7 } }),
    ]);
    const requests = formulas(200).map((formula) => ask(formula));
    const together = await answers(one, requests);
    const chopped = await answers(two, [...requests].reverse());
    const alone = await answers(await start(), [requests[17]!]);
    together.forEach((result, i) => {
      const other = chopped[requests.length - 1 - i]!;
      for (const p of [0.05, 0.5, 0.95]) {
        expect(closeTo(result.distribution.quantile(p), other.distribution.quantile(p))).toBe(true);
      }
    });
    expect(closeTo(alone[0]!.distribution.value, together[17]!.distribution.value)).toBe(true);
  });

  it('runs the model three times for three properties of a page of 100 materials', async () => {
    const predictor = await start();
    const properties = ['BAND_GAP', 'DENSITY', 'IS_METAL'] as const;
    const page = await answers(
      predictor,
      formulas(100).flatMap((formula) => properties.map((property) => ask(formula, property))),
    );
    expect(page).toHaveLength(300);
    const { executionCount, inferenceCount, batchSizes } = predictor.metrics();
    expect({ executionCount, inferenceCount }).toEqual({ executionCount: 3, inferenceCount: 300 });
    expect(batchSizes.reduce((sum, n) => sum + n)).toBe(3);
  });

  it('answers 64 concurrent askers in batches of more than 16 on average', async () => {
    const predictor = await start();
    const known = formulas(64 * 20);
    await Promise.all(
      Array.from({ length: 64 }, async (_, client) => {
        for (let i = 0; i < 20; i++) await answers(predictor, [ask(known[client * 20 + i]!)]);
      }),
    );
    const { inferenceCount, executionCount } = predictor.metrics();
    expect(inferenceCount).toBe(64 * 20);
    expect(inferenceCount / executionCount).toBeGreaterThan(16);
  });

  it('answers again from the cache, bit for bit, and says when it was computed', async () => {
    const predictor = await start();
    const [first] = await answers(predictor, [ask('GaAs')]);
    const [again] = await answers(predictor, [ask('As2Ga2')]);
    expect([first!.cached, again!.cached]).toEqual([false, true]);
    expect(again!.computedAt).toEqual(first!.computedAt);
    expect(again!.distribution.mean).toBe(first!.distribution.mean);
    expect(again!.distribution.quantile(0.123)).toBe(first!.distribution.quantile(0.123));
    expect(again!.neighbours).toEqual(first!.neighbours);
    expect(predictor.metrics()).toMatchObject({ inferenceCount: 1, cacheHits: 1, cacheMisses: 1 });
  });

  it('keeps the amount of the written formula for a property per formula unit', async () => {
    const predictor = await start();
    const [once, twice] = await answers(predictor, [ask('GaAs', 'HEAT_CAPACITY'), ask('Ga2As2', 'HEAT_CAPACITY')]);
    expect(closeTo(twice!.distribution.value, 2 * once!.distribution.value)).toBe(true);
    const [cached] = await answers(predictor, [ask('Ga2As2', 'HEAT_CAPACITY')]);
    expect(cached!.cached).toBe(true);
    expect(cached!.distribution.value).toBe(twice!.distribution.value);
  });

  it('lets a campaign pass the cache by, in both directions', async () => {
    const predictor = await start();
    await predictor.predict([ask('GaAs')], { priority: 'campaign' });
    const [result] = await answers(predictor, [ask('GaAs')]);
    expect(result!.cached).toBe(false);
    expect(predictor.metrics()).toMatchObject({ inferenceCount: 2, cacheHits: 0, cacheMisses: 1 });
  });

  it('puts an error in the place of what fails, and its neighbours stand', async () => {
    const predictor = await start();
    const results = await predictor.predict([
      ask('GaAs'),
      { ...ask('InP'), conditions: { temperature: 400 } },
      ask('InP'),
      ask('GaAs', 'NO_SUCH' as PropertyKey),
    ]);
    expect(results.map((r) => r.constructor.name)).toEqual(['Object', 'InputError', 'Object', 'BeagleError']);
    expect((results[1] as InputError).fields[0]!.path).toEqual(['conditions', 'temperature']);
    expect((results[3] as BeagleError).message).toContain('does not predict NO_SUCH');
  });

  it('warns of a condition outside the trained range', async () => {
    const predictor = await start();
    const [result] = await predictor.predict([
      { ...ask('PbTe', 'SEEBECK_COEFFICIENT'), conditions: { temperature: 9000 } },
    ]);
    expect((result as PredictionResult).warnings).toEqual([expect.stringContaining('9000 K is outside')]);
  });

  it('asks more than the queue holds without being refused', async () => {
    const predictor = await start({ batching: { maxQueue: 200 } });
    const results = await predictor.predict(formulas(1000).map((formula) => ask(formula)));
    expect(results.filter((result) => result instanceof Error)).toEqual([]);
  });

  it('knows what it was trained on, and names the formulas that answered', async () => {
    const predictor = await start();
    const { key } = parseFormula('GaAs');
    expect(await predictor.inTrainingData(key, 'BAND_GAP')).toBe(true);
    expect(await predictor.inTrainingData(parseFormula('Xe3Og').key, 'BAND_GAP')).toBe(false);
    const [result] = await answers(predictor, [ask('GaAs')]);
    expect(result!.neighbours.map((n) => n.formula)).toContain('GaAs');
  });

  it('tells what it is: identity, device and what each property was trained with', async () => {
    const { model } = await start();
    expect(model).toMatchObject({ id: 'darwin@0.0.0-tiny', name: 'darwin', device: 'cpu' });
    expect(model.sha256).toMatch(/^[0-9a-f]{64}$/);
    const vickers = model.properties.find(({ key }) => key === 'VICKERS_HARDNESS')!;
    expect(vickers.conditions).toMatchObject([{ name: 'load', unit: 'N', default: 0.98, values: null }]);
  });
});

describe('devices', () => {
  it('auto falls back to the CPU and says why, once', async () => {
    const messages: string[] = [];
    const predictor = await start({ device: 'auto', workers: 2, log: (message) => messages.push(message) });
    if (predictor.model.device !== 'cpu') return; // this machine has a GPU
    expect(messages).toEqual([expect.stringMatching(/^no CUDA device, running on the CPU: .+/)]);
  });

  it('cuda fails with the reason where there is none', async () => {
    const messages: string[] = [];
    const failed = createPredictor({ folder: TINY, device: 'cuda:99', log: (message) => messages.push(message) });
    await expect(failed).rejects.toThrow(/^no session on cuda:99: .+/);
    expect(messages).toEqual([]);
  });

  it('refuses a device that it does not know', async () => {
    await expect(createPredictor({ folder: TINY, device: 'tpu' })).rejects.toThrow(
      'device "tpu" is not known: expected auto, cpu, cuda or cuda:N',
    );
  });
});

describe('a session worker that dies', () => {
  it('in the middle of its batches is replaced, and every request is answered', async () => {
    const threads: Worker[] = [];
    const messages: string[] = [];
    const predictor = await start({
      workers: 2,
      batching: { maxBatch: 32, mixedRows: 32 },
      log: (message) => messages.push(message),
      onWorker: (worker) => threads.push(worker),
    });
    const requests = formulas(3000).map((formula) => ask(formula));
    const pending = predictor.predict(requests);
    while (predictor.metrics().inferenceCount < 100) await new Promise((resolve) => setTimeout(resolve, 1));
    void threads[0]!.terminate();
    const results = await pending;
    expect(results.filter((result) => result instanceof Error)).toEqual([]);
    expect(predictor.metrics().retryCount).toBeGreaterThan(0);
    while (threads.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(messages).toEqual([expect.stringContaining('session worker ended')]);
  });

  it('again and again costs typed errors, not a hang, and the model comes back', async () => {
    const threads: Worker[] = [];
    const predictor = await start({ onWorker: (worker) => threads.push(worker) });
    const pending = predictor.predict(formulas(50).map((formula) => ask(formula)));
    for (let killed = 0; killed < 2; killed++) {
      while (threads.length <= killed) await new Promise((resolve) => setTimeout(resolve, 1));
      await threads[killed]!.terminate();
    }
    for (const result of await pending) {
      if (result instanceof Error) expect((result as BeagleError).code).toBe('MODEL_UNAVAILABLE');
    }
    expect(await answers(predictor, [ask('TiO2')])).toHaveLength(1);
  });

  it('and cannot be replaced makes requests fail with a typed error', async () => {
    let started = 0;
    const predictor = await start({
      onWorker: (worker) => {
        started += 1;
        if (started > 1) void worker.terminate();
        else worker.once('message', () => setImmediate(() => void worker.terminate()));
      },
    });
    while (started < 3) await new Promise((resolve) => setTimeout(resolve, 1));
    const [result] = await predictor.predict([ask('GaAs')]);
    expect((result as BeagleError).code).toBe('MODEL_UNAVAILABLE');
  });

  it('with the process, in the middle of its batches, leaves the process its exit code', () => {
    const script = `
      const { createPredictor } = require('./src/darwin');
      const { parseFormula } = require('./src/chemistry');
      const { formulas } = require('./test/integration/darwin/formulas');
      void createPredictor({ folder: process.argv[1], device: 'cpu', workers: 1 }).then(async (predictor) => {
        void predictor.predict(formulas(3000).map((f) => ({ composition: parseFormula(f), property: 'BAND_GAP' })));
        while (predictor.metrics().executionCount < 2) await new Promise((resolve) => setImmediate(resolve));
        process.exit(7);
      });`;
    const cwd = path.resolve(__dirname, '../../..');
    const child = spawnSync(process.execPath, ['--import', 'tsx', '-e', script, TINY], { cwd, encoding: 'utf8' });
    expect({ status: child.status, signal: child.signal, stderr: child.stderr }).toEqual({
      status: 7,
      signal: null,
      stderr: '',
    });
  });

  it('after the predictor was closed is nobody’s loss: later requests get a typed error', async () => {
    const predictor = await start();
    await predictor.close();
    const [result] = await predictor.predict([ask('GaAs')]);
    expect((result as BeagleError).code).toBe('MODEL_UNAVAILABLE');
  });
});
