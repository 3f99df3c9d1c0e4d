import { createAccess, type Access } from '../../../src/access';
import { hashSecret } from '../../../src/access/authenticator';
import { generateKey, parseKey } from '../../../src/access/key-format';
import type { CreateKeyInput, Principal, UsageDay } from '../../../src/domain';
import { openDatabase, silentLog, type Database } from '../../../src/data';
import { createTestDatabase, type TestDatabase } from '../../support/database';

const origin = { remoteAddress: '192.0.2.7', host: 'beagle.example', forwarded: false };
const input: CreateKeyInput = { name: 'ci', scopes: ['MATERIALS_READ', 'PREDICTIONS_RUN'] };

describe('access on Postgres', () => {
  let test: TestDatabase;
  let otherDatabase: Database;
  const opened: Access[] = [];
  const fail = (error: unknown) => {
    throw error;
  };
  /** As a server instance has it, on a connection pool of its own if `database` is another. */
  const instance = (database: Database = test.database): Access => {
    const access = createAccess({
      store: database.access,
      anonymous: { embedded: false, scopes: null },
      onError: fail,
    });
    opened.push(access);
    return access;
  };

  beforeAll(async () => {
    test = await createTestDatabase();
    otherDatabase = await openDatabase({ url: test.url, dataFolder: '', poolSize: 4, log: silentLog });
  });
  afterAll(async () => {
    await Promise.all(opened.map((access) => access.close()));
    await otherDatabase.close();
    await test.drop();
  });

  it('knows the key that it issued, with its scopes and limits', async () => {
    const { keys, identify } = instance();
    const issued = await keys.create('operator', { ...input, requestsPerMinute: 600, predictionsPerDay: 50 });
    const principal = await identify(issued.secret, origin);
    expect(principal).toMatchObject({ kind: 'key', keyId: issued.key.id, pointsPerMinute: 600, predictionsPerDay: 50 });
    expect([...principal.scopes].sort()).toEqual(['MATERIALS_READ', 'PREDICTIONS_RUN']);
    expect((await keys.byId('operator', issued.key.id))!.lastUsedAt).not.toBeNull();
  });

  it('keeps no secret: only its SHA-256', async () => {
    const { keys } = instance();
    const issued = await keys.create('operator', input);
    const stored = await test.database.access.keyById(issued.key.id);
    expect(JSON.stringify(stored)).not.toContain(parseKey(issued.secret)!.secret);
    expect(stored!.secretHash.equals(hashSecret(parseKey(issued.secret)!.secret))).toBe(true);
    expect(issued.key).not.toHaveProperty('secretHash');
  });

  it.each([
    ['unknown', () => generateKey().text],
    ['malformed', () => 'bgl_live_nonsense'],
    ['empty', () => ''],
  ])('refuses a key that is %s, never as anonymous', async (_, text) => {
    await expect(instance().identify(text(), origin)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('refuses a wrong secret under a known id', async () => {
    const { keys, identify } = instance();
    const { key } = await keys.create('operator', input);
    const forged = generateKey();
    const store = test.database.access;
    const presented = { prefix: key.prefix, hash: hashSecret(forged.secret), take: true };
    expect(await store.useKeys([presented], new Date(), new Date(0))).toMatchObject([{ usedAfter: null }]);
    await expect(identify(forged.text, origin)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('refuses an expired key', async () => {
    const { keys, identify } = instance();
    const { key, secret } = await keys.create('operator', input);
    await test.database.access.replaceKey(
      key.id,
      new Date(Date.now() - 1000),
      (old) => ({ ...old, id: crypto.randomUUID(), prefix: generateKey().prefix }),
      {
        actor: 'operator',
        action: 'KEY_ROTATED',
        subjectId: key.id,
        details: {},
      },
    );
    await expect(identify(secret, origin)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('revokes at once where it happens, and within the cache time on every other instance', async () => {
    const [here, there] = [instance(), instance(otherDatabase)];
    const { key, secret } = await here.keys.create('operator', input);
    await here.identify(secret, origin);
    await there.identify(secret, origin);
    await here.keys.revoke('operator', key.id);
    await expect(here.identify(secret, origin)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const deadline = Date.now() + 5_000;
    let refused = false;
    while (!refused && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      refused = await there.identify(secret, origin).then(
        () => false,
        () => true,
      );
    }
    expect(refused).toBe(true);
  });

  it('lets both keys work while they overlap, and the new one belong to the same owner', async () => {
    const { keys, identify } = instance();
    const old = await keys.create('operator', input);
    const next = (await keys.rotate('operator', old.key.id, 1))!;
    const [a, b] = [await identify(old.secret, origin), await identify(next.secret, origin)];
    expect(b.ownerId).toBe(a.ownerId);
    expect(b.keyId).not.toBe(a.keyId);
    expect([...b.scopes]).toEqual([...a.scopes]);
    const again = (await keys.rotate('operator', next.key.id, 0))!;
    await expect(identify(next.secret, origin)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await identify(again.secret, origin)).ownerId).toBe(a.ownerId);
    expect(await keys.rotate('operator', next.key.id, 1)).toBeNull();
  });

  it('grants no scope that the granting key lacks', async () => {
    const { keys, identify } = instance();
    const admin = await keys.create('operator', { name: 'admin', scopes: ['KEYS_ADMIN', 'MATERIALS_READ'] });
    const principal = await identify(admin.secret, origin);
    await expect(keys.create(principal, input)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: ['input', 'scopes'], message: expect.stringContaining('PREDICTIONS_RUN') }],
    });
    const stronger = await keys.create('operator', input);
    await expect(keys.rotate(principal, stronger.key.id, 1)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(keys.create(principal, { name: 'reader', scopes: ['MATERIALS_READ'] })).resolves.toBeDefined();
  });

  it('names every wrong field of a new key at once', async () => {
    const wrong = { name: ' ', scopes: [], expiresInDays: 0, requestsPerMinute: 1.5, predictionsPerDay: -1 };
    await expect(instance().keys.create('operator', wrong)).rejects.toMatchObject({
      fields: ['name', 'scopes', 'expiresInDays', 'requestsPerMinute', 'predictionsPerDay'].map((field) => ({
        path: ['input', field],
      })),
    });
  });

  it('costs at most one statement a request, and none within the local window', async () => {
    const access = instance();
    const { secret } = await access.keys.create('operator', { ...input, requestsPerMinute: 10_000 });
    const request = async () => {
      const principal = await access.identify(secret, origin);
      await access.limits.chargePoints(principal, 5);
    };
    expect((await test.statements(request)).sql).toHaveLength(1);
    expect((await test.statements(request)).sql).toHaveLength(0);
  });

  it('checks any number of keys that come together in one statement, good ones and guesses', async () => {
    const access = instance();
    const good = await Promise.all(
      [1, 2].map(() => access.keys.create('operator', { ...input, requestsPerMinute: 1000 })),
    );
    const guesses = Array.from({ length: 500 }, () => generateKey().text);
    const texts = [...guesses, ...good.flatMap(({ secret }) => Array<string>(20).fill(secret))];
    const { result, sql } = await test.statements(() =>
      Promise.allSettled(texts.map((text) => access.identify(text, origin))),
    );
    const keyIds = result.map((one) => (one.status === 'fulfilled' ? one.value.keyId : null));
    expect(keyIds).toEqual([...guesses.map(() => null), ...good.flatMap(({ key }) => Array(20).fill(key.id))]);
    expect(sql).toHaveLength(1);
    // One block each, however many brought the key.
    const principal = await access.identify(good[0]!.secret, origin);
    expect((await instance(otherDatabase).limits.points(principal)).remaining).toBe(995);
  });

  it('takes no second block for a key that has not used up its first', async () => {
    const start = Date.now();
    let now = start - (start % 60_000);
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
    const access = instance();
    const { secret } = await access.keys.create('operator', { ...input, requestsPerMinute: 1000 });
    for (; now < start - (start % 60_000) + 50_000; now += 10_000) await access.identify(secret, origin);
    const principal = await access.identify(secret, origin);
    expect((await instance(otherDatabase).limits.points(principal)).remaining).toBe(995);
    clock.mockRestore();
  });

  it('accepts no more than the limit on two instances together, and at least 98 % of it', async () => {
    const [here, there] = [instance(), instance(otherDatabase)];
    const { secret } = await here.keys.create('operator', { ...input, requestsPerMinute: 1000 });
    const clients: [Access, Principal][] = [];
    for (let i = 0; i < 50; i++) {
      const access = i % 2 ? here : there;
      clients.push([access, await access.identify(secret, origin)]);
    }
    const started = Math.floor(Date.now() / 60_000);
    let accepted = 0;
    const refusals: { code?: string; details?: { retryAfterMs?: number } }[] = [];
    await Promise.all(
      clients.map(async ([access, principal]) => {
        for (let i = 0; i < 60; i++) {
          await access.limits.chargePoints(principal, 1).then(
            () => accepted++,
            (error: (typeof refusals)[number]) => refusals.push(error),
          );
        }
      }),
    );
    const windows = Math.floor(Date.now() / 60_000) - started + 1;
    expect(accepted).toBeLessThanOrEqual(1000 * windows);
    expect(accepted).toBeGreaterThanOrEqual(980);
    expect(refusals.length + accepted).toBe(3000);
    for (const refusal of refusals) {
      expect(refusal.code).toBe('RATE_LIMITED');
      expect(refusal.details!.retryAfterMs).toBeLessThanOrEqual(60_000);
    }
  });

  it('counts predictions as a quota of their own', async () => {
    const { keys, identify, limits } = instance();
    const { secret } = await keys.create('operator', { ...input, predictionsPerDay: 100 });
    const principal = await identify(secret, origin);
    expect((await limits.chargePredictions(principal, 60)).remaining).toBe(40);
    await expect(limits.chargePredictions(principal, 41)).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      details: { limit: 100, remaining: 40, requested: 41 },
    });
    expect((await instance(otherDatabase).limits.predictions(principal)).remaining).toBe(40);
    expect((await limits.points(principal)).remaining).toBeGreaterThan(0);
  });

  it('adds up usage per day from every instance', async () => {
    const [here, there] = [instance(), instance(otherDatabase)];
    const { key, secret } = await here.keys.create('operator', input);
    const principal = await here.identify(secret, origin);
    here.usage.add(principal, { requests: 2, cost: 30, predictions: 5 });
    there.usage.add(principal, { requests: 1, cost: 4 });
    await here.usage.flush();
    await there.usage.flush();
    const idle = (await here.keys.create('operator', input)).key;
    const [none, [today, ...others]] = (await here.keys.usage([idle.id, key.id], 30)) as [UsageDay[], UsageDay[]];
    expect(none).toEqual([]);
    expect(others).toEqual([]);
    expect(today).toMatchObject({ requests: 3, cost: 34, predictions: 5 });
  });
});
