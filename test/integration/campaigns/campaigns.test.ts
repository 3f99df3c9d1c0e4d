import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BeagleError, type Campaigns, type Candidate, type DiscoverInput, type Predictor } from '../../../src/domain';
import { campaignsOn, someone, SPACE } from '../../support/campaigns';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { fakeKnown, fakePredictor } from '../../unit/discovery/fakes';

/** Campaigns on Postgres with a made-up model: what they come to, and what may be asked of them when. */
let testDatabase: TestDatabase;
const cleanup: (() => Promise<void>)[] = [];
beforeAll(async () => (testDatabase = await createTestDatabase()));
afterEach(async () => {
  for (const clean of cleanup.splice(0)) await clean();
});
afterAll(() => testDatabase.drop());

const setUp = (predictor?: Predictor, known = fakeKnown()) => {
  const made = campaignsOn(testDatabase.database, predictor, known);
  cleanup.push(() => made.stopWorkers());
  return { ...made, me: someone(randomUUID()) };
};

const listed = async (campaigns: Campaigns, me: ReturnType<typeof someone>, id: string, onlyFront = false) => {
  const campaign = (await campaigns.byId(me, id))!;
  const { edges } = await campaigns.results(campaign, { first: 100, onlyFront });
  return edges.map(({ node }) => node);
};

/** All of a candidate but the functions of its distributions. */
const told = ({ node }: { readonly node: Candidate }): unknown => JSON.parse(JSON.stringify(node));

describe('a campaign comes to what one query comes to', () => {
  test.each<[string, Partial<DiscoverInput>]>([
    ['PARETO', {}],
    ['WEIGHTED_SUM', { ranking: 'WEIGHTED_SUM' }],
    ['a constraint', { constraints: [{ property: 'DENSITY', max: 3 }] }],
    [
      'limits of elements',
      {
        excludeToxic: true,
        maxCostClass: 'BELOW_10_USD_PER_KG',
        elementLimits: [{ element: 'Fe', minFraction: 0.2, maxFraction: 0.7 }],
      },
    ],
    [
      'a search, generation by generation',
      {
        space: { evolve: { elements: ['Ga', 'In', 'As', 'P', 'N', 'Al'], populationSize: 40, generations: 6 } },
        seed: 3,
      },
    ],
  ])('%s', async (_, part) => {
    const { campaigns, discovery, startWorker, until, me } = setUp();
    await startWorker();
    const input = { ...SPACE, ...part };
    const { id } = await campaigns.create(me, { name: 'all of it', discovery: input });
    const campaign = await until(me, id);
    expect(campaign).toMatchObject({ status: 'COMPLETED', done: campaign.total, failed: 0, modelId: 'fake@1' });
    const query = await discovery.discover(input, { first: 100 });
    const { totalCount, summary, edges } = await campaigns.results(campaign, { first: 100 });
    expect(edges.map(told)).toEqual(query.edges.map(told));
    expect(totalCount).toBe(query.totalCount);
    expect(summary).toEqual({ ...query.summary, elapsedMs: expect.any(Number), modelRuns: expect.any(Number) });
  });

  test('its pages follow one another, and a cursor of another list is refused', async () => {
    const { campaigns, startWorker, until, me } = setUp();
    await startWorker();
    const { id } = await campaigns.create(me, { name: 'pages', discovery: SPACE });
    const campaign = await until(me, id);
    const whole = await campaigns.results(campaign, { first: 20 });
    const one = await campaigns.results(campaign, { first: 12 });
    const two = await campaigns.results(campaign, { first: 8, after: one.edges.at(-1)!.cursor });
    expect([...one.edges, ...two.edges].map(told)).toEqual(whole.edges.map(told));
    const after = one.edges[0]!.cursor;
    await expect(campaigns.results(campaign, { first: 8, after, onlyFront: true })).rejects.toThrow(
      /after: is a cursor/,
    );
    const front = await listed(campaigns, me, id, true);
    expect(front.length).toBe(Math.min(100, whole.summary.paretoFrontSize));
    expect(front.every(({ paretoFront }) => paretoFront === 1)).toBe(true);
  });

  test('two workers share it, no candidate is counted twice, and the list is that of one query', async () => {
    const { campaigns, discovery, startWorker, until, me } = setUp();
    await Promise.all([startWorker(), startWorker()]);
    const { id } = await campaigns.create(me, { name: 'shared', discovery: SPACE, keepAll: true });
    const campaign = await until(me, id);
    const parts = await testDatabase.database.campaigns.parts(id);
    expect(campaign.done).toBe(campaign.total);
    expect(parts.map(({ chunk }) => chunk)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(parts.reduce((sum, part) => sum + part.size, 0)).toBe(campaign.total);
    const query = await discovery.discover(SPACE, { first: 100 });
    expect((await campaigns.results(campaign, { first: 100 })).edges.map(told)).toEqual(query.edges.map(told));
  });

  test('what cannot be scored is listed with its reason', async () => {
    const refusing = fakePredictor(({ composition }) =>
      composition.elements.includes('U') ? new BeagleError('UNSUPPORTED_ELEMENT', 'no U') : 1,
    );
    const { campaigns, startWorker, until, me } = setUp(refusing);
    await startWorker();
    const formulas = ['NaCl', 'UO2', 'MgO', 'UC'];
    const { id } = await campaigns.create(me, { name: 'f', discovery: { ...SPACE, space: { formulas } } });
    const campaign = await until(me, id);
    expect(campaign).toMatchObject({ status: 'COMPLETED', total: 4, done: 4, failed: 2 });
    const first = await campaigns.failures(campaign, { first: 1 });
    expect(first).toMatchObject({ totalCount: 2, hasNextPage: true });
    const second = await campaigns.failures(campaign, { first: 1, after: first.edges[0]!.cursor });
    expect([first, second].map(({ edges }) => edges[0]!.node)).toEqual([
      { position: 1, formula: 'UO2', message: 'no U', code: 'UNSUPPORTED_ELEMENT' },
      { position: 3, formula: 'UC', message: 'no U', code: 'UNSUPPORTED_ELEMENT' },
    ]);
  });
});

describe('the lifecycle', () => {
  const allowed = {
    start: ['DRAFT'],
    pause: ['QUEUED', 'RUNNING'],
    resume: ['PAUSED', 'FAILED'],
    cancel: ['DRAFT', 'QUEUED', 'RUNNING', 'PAUSED'],
  } as const;
  const statuses = ['DRAFT', 'QUEUED', 'RUNNING', 'PAUSED', 'COMPLETED', 'CANCELLED', 'FAILED'] as const;

  test.each(Object.keys(allowed) as (keyof typeof allowed)[])('%s is possible in its states alone', async (request) => {
    const { campaigns, me } = setUp();
    for (const status of statuses) {
      const { id } = await campaigns.create(me, { name: status, discovery: SPACE, start: false });
      if (status !== 'DRAFT') await testDatabase.database.campaigns.setStatus(id, status);
      const asked = campaigns[request](me, id);
      if ((allowed[request] as readonly string[]).includes(status)) await expect(asked).resolves.toMatchObject({ id });
      else
        await expect(asked).rejects.toMatchObject({
          code: 'CONFLICT',
          message: expect.stringContaining(`is ${status}`),
        });
    }
  });

  test('a draft has no model until it starts', async () => {
    const { campaigns, me } = setUp();
    const draft = await campaigns.create(me, { name: 'later', discovery: SPACE, start: false });
    expect(draft).toMatchObject({ status: 'DRAFT', modelId: null, startedAt: null, total: 23_751 });
    expect(await campaigns.start(me, draft.id)).toMatchObject({ status: 'QUEUED', modelId: 'fake@1' });
  });

  test('paused it does nothing, resumed it goes on from there, cancelled it keeps what it has', async () => {
    const model = slow();
    const { campaigns, startWorker, until, me } = setUp(model.predictor);
    await startWorker();
    const { id } = await campaigns.create(me, { name: 'stop and go', discovery: SPACE });
    await until(me, id, ({ done }) => done > 0);
    await campaigns.pause(me, id);
    await model.quiet();
    const paused = (await campaigns.byId(me, id))!;
    expect(paused.status).toBe('PAUSED');
    expect(paused.done).toBeLessThan(paused.total);
    await campaigns.resume(me, id);
    await until(me, id, ({ done }) => done > paused.done);
    await campaigns.cancel(me, id);
    const cancelled = (await campaigns.byId(me, id))!;
    await model.quiet();
    expect(await campaigns.byId(me, id)).toEqual(cancelled);
    expect((await campaigns.results(cancelled, { first: 5 })).edges).toHaveLength(5);
  }, 180_000);

  test('the same key and input give the same campaign back, also at the same time; another input is refused', async () => {
    const { campaigns, me } = setUp();
    const input = { name: 'once', discovery: SPACE, start: false, idempotencyKey: 'k' };
    const made = await Promise.all([1, 2, 3].map(() => campaigns.create(me, input)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    await expect(campaigns.create(me, { ...input, name: 'twice' })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    });
    const other = await campaigns.create(someone(randomUUID()), input);
    expect(other.id).not.toBe(made[0]!.id);
  });

  test("another owner's campaign is not there", async () => {
    const { campaigns, me } = setUp();
    const { id } = await campaigns.create(me, { name: 'mine', discovery: SPACE, start: false });
    const other = someone(randomUUID());
    expect(await campaigns.byId(other, id)).toBeNull();
    expect((await campaigns.list(other, { first: 10 })).totalCount).toBe(0);
    for (const request of ['start', 'pause', 'resume', 'cancel'] as const)
      await expect(campaigns[request](other, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(campaigns.watch(other, id)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('nothing is stored of an input that is wrong', async () => {
    const { campaigns, me } = setUp();
    const large = { ...SPACE, maxCandidates: 1000 };
    await expect(campaigns.create(me, { name: 'x', discovery: large })).rejects.toMatchObject({
      code: 'SEARCH_SPACE_TOO_LARGE',
      fields: [{ path: ['input', 'discovery', 'space', 'mix'] }],
    });
    const unknown = { ...SPACE, objectives: [{ property: 'CHARM', goal: 'MAXIMIZE' }] };
    await expect(campaigns.create(me, { name: 'x', discovery: unknown })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    await expect(campaigns.create(me, { name: ' ', discovery: SPACE })).rejects.toThrow('input.name');
    expect((await campaigns.list(me, { first: 10 })).totalCount).toBe(0);
  });

  test('the list is newest first, by status, in pages', async () => {
    const { campaigns, me } = setUp();
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c'])
      ids.unshift((await campaigns.create(me, { name, discovery: SPACE, start: false })).id);
    await campaigns.cancel(me, ids[1]!);
    const first = await campaigns.list(me, { first: 2 });
    const second = await campaigns.list(me, { first: 2, after: first.edges.at(-1)!.cursor });
    expect([...first.edges, ...second.edges].map(({ node }) => node.id)).toEqual(ids);
    expect([first.hasNextPage, second.hasNextPage, first.totalCount]).toEqual([true, false, 3]);
    const drafts = await campaigns.list(me, { first: 10, status: ['DRAFT'] });
    expect(drafts.edges.map(({ node }) => node.name)).toEqual(['c', 'a']);
  });
});

describe('the allowance of predictions', () => {
  test('used up, the campaign waits for the next day and keeps what it has', async () => {
    const { campaigns, startWorker } = setUp();
    const me = someone(randomUUID(), { kind: 'key', keyId: randomUUID(), predictionsPerDay: 20_000 });
    await startWorker();
    const { id } = await campaigns.create(me, { name: 'thrifty', discovery: SPACE });
    const store = testDatabase.database.campaigns;
    while ((await store.byId(id))!.notBefore === null) await sleep(20);
    const { notBefore, status, done, total } = (await store.byId(id))!;
    expect(status).toBe('RUNNING');
    expect(done).toBeLessThan(total);
    expect(notBefore!.getTime() % 86_400_000).toBe(0);
    expect(notBefore!.getTime()).toBeGreaterThan(Date.now());
  });

  test('too small for any chunk, it is refused before it starts', async () => {
    const { campaigns } = setUp();
    const me = someone(randomUUID(), { kind: 'key', keyId: randomUUID(), predictionsPerDay: 100 });
    const asked = campaigns.create(me, { name: 'poor', discovery: SPACE });
    await expect(asked).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED', details: { limit: 100 } });
  });
});

describe('watching', () => {
  test('tells of progress made by a worker elsewhere, and ends with the campaign', async () => {
    const { campaigns, startWorker, me } = setUp();
    const { id } = await campaigns.create(me, { name: 'watched', discovery: SPACE });
    const seen: [string, number][] = [];
    let worker: Promise<unknown> | null = null;
    for await (const { status, done } of campaigns.watch(me, id)) {
      seen.push([status, done]);
      worker ??= startWorker();
    }
    expect(seen[0]).toEqual(['QUEUED', 0]);
    expect(seen.at(-1)).toEqual(['COMPLETED', 23_751]);
    const done = seen.map((state) => state[1]);
    expect(done).toEqual([...done].sort((a, b) => a - b));
  });
});

/** A model that takes a while for each call, until it is told to hurry. */
function slow() {
  const inner = fakePredictor();
  const pause = 300;
  let running = 0;
  const predictor: Predictor = {
    model: inner.model,
    async predict(requests, options) {
      running++;
      await sleep(pause, undefined, { signal: options?.signal }).finally(() => running--);
      return inner.predict(requests, options);
    },
  };
  return {
    predictor,
    /** Until nobody has asked it for a while. */
    async quiet() {
      for (let before = -1; before !== inner.calls.length || running > 0;) {
        before = inner.calls.length;
        await sleep(3 * pause);
      }
    },
  };
}
