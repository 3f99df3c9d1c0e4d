import { auditServer } from 'graphql-http';
import { BeagleError, DatabaseUnavailableError } from '../../../src/domain';
import { EVERYBODY, freeAccess, startTestServer, type TestServer } from '../../support/server';

describe('GraphQL over HTTP', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  test('the audit of graphql-http finds no error', async () => {
    const results = await auditServer({ url: `${server.url}/graphql` });
    expect(results.length).toBeGreaterThan(50);
    const others = results.filter((result) => result.status !== 'ok');
    // Two decisions stand behind the rest. 400 for what does not parse, validate or coerce, whatever the client accepts: proxies and
    // dashboards see it. And no GET without a preflight (CSRF), which the audit cannot know.
    expect(others.map((result) => `${result.status} ${result.id}`).sort()).toEqual([
      'notice 5A70',
      'notice 6A70',
      'notice D6D5',
      'warn 572B',
      'warn 7B9B',
      'warn FDE2',
    ]);
  });

  test.each([
    ['malformed JSON', '{ "query": ', 400, /not valid JSON/],
    ['an empty body', '', 400, /body missing|query/],
    ['a batch', '[{"query":"{__typename}"},{"query":"{__typename}"}]', 400, /batch/i],
    ['no query', '{"variables":{}}', 400, /query/],
    ['what does not parse', '{"query":"{"}', 400, /Syntax Error/],
    ['an unknown field', '{"query":"{ nonsense }"}', 400, /Cannot query field "nonsense"/],
    ['a body over 1 MB', JSON.stringify({ query: `# ${'x'.repeat(1_000_001)}\n{__typename}` }), 413, /larger than/],
    [
      'an unknown property',
      '{"query":"{ composition(formula:\\"GaAs\\") { ... on Composition { prediction(property: COLOUR) { value } } } }"}',
      400,
      /COLOUR/,
    ],
  ])('%s is refused as the contract says', async (_, body, status, message) => {
    const answer = await server.post(body);
    expect(answer.status).toBe(status);
    expect(answer.body.errors[0].message).toMatch(message);
    expect(answer.body.errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', requestId: expect.any(String) });
    expect(answer.headers.get('x-request-id')).toBe(answer.body.errors[0].extensions.requestId);
  });

  test('no answer may be cached on its way', async () => {
    for (const query of ['{ __typename }', '{ nonsense }']) {
      const { headers } = await server.query(query);
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  test('a form post is refused: a foreign page cannot make a browser send one unasked', async () => {
    const answer = await server.post('query={__typename}', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });

  test('a browser that navigates to /graphql gets the playground, and everything it loads is served from here', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
    });
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(response.headers.get('content-security-policy')).toMatch(/script-src 'self';/);
    const page = await response.text();
    const files = [...page.matchAll(/(?:src|href)="(graphql[^"]+)"/g)].map((match) => match[1]);
    expect(files).toHaveLength(6);
    expect(page).not.toMatch(/https?:\/\//);
    for (const file of files) {
      const asset = await fetch(`${server.url}/${file}`);
      expect([file, asset.status]).toEqual([file, 200]);
    }
  });

  test('answers carry no trace of the software and may not be framed or sniffed', async () => {
    const { headers } = await server.query('{ __typename }');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
  });

  test('what is nowhere is NOT_FOUND', async () => {
    const response = await fetch(`${server.url}/nowhere`, { headers: { accept: 'application/json' } });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });

  test('no request is logged with its query, and each with its id', async () => {
    const { headers } = await server.query('{ composition(formula: "SecretOs4") { __typename } }');
    const id = headers.get('x-request-id');
    expect(server.log.filter((line) => line['requestId'] === id)).toMatchObject([
      { method: 'POST', path: '/graphql', status: 200 },
    ]);
    expect(JSON.stringify(server.log)).not.toContain('SecretOs4');
  });
});

describe('keys', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({
      access: {
        ...freeAccess(),
        identify: async (keyText) => {
          if (keyText !== null) throw new BeagleError('UNAUTHENTICATED', `the API key is not valid`);
          return EVERYBODY;
        },
      },
    });
  });
  afterAll(() => server.stop());

  test.each<Record<string, string>>([
    { authorization: 'Bearer bgl_live_wrong' },
    { authorization: 'Basic dXNlcjpwdw==' },
    { 'x-api-key': 'wrong' },
  ])('a key that is not valid is 401, never anonymous: %p', async (headers) => {
    const answer = await server.post('{"query":"{ __typename }"}', { 'content-type': 'application/json', ...headers });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.body).toMatchObject({
      errors: [{ message: 'the API key is not valid', extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(answer.body.data).toBeUndefined();
  });
});

describe('a database that cannot say who asks', () => {
  let server: TestServer;
  beforeAll(async () => {
    const identify = async () => {
      throw new DatabaseUnavailableError();
    };
    server = await startTestServer({ access: { ...freeAccess(), identify } });
  });
  afterAll(() => server.stop());

  const gone = {
    errors: [{ message: expect.stringMatching(/^The database cannot/), extensions: { code: 'INTERNAL' } }],
  };

  test('is 503 with Retry-After, neither 401 nor anonymous', async () => {
    const answer = await server.query('{ __typename }');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.body).toMatchObject(gone);
    expect(answer.body.data).toBeUndefined();
  });

  test('and so it is for subscriptions', async () => {
    const response = await fetch(`${server.url}/graphql/stream?query=subscription{__typename}`, {
      headers: { accept: 'text/event-stream' },
    });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject(gone);
  });
});

test('a fault in saying who asks is told with the id under which it is logged, and without its words', async () => {
  const identify = async () => {
    throw new Error('no secret');
  };
  const server = await startTestServer({ access: { ...freeAccess(), identify } });
  try {
    const { headers, body } = await server.query('{ __typename }');
    const requestId = headers.get('x-request-id');
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.errors).toMatchObject([{ extensions: { code: 'INTERNAL', requestId } }]);
    expect(JSON.stringify(body)).not.toContain('secret');
    const faults = server.log.filter((line) => line['level'] === 50);
    expect(faults).toMatchObject([{ requestId, err: { message: 'no secret' } }]);
  } finally {
    await server.stop();
  }
});
