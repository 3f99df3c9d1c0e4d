import { randomUUID } from 'node:crypto';
import { anonymousPrincipal } from '../../../src/access/anonymous';
import { SCOPES, type DiscoverInput, type Principal } from '../../../src/domain';
import { campaignsOn, someone, SPACE } from '../../support/campaigns';
import { createTestDatabase, type TestDatabase } from '../../support/database';

/** What a key may have at once, and how large: 23,751 candidates are in SPACE. */
describe('the limits of a key', () => {
  let testDatabase: TestDatabase;
  let campaigns: ReturnType<typeof campaignsOn>['campaigns'];
  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    campaigns = campaignsOn(testDatabase.database).campaigns;
  });
  afterAll(() => testDatabase.drop());

  const key = (limits: Principal['campaigns'], ownerId = randomUUID()) =>
    someone(ownerId, { kind: 'key', keyId: randomUUID(), campaigns: limits });
  const create = (me: Principal, start = true) =>
    campaigns.create(me, { name: 'one of many', discovery: SPACE, start });

  test('as many campaigns as it may have are queued or running; one more is a conflict that says what to do', async () => {
    const me = key({ concurrent: 2, candidates: 1e6 });
    await Promise.all([create(me), create(me)]);
    await expect(create(me)).rejects.toMatchObject({
      code: 'CONFLICT',
      message:
        '2 campaigns are queued or running, and at most 2 may be at once: wait for one to end, pause or cancel one',
      details: { active: 2, limit: 2 },
    });
    expect(await campaigns.list(me, { first: 10 })).toMatchObject({ totalCount: 2 });
  });

  test('ten at once: no more than two get through, whoever is first', async () => {
    const me = key({ concurrent: 2, candidates: 1e6 });
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => create(me)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await campaigns.list(me, { first: 10, status: ['QUEUED'] })).toMatchObject({ totalCount: 2 });
  });

  test('drafts and paused ones do not count until they are started or resumed', async () => {
    const me = key({ concurrent: 1, candidates: 1e6 });
    const draft = await create(me, false);
    const running = await create(me);
    await expect(campaigns.start(me, draft.id)).rejects.toMatchObject({ code: 'CONFLICT' });
    await campaigns.pause(me, running.id);
    expect(await campaigns.start(me, draft.id)).toMatchObject({ status: 'QUEUED' });
    await expect(campaigns.resume(me, running.id)).rejects.toMatchObject({ code: 'CONFLICT' });
    await campaigns.cancel(me, draft.id);
    expect(await campaigns.resume(me, running.id)).toMatchObject({ status: 'QUEUED' });
  });

  test('what belongs to an owner counts for all of its keys, and for nobody else', async () => {
    const owner = randomUUID();
    const [old, rotated] = [
      key({ concurrent: 1, candidates: 1e6 }, owner),
      key({ concurrent: 1, candidates: 1e6 }, owner),
    ];
    await create(old);
    await expect(create(rotated)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await create(key({ concurrent: 1, candidates: 1e6 }))).toMatchObject({ status: 'QUEUED' });
  });

  test('anonymous callers from elsewhere pay from an allowance of theirs, not from that of this machine', async () => {
    const policy = { embedded: true, scopes: SCOPES };
    const here = anonymousPrincipal(policy, { remoteAddress: '127.0.0.1', host: 'localhost', forwarded: false });
    const elsewhere = anonymousPrincipal(policy, { remoteAddress: '192.0.2.7', host: 'example.org', forwarded: false });
    const small: DiscoverInput = {
      space: { formulas: ['GaN', 'InP', 'AlAs'] },
      objectives: [{ property: 'BAND_GAP', goal: 'MAXIMIZE' }],
    };
    const ownDatabase = await createTestDatabase();
    const { limits, startWorker, stopWorkers, until, ...made } = campaignsOn(ownDatabase.database);
    const { id } = await made.campaigns.create(elsewhere, { name: 'elsewhere', discovery: small, start: true });
    await startWorker();
    expect(await until(elsewhere, id)).toMatchObject({ status: 'COMPLETED' });
    await stopWorkers();
    expect((await limits.predictions(elsewhere)).remaining).toBe(elsewhere.predictionsPerDay - 3);
    expect((await limits.predictions(here)).remaining).toBe(here.predictionsPerDay);
    await ownDatabase.drop();
  });

  test('a design space larger than the key may have is refused with its size, started or not', async () => {
    const me = key({ concurrent: 10, candidates: 23_750 });
    for (const start of [true, false])
      await expect(create(me, start)).rejects.toMatchObject({
        code: 'SEARCH_SPACE_TOO_LARGE',
        fields: [{ path: ['input', 'discovery', 'space'], message: expect.stringMatching(/23751 .* 23750/) }],
      });
    expect(await create(key({ concurrent: 10, candidates: 23_751 }))).toMatchObject({ total: 23_751 });
  });
});
