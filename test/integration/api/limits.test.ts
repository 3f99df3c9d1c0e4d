import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { getIntrospectionQuery } from 'graphql';
import { DatabaseUnavailableError } from '../../../src/domain';
import { FakeCatalog, FakePredictor } from '../../support/fakes';
import { startTestServer, type TestServer } from '../../support/server';
import { MAX_TOKENS, OPERATION_LIMITS } from '../../../src/api/rules/operation-limits';
import { MAX_POINTS } from '../../../schema';

describe('what one operation may ask', () => {
  let server: TestServer;
  let predictor: FakePredictor;
  beforeAll(async () => {
    predictor = new FakePredictor();
    server = await startTestServer({ predictor });
  });
  beforeEach(() => {
    predictor.calls.length = 0;
  });
  afterAll(() => server.stop());

  test('1,000 formulas with three predictions and their intervals are within it', async () => {
    const { body } = await server.query(
      `query ($f: [String!]!) { compositions(formulas: $f) { ... on Composition {
        predictions(properties: [BAND_GAP, DENSITY, BULK_MODULUS]) { property { key } value interval { lower upper } model { version } }
      } } }`,
      { f: Array.from({ length: 1000 }, (_, i) => `Ga${i + 1}As`) },
    );
    expect(body.errors).toBeUndefined();
    expect(body.data.compositions[999].predictions[2].value).toBe(100.1);
    expect(predictor.calls).toHaveLength(1);
  });

  test('the introspection of GraphiQL is within it', async () => {
    const { body } = await server.query(getIntrospectionQuery());
    expect(body.errors).toBeUndefined();
    expect(body.data.__schema.queryType.name).toBe('Query');
  });

  test.each([
    [
      'literal',
      'query ($p: [PropertyKey!]!) { materials(first: 100) { nodes { predictions(properties: $p) { value } } } }',
      { p: Array(101).fill('BAND_GAP') },
    ],
    [
      'in variables',
      'query ($n: Int, $p: [PropertyKey!]!) { materials(first: $n) { nodes { composition { predictions(properties: $p) { value } } } } }',
      { n: 100, p: Array(100).fill('BAND_GAP') },
    ],
    [
      'through a fragment',
      'query ($n: Int) { materials(first: $n) { nodes { ...f } edges { node { ...f } } } } fragment f on Material { measurements(first: 100) { id } }',
      { n: 100 },
    ],
  ])('more than 10,000 points are refused before anything runs: %s', async (_, query, variables) => {
    const { status, body } = await server.query(query, variables);
    expect(status).toBe(400);
    expect(body.data).toBeUndefined();
    expect(body.errors[0].extensions).toMatchObject({
      code: 'COST_LIMIT_EXCEEDED',
      limit: MAX_POINTS,
      requested: expect.any(Number),
    });
    expect(body.errors[0].extensions.requested).toBeGreaterThan(MAX_POINTS);
    expect(predictor.calls).toEqual([]);
  });

  const nested = (depth: number) =>
    'composition(formula:"GaAs"){...on Composition{materials(first:1){'.concat(
      'composition{materials(first:1){'.repeat(depth),
      'id',
      '}}'.repeat(depth),
      '}}}',
    );
  test.each([
    ['depth', `{ ${nested(OPERATION_LIMITS.depth)} }`, /levels deep; at most 20/],
    [
      'aliases',
      `{ ${Array.from({ length: OPERATION_LIMITS.aliases + 1 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
      /201 aliases; at most 200/,
    ],
    [
      'aliases through fragments',
      `{ ${'...f '.repeat(50)} } fragment f on Query { ${Array.from({ length: 5 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
      /250 aliases/,
    ],
    [
      'directives',
      `{ __typename ${'@skip(if: false) '.repeat(OPERATION_LIMITS.directives + 1)} }`,
      /101 directives; at most 100/,
    ],
    ['tokens', `{ ${'__typename '.repeat(MAX_TOKENS)} }`, /token/i],
    [
      'circular fragments',
      '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }',
      /Cannot spread fragment/,
    ],
    ['variables', 'query ($a: Int!) { materials(first: $a) { totalCount } }', /\$a/],
  ])('too many or impossible %s are refused with 400', async (_, query, message) => {
    const { status, body } = await server.query(query);
    expect(status).toBe(400);
    expect(body.errors[0].message).toMatch(message);
    expect(body.errors.length).toBeLessThanOrEqual(11);
    expect(body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });

  test('a thousand mistakes are answered with a few', async () => {
    const { body } = await server.query(`{ ${Array.from({ length: 1000 }, (_, i) => `x${i}`).join(' ')} }`);
    expect(body.errors.length).toBeLessThanOrEqual(11);
    const wrong = await server.query('query ($f: [String!]!) { compositions(formulas: $f) { __typename } }', {
      f: Array(1000).fill(1),
    });
    expect(wrong.status).toBe(400);
    expect(wrong.body.errors.length).toBeLessThanOrEqual(11);
  });
});

describe('time', () => {
  const QUERY =
    '{ composition(formula: "GaAs") { ... on Composition { formula prediction(property: BAND_GAP) { value } } } }';
  let server: TestServer | undefined;
  afterEach(() => server?.stop());

  test('an operation that runs for too long is answered, and its work is told to stop', async () => {
    const predictor = new FakePredictor();
    predictor.stuck = true;
    server = await startTestServer({ predictor }, { operationTimeoutMs: 100 });
    const { body } = await server.query(QUERY);
    expect(body.data.composition).toEqual({ formula: 'GaAs', prediction: null });
    expect(body.errors[0].extensions).toMatchObject({ code: 'COST_LIMIT_EXCEEDED', timeoutMs: 100 });
    expect(predictor.signal?.aborted).toBe(true);
  });

  test('a client that goes away takes its work with it', async () => {
    const predictor = new FakePredictor();
    predictor.stuck = true;
    server = await startTestServer({ predictor });
    const client = request(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    client.on('error', () => {});
    client.end(JSON.stringify({ query: QUERY }));
    while (predictor.signal === undefined) await sleep(5);
    expect(predictor.signal.aborted).toBe(false);
    client.destroy();
    while (!predictor.signal.aborted) await sleep(5);
  });

  test('a server that stops finishes what runs, and is not ready meanwhile', async () => {
    const predictor = new FakePredictor();
    const catalog = new FakeCatalog();
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    catalog.count = async () => {
      await held;
      return { count: 3, exact: true };
    };
    server = await startTestServer({ predictor, catalog });
    const { url } = server;
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const running = server.query('{ materials { totalCount } }');
    while (!catalog.statements.includes('search')) await sleep(5);
    const stopped = server.stop();
    server = undefined;
    release();
    expect((await running).body).toEqual({ data: { materials: { totalCount: 3 } } });
    await stopped;
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
  });

  test('not ready says what is missing', async () => {
    server = await startTestServer({
      checkReady: async () => {
        throw new DatabaseUnavailableError('password in here');
      },
    });
    const response = await fetch(`${server.url}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      status: 'unavailable',
      reason: expect.stringMatching(/^The database cannot be reached/),
    });
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
  });
});
