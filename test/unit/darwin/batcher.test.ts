import { BeagleError } from '../../../src/domain';
import { Batcher, BATCHER_DEFAULTS, type BatcherOptions, type BatchItem } from '../../../src/darwin/batcher';
import { MetricsRecorder } from '../../../src/darwin/metrics';
import { RunLostError } from '../../../src/darwin/runtime';
import { FakeRuntime, turns } from './fake-runtime';

let serial = 0;
function item({ property = 0, length = 3, key = `k${++serial}`, number = serial } = {}): BatchItem {
  return { key, property, row: { tokens: new Array<number>(length).fill(7), numbers: [number] } };
}
const items = (count: number, of: Parameters<typeof item>[0] = {}) => Array.from({ length: count }, () => item(of));

function setUp(options: Partial<BatcherOptions> = {}, runtime = new FakeRuntime()) {
  const metrics = new MetricsRecorder();
  const batcher = new Batcher(runtime, [[1], [2], [3]], { ...BATCHER_DEFAULTS, ...options }, metrics);
  return { batcher, runtime, metrics };
}

const answerOf = (answer: unknown) => (answer as { probabilities: Float32Array }).probabilities[0];

describe('batches', () => {
  it('hold everything that was asked in one turn of the event loop, by whomever', async () => {
    const { batcher, runtime } = setUp();
    const asks = Array.from({ length: 64 }, () => item()).map((one) =>
      batcher.ask([one]).then((a) => [one, a] as const),
    );
    await turns();
    expect(runtime.sizes).toEqual([64]);
    runtime.runs[0]!.resolve();
    for (const [one, answers] of await Promise.all(asks)) expect(answerOf(answers[0])).toBe(one.row.numbers[0]);
  });

  it('gather what waits while the session is busy', async () => {
    const { batcher, runtime } = setUp();
    const first = batcher.ask([item()]);
    await turns();
    const rest = Array.from({ length: 30 }, () => batcher.ask([item()]));
    await turns();
    expect(runtime.sizes).toEqual([1]);
    runtime.runs[0]!.resolve();
    await first;
    await turns();
    expect(runtime.sizes).toEqual([1, 30]);
    runtime.runs[1]!.resolve();
    await Promise.all(rest);
  });

  it('are of one property each: 3 properties of 100 materials are 3 runs, whatever the lengths', async () => {
    const { batcher, metrics } = setUp({}, new FakeRuntime(1, true));
    const page = [0, 1, 2].flatMap((property) =>
      Array.from({ length: 100 }, (_, i) => item({ property, length: 2 + (i % 7) })),
    );
    const answers = await batcher.ask(page);
    answers.forEach((answer, i) => expect(answerOf(answer)).toBe(page[i]!.row.numbers[0]));
    expect(metrics.executionCount).toBe(3);
    expect(metrics.inferenceCount).toBe(300);
  });

  it('never exceed the largest batch, and keep padding below a tenth when many rows wait', async () => {
    const { batcher, runtime, metrics } = setUp({ maxBatch: 64, mixedRows: 16 }, new FakeRuntime(1, true));
    await batcher.ask(Array.from({ length: 2000 }, (_, i) => item({ length: 2 + ((i * 7919) % 9) })));
    expect(Math.max(...runtime.sizes)).toBe(64);
    expect(metrics.inferenceCount).toBe(2000);
    expect(metrics.paddingCount / metrics.tokenCount).toBeLessThan(0.1);
  });

  it('wait for neighbours where a delay is set, unless the batch is full', async () => {
    const { batcher, runtime } = setUp({ maxQueueDelayMs: 20, maxBatch: 8, mixedRows: 8 });
    const early = batcher.ask([item()]);
    await turns();
    expect(runtime.sizes).toEqual([]);
    const late = batcher.ask([item()]);
    while (runtime.runs.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(runtime.sizes).toEqual([2]);
    runtime.runs[0]!.resolve();
    await Promise.all([early, late]);
  });

  it('keep the next full one at hand for a busy session, but no partial one', async () => {
    const { batcher, runtime } = setUp({ maxBatch: 10, mixedRows: 10 });
    const all = batcher.ask(items(25));
    await turns();
    expect(runtime.sizes).toEqual([10, 10]);
    runtime.runs[0]!.resolve();
    await turns();
    expect(runtime.sizes).toEqual([10, 10]);
    runtime.runs[1]!.resolve();
    await turns();
    expect(runtime.sizes).toEqual([10, 10, 5]);
    runtime.runs[2]!.resolve();
    await all;
  });
});

describe('identical rows in flight', () => {
  it('run once and answer every asker, while queued and while running', async () => {
    const { batcher, runtime, metrics } = setUp();
    const same = item();
    const asks = [batcher.ask([same, same]), batcher.ask([same])];
    await turns();
    asks.push(batcher.ask([same]));
    await turns();
    expect(runtime.sizes).toEqual([1]);
    runtime.runs[0]!.resolve();
    const answers = (await Promise.all(asks)).flat();
    expect(answers.map(answerOf)).toEqual([1, 1, 1, 1].map(() => same.row.numbers[0]));
    expect(metrics.sharedCount).toBe(3);
  });

  it('outlive an asker who goes', async () => {
    const { batcher, runtime } = setUp();
    const same = item();
    const gone = new AbortController();
    const first = batcher.ask([same], { signal: gone.signal });
    const second = batcher.ask([same]);
    gone.abort(new Error('client gone'));
    await expect(first).rejects.toThrow('client gone');
    await turns();
    runtime.runs[0]!.resolve();
    expect(answerOf((await second)[0])).toBe(same.row.numbers[0]);
  });
});

describe('priorities', () => {
  it('put people before campaigns, and still give a campaign every fifth batch', async () => {
    const { batcher, runtime } = setUp({ maxBatch: 4, mixedRows: 4 });
    const blocker = batcher.ask([item()]);
    await turns();
    const campaign = batcher.ask(items(4, { property: 1 }), { priority: 'campaign' });
    const people = batcher.ask(items(32, { property: 2 }));
    for (let answered = 0; answered < 10; answered++) {
      await turns();
      runtime.runs[answered]!.resolve();
    }
    await Promise.all([blocker, campaign, people]);
    const order = runtime.runs.map(({ run }) => run.property);
    expect(order).toEqual([0, 2, 2, 2, 2, 1, 2, 2, 2, 2]);
  });

  it('move a campaign’s row forward when a person asks for the same', async () => {
    const { batcher, runtime } = setUp({ maxBatch: 1, mixedRows: 1 }, new FakeRuntime(1, true));
    const shared = item({ property: 2 });
    const campaign = batcher.ask([...items(5, { property: 1 }), shared], { priority: 'campaign' });
    const person = batcher.ask([shared]);
    await Promise.all([campaign, person]);
    expect(runtime.runs[0]!.run.property).toBe(2);
    expect(runtime.runs).toHaveLength(6);
  });
});

describe('a full queue', () => {
  it('refuses at once with a time to retry, keeps what it has, and recovers', async () => {
    const { batcher, runtime, metrics } = setUp({ maxQueue: 10 });
    const busy = batcher.ask([item()]);
    await turns();
    const accepted = batcher.ask(items(10));
    const refused: unknown = await batcher.ask([item()]).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(BeagleError);
    expect((refused as BeagleError).code).toBe('MODEL_OVERLOADED');
    expect((refused as BeagleError).details.retryAfterMs).toBeGreaterThanOrEqual(100);
    expect(metrics.rejections.overloaded).toBe(1);
    expect(batcher.queueLength).toBe(10);
    runtime.runs[0]!.resolve();
    await busy;
    await turns();
    runtime.runs[1]!.resolve();
    expect(await accepted).toHaveLength(10);
    const after = batcher.ask([item()]);
    await turns();
    runtime.runs[2]!.resolve();
    expect(await after).toHaveLength(1);
  });

  it('keeps half of itself for people', async () => {
    const { batcher } = setUp({ maxQueue: 10 });
    const controller = new AbortController();
    const { signal } = controller;
    await expect(batcher.ask(items(6), { priority: 'campaign' })).rejects.toThrow(BeagleError);
    const accepted = batcher.ask(items(6), { signal }).catch(() => 'aborted');
    controller.abort();
    expect(await accepted).toBe('aborted');
  });

  it('is not filled by rows that wait already', async () => {
    const { batcher } = setUp({ maxQueue: 4 }, new FakeRuntime(1, true));
    const four = items(4);
    const [a, b] = await Promise.all([batcher.ask(four), batcher.ask(four)]);
    expect(a).toHaveLength(4);
    expect(b).toHaveLength(4);
  });
});

describe('leaving', () => {
  it('takes rows out of the queue at once when the client goes', async () => {
    const { batcher, runtime, metrics } = setUp();
    const busy = batcher.ask([item()]);
    await turns();
    const controller = new AbortController();
    const gone = batcher.ask(items(100), { signal: controller.signal });
    expect(batcher.queueLength).toBe(100);
    controller.abort(new Error('client gone'));
    await expect(gone).rejects.toThrow('client gone');
    expect(batcher.queueLength).toBe(0);
    expect(metrics.rejections.cancelled).toBe(100);
    runtime.runs[0]!.resolve();
    await busy;
    await turns();
    expect(runtime.runs).toHaveLength(1);
  });

  it('is no longer possible with a signal that has fired, and no listener is left on one that has not', async () => {
    const { batcher } = setUp({}, new FakeRuntime(1, true));
    await expect(batcher.ask([item()], { signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone');
    const { signal } = new AbortController();
    const remove = jest.spyOn(signal, 'removeEventListener');
    await batcher.ask([item()], { signal });
    expect(remove).toHaveBeenCalledTimes(1);
  });

  it('is what a request does that waits too long: a typed error for what is missing, the rest stands', async () => {
    const { batcher, runtime, metrics } = setUp({ timeoutMs: 30, maxBatch: 2, mixedRows: 2 });
    const ask = batcher.ask([item({ property: 0 }), item({ property: 1 })]);
    await turns();
    runtime.runs[0]!.resolve();
    const [first, second] = await ask;
    expect(first).not.toBeInstanceOf(Error);
    expect((second as BeagleError).code).toBe('MODEL_OVERLOADED');
    expect((second as BeagleError).message).toContain('30 ms');
    expect(metrics.rejections.timeout).toBe(1);
    expect(batcher.queueLength).toBe(0);
  });
});

describe('a session that dies', () => {
  it('costs one retry, then a typed error', async () => {
    const { batcher, runtime, metrics } = setUp();
    const survivor = batcher.ask([item()]);
    await turns();
    runtime.runs[0]!.reject(new RunLostError('died'));
    await turns();
    expect(runtime.sizes).toEqual([1, 1]);
    runtime.runs[1]!.resolve();
    expect(answerOf((await survivor)[0])).toBeDefined();
    expect(metrics.retryCount).toBe(1);

    const victim = batcher.ask([item()]);
    for (const attempt of [2, 3]) {
      await turns();
      runtime.runs[attempt]!.reject(new RunLostError('died'));
    }
    expect(((await victim)[0] as BeagleError).code).toBe('MODEL_UNAVAILABLE');
    await turns();
    expect(runtime.runs).toHaveLength(4);
    expect(metrics.rejections.unavailable).toBe(1);
  });

  it('does not repeat a run that failed by itself', async () => {
    const { batcher, runtime } = setUp();
    const ask = batcher.ask([item()]);
    await turns();
    runtime.runs[0]!.reject(new Error('bad tensor'));
    expect(((await ask)[0] as Error).message).toBe('bad tensor');
    await turns();
    expect(runtime.runs).toHaveLength(1);
  });
});
