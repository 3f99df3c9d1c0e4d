import { createAccess } from '../../src/access';
import { generateKey } from '../../src/access/key-format';
import { BeagleError } from '../../src/domain';
import { createLogger } from '../../src/log';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { FakeCatalog } from '../support/fakes';
import { startTestServer, type TestServer } from '../support/server';

const KEY = generateKey().text;
const FORMULAS = ['SecretOs4Re', 'HiddenIrB2', 'PrivateRhN'];

describe('the log', () => {
  let lines: string[];
  let log: ReturnType<typeof createLogger>;
  beforeEach(() => {
    lines = [];
    log = createLogger('info', { write: (line) => void lines.push(line) });
  });
  const logged = () => JSON.parse(lines[0]!) as { err: Record<string, unknown>; [field: string]: unknown };

  it.each([
    ['in a message', () => log.info(`called with ${KEY}`)],
    ['in a field', () => log.info({ note: KEY }, 'called')],
    ['as the name of a field', () => log.info({ [KEY]: 1 }, 'called')],
    ['deep in a field', () => log.info({ a: { b: { c: { d: [KEY] } } } }, 'called')],
    ['in an error', () => log.error({ err: new Error(`no key ${KEY}`) }, 'failed')],
    ['in the cause of an error', () => log.error({ err: new Error('outer', { cause: new Error(KEY) }) }, 'failed')],
    ['in a header', () => log.info({ headers: { authorization: `Bearer ${KEY}`, 'x-api-key': KEY } }, 'called')],
    ['under its own name', () => log.info({ issued: { secret: KEY } }, 'issued')],
  ])('holds no key: %s', (_, write) => {
    write();
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain(KEY.slice(18, 40));
  });

  it.each(['query', 'variables', 'formulas', 'formula', 'sql', 'password', 'authorization'])(
    'withholds %s at the top, in an object and in an object within it',
    (name) => {
      log.info({ [name]: FORMULAS, request: { [name]: FORMULAS, body: { [name]: FORMULAS } } }, 'called');
      for (const formula of FORMULAS) expect(lines[0]).not.toContain(formula);
      expect(logged()[name]).toBe('[withheld]');
    },
  );

  it('says of an error what it was and where, not what it quotes', () => {
    log.error({ err: new TypeError(`cannot read "${FORMULAS.join(', ')}, and more of that kind"`) }, 'failed');
    expect(logged().err).toMatchObject({ type: 'TypeError', message: 'cannot read "…"' });
    expect(logged().err['stack']).toMatch(/^ {4}at .*logs\.test\.ts/);
  });

  it('does not repeat what a caller is told: it quotes what the caller sent', () => {
    log.error({ err: new BeagleError('INVALID_FORMULA', `unknown element in ${FORMULAS[0]}`) }, 'a job failed');
    expect(logged().err).toMatchObject({ code: 'INVALID_FORMULA', message: '[told to the caller]' });
    expect(lines[0]).not.toContain(FORMULAS[0]);
  });

  it('holds no password of a database, and no SQL that a message quotes', () => {
    log.warn({ error: 'cannot connect to postgresql://beagle:hunter2@db:5432/beagle' }, 'lost');
    log.warn(`stored predictions could not be read: SELECT * FROM materials WHERE formula = '${FORMULAS[0]}'`);
    expect(lines.join()).not.toContain('hunter2');
    expect(lines.join()).not.toContain('FROM materials');
    expect(lines.join()).not.toContain(FORMULAS[0]);
    expect(JSON.parse(lines[1]!).msg).toBe('stored predictions could not be read: [SQL]');
  });

  describe('of errors that the database itself makes', () => {
    let test: TestDatabase;
    beforeAll(async () => {
      test = await createTestDatabase();
    });
    afterAll(() => test.drop());

    it.each([
      ['a syntax error', `SELECT '${FORMULAS[0]}' FROMM materials`, '42601'],
      ['a wrong value', `SELECT '${FORMULAS[0]}'::uuid`, '22P02'],
      ['a unique violation', `INSERT INTO sources (id, name) SELECT gen_random_uuid(), '${FORMULAS[0]}' FROM generate_series(1, 2)`, '23505'], // prettier-ignore
    ])('%s: the code, not the statement nor the row', async (_, sql, sqlState) => {
      const error: unknown = await test.database.execute(sql).catch((thrown: unknown) => thrown);
      log.error({ err: error }, 'failed');
      expect(logged().err).toMatchObject({ sqlState });
      expect(lines[0]).not.toContain(FORMULAS[0]);
      expect(lines[0]).not.toMatch(/SELECT|INSERT/);
    });

    it('through Prisma too', async () => {
      const owner = '00000000-0000-4000-8000-000000000000';
      const terms = {
        ownerId: owner,
        name: FORMULAS[0]!,
        scopes: [],
        pointsPerMinute: 1,
        predictionsPerDay: 1,
        concurrentCampaigns: 1,
        candidatesPerCampaign: 1,
      };
      const times = { createdAt: new Date(), expiresAt: null, lastUsedAt: null, revokedAt: null };
      const key = { id: 'no uuid', prefix: 'bgl_live_x', secretHash: Buffer.alloc(32), ...terms, ...times };
      const audit = { actor: 'operator', action: 'KEY_CREATED', subjectId: owner, details: {} } as const;
      const error: unknown = await test.database.access.insertKey(key, audit).catch((thrown: unknown) => thrown);
      log.error({ err: error }, 'failed');
      expect(logged().err['type']).toMatch(/^PrismaClient/);
      expect(logged().err['message']).toBeUndefined();
      expect(lines[0]).not.toContain(FORMULAS[0]);
    });
  });
});

describe('what a server logs of requests that fail', () => {
  let test: TestDatabase;
  let server: TestServer;
  const catalog = new FakeCatalog();
  beforeAll(async () => {
    test = await createTestDatabase();
    const { access: store } = test.database;
    const access = createAccess({ store, anonymous: { embedded: false, scopes: null }, onError: () => undefined });
    server = await startTestServer({ access, catalog });
  });
  afterAll(async () => {
    await server.stop();
    await test.drop();
  });

  it('names the request and the failure, and nothing that was sent or found', async () => {
    const { access: store } = test.database;
    const access = createAccess({ store, anonymous: { embedded: false, scopes: null }, onError: () => undefined });
    const { secret } = await access.keys.create('operator', { name: 'ci', scopes: ['MATERIALS_READ'] });
    catalog.failure = new Error(`duplicate key: SELECT formula FROM materials WHERE formula IN ('${FORMULAS.join("', '")}')`); // prettier-ignore
    const query = `query ($f: String!) { materials(filter: { formula: $f }) { totalCount } }`;
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` };
    const answer = await server.post(JSON.stringify({ query, variables: { f: FORMULAS[0] } }), headers);
    expect(answer.body.errors[0].extensions.code).toBe('INTERNAL');
    await server.post('{"query":"{ __typename }"}', { ...headers, authorization: `Bearer ${KEY}` });
    await fetch(`${server.url}/compositions/${FORMULAS[1]}`, { headers: { accept: 'text/html' } });
    const text = JSON.stringify(server.log);
    expect(text).toContain(answer.body.errors[0].extensions.requestId);
    for (const never of [...FORMULAS, secret.slice(18, 50), KEY.slice(18, 50), 'totalCount', 'FROM materials'])
      expect(text).not.toContain(never);
    expect(server.log.map((line) => line['path'])).toContain('/compositions/:formula');
    await access.close();
  });
});
