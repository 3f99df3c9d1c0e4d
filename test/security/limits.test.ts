import { createAccess, type Access } from '../../src/access';
import type { IssuedKey, Scope } from '../../src/domain';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { startTestServer, type TestServer } from '../support/server';

const PREDICTION =
  '{ composition(formula: "GaAs") { ... on Composition { prediction(property: BAND_GAP) { value } } } }';
const VIEWER = `{ viewer {
  scopes apiKey { name prefix }
  rateLimit { limit remaining cost resetAt } predictionQuota { limit remaining resetAt }
} }`;

describe('keys and limits over HTTP', () => {
  let test: TestDatabase;
  let access: Access;
  let server: TestServer;
  const fail = (error: unknown) => {
    throw error;
  };
  const issue = (
    terms: { scopes?: Scope[]; requestsPerMinute?: number; predictionsPerDay?: number } = {},
  ): Promise<IssuedKey> => access.keys.create('operator', { name: 'test', scopes: ['PREDICTIONS_RUN'], ...terms });
  const ask = ({ secret }: Pick<IssuedKey, 'secret'>, query: string, variables: object = {}) =>
    server.post(JSON.stringify({ query, variables }), { 'content-type': 'application/json', 'x-api-key': secret });

  beforeAll(async () => {
    test = await createTestDatabase();
    access = createAccess({ store: test.database.access, anonymous: { embedded: false, scopes: null }, onError: fail });
    server = await startTestServer({ access });
  });
  afterAll(async () => {
    await server.stop();
    await access.close();
    await test.drop();
  });

  it('nobody gets in without a key', async () => {
    const { status, body } = await server.query(PREDICTION);
    expect(status).toBe(200);
    expect(body.errors[0]).toMatchObject({ path: ['composition'], extensions: { code: 'FORBIDDEN' } });
    expect(body.data).toBeNull();
  });

  it('every answer says what it cost and what is left, in the body and in the headers', async () => {
    const key = await issue({ requestsPerMinute: 500 });
    const { cost, headers, body } = await ask(key, PREDICTION);
    expect(body.errors).toBeUndefined();
    expect(cost).toMatchObject({ requested: 2, actual: 2, limit: 500, remaining: 498, resetAt: expect.any(String) });
    expect(headers.get('ratelimit-policy')).toBe('"points";q=500;w=60');
    expect(headers.get('ratelimit')).toMatch(/^"points";r=498;t=\d+$/);
  });

  it('the viewer sees their key and what is left of minute and day', async () => {
    const key = await issue({ requestsPerMinute: 500, predictionsPerDay: 10 });
    await ask(key, PREDICTION);
    const { body } = await ask(key, VIEWER);
    expect(body.data.viewer).toMatchObject({
      scopes: ['PREDICTIONS_RUN'],
      apiKey: { name: 'test', prefix: key.key.prefix },
      rateLimit: { limit: 500 },
      predictionQuota: { limit: 10, remaining: 9 },
    });
    expect(body.data.viewer.rateLimit.remaining).toBe(498 - body.data.viewer.rateLimit.cost);
  });

  it('over the limit is 429 with Retry-After and the numbers, before anything runs', async () => {
    const key = await issue({ requestsPerMinute: 3 });
    await ask(key, PREDICTION);
    const { status, headers, body } = await ask(key, PREDICTION);
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(body.errors[0].extensions).toMatchObject({ code: 'RATE_LIMITED', requested: 2, limit: 3, remaining: 1 });
    expect(body.data).toBeUndefined();
  });

  it('a used-up quota is an error at the prediction; the rest of the answer stands', async () => {
    const key = await issue({ predictionsPerDay: 1 });
    await ask(key, PREDICTION);
    const { status, body } = await ask(
      key,
      '{ composition(formula: "GaN") { ... on Composition { formula prediction(property: BAND_GAP) { value } } } }',
    );
    expect(status).toBe(200);
    expect(body.data.composition).toEqual({ formula: 'GaN', prediction: null });
    expect(body.errors[0].extensions).toMatchObject({ code: 'QUOTA_EXCEEDED', limit: 1, remaining: 0 });
  });

  describe('keys as an administrator handles them', () => {
    const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
      ... on CreateApiKeySuccess { secret apiKey { id name scopes expiresAt } } ... on Error { code message } ... on ValidationError { fields { path message } } } }`;
    const REVOKE = `mutation ($id: ID!) { revokeApiKey(id: $id) { ... on RevokeApiKeySuccess { apiKey { revokedAt } } ... on Error { code } } }`;
    const ROTATE = `mutation ($id: ID!) { rotateApiKey(id: $id, overlapHours: 1) { ... on CreateApiKeySuccess { secret apiKey { scopes } } ... on Error { code } } }`;
    let admin: IssuedKey;
    beforeAll(async () => {
      admin = await issue({ scopes: ['KEYS_ADMIN', 'PREDICTIONS_RUN'] });
    });
    const created = async () =>
      (await ask(admin, CREATE, { input: { name: 'partner', scopes: ['PREDICTIONS_RUN'] } })).body.data.createApiKey;

    it('a created key works, rotates with an overlap, and is refused once revoked', async () => {
      const partner = await created();
      expect(partner.apiKey).toMatchObject({ name: 'partner', scopes: ['PREDICTIONS_RUN'] });
      expect((await ask(partner, PREDICTION)).body.errors).toBeUndefined();
      const rotated = (await ask(admin, ROTATE, { id: partner.apiKey.id })).body.data.rotateApiKey;
      expect((await ask(partner, PREDICTION)).status).toBe(200);
      expect((await ask(rotated, PREDICTION)).body.errors).toBeUndefined();
      const { body } = await ask(admin, REVOKE, { id: partner.apiKey.id });
      expect(body.data.revokeApiKey.apiKey.revokedAt).not.toBeNull();
      const refused = await ask(partner, PREDICTION);
      expect(refused.status).toBe(401);
      expect(refused.body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
    });

    it('grants nothing that it lacks, and says which field is wrong', async () => {
      const { body } = await ask(admin, CREATE, { input: { name: '', scopes: ['MATERIALS_READ'] } });
      expect(body.data.createApiKey).toMatchObject({
        code: 'BAD_USER_INPUT',
        fields: [
          { path: ['input', 'name'] },
          { path: ['input', 'scopes'], message: expect.stringContaining('MATERIALS_READ') },
        ],
      });
    });

    it('answers an unknown key as data', async () => {
      for (const id of ['nonsense', admin.key.id]) {
        expect((await ask(admin, REVOKE, { id })).body.data.revokeApiKey).toEqual({ code: 'NOT_FOUND' });
      }
    });

    it('a page of keys with what each has used costs as many statements as one of them', async () => {
      await Promise.all(Array.from({ length: 20 }, () => issue()));
      const page = '{ apiKeys { name usage(days: 7) { day } month: usage { requests } } }';
      await ask(admin, page);
      const { result, sql } = await test.statements(() => ask(admin, page));
      expect(result.body.errors).toBeUndefined();
      expect(result.body.data.apiKeys.length).toBeGreaterThan(20);
      // The keys, and one for each number of days.
      expect(sql.filter((statement) => /api_keys|usage_days/.test(statement)).length).toBe(3);
    });

    it('a key is found by its global id by its administrator and by itself alone', async () => {
      const partner = await created();
      const NODE = 'query ($id: ID!) { node(id: $id) { id ... on ApiKey { name } } }';
      const find = async (key: Pick<IssuedKey, 'secret'>) =>
        (await ask(key, NODE, { id: partner.apiKey.id })).body.data.node;
      expect(await find(admin)).toMatchObject({ name: 'partner' });
      expect(await find(partner)).toMatchObject({ name: 'partner' });
      expect(await find(await issue())).toBeNull();
    });
  });
});
