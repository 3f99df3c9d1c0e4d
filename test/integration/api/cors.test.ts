import { startTestServer, type TestServer } from '../../support/server';

const APP = 'https://app.example.org';
const OTHER = 'https://other.example.org';

/** What a browser asks before it lets a page of `origin` send this request (Fetch standard, CORS-preflight). */
const preflight = (server: TestServer, path: string, origin: string, headers = 'content-type,x-api-key') =>
  fetch(`${server.url}${path}`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': headers },
  });
const ask = (server: TestServer, origin: string) =>
  server.post('{"query":"{ __typename }"}', { 'content-type': 'application/json', origin });

describe('pages of other origins', () => {
  describe('without BEAGLE_CORS_ORIGINS', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startTestServer();
    });
    afterAll(() => server.stop());

    test.each(['/graphql', '/graphql/stream'])('get no leave for %s, neither before nor after', async (path) => {
      const { headers } = await preflight(server, path, APP);
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
      const answer = await ask(server, APP);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    });

    test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
      'cannot have a browser send an operation without asking, as %s',
      async (type) => {
        const answer = await server.post('{"query":"{ __typename }"}', { 'content-type': type, origin: APP });
        expect(answer.status).toBe(400);
        expect(answer.body.data).toBeUndefined();
      },
    );
  });

  describe(`with BEAGLE_CORS_ORIGINS=${APP}`, () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startTestServer({}, { corsOrigins: [APP, 'http://localhost:5173'] });
    });
    afterAll(() => server.stop());

    test.each(['/graphql', '/graphql/stream'])('those that it names may send keys to %s', async (path) => {
      const { status, headers } = await preflight(server, path, APP);
      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe(APP);
      expect(headers.get('access-control-allow-methods')).toBe('GET,POST');
      expect(headers.get('access-control-allow-headers')).toContain('x-api-key');
      // Keys travel in headers; a browser's cookies are nobody's business.
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    });

    test('they may read the answer and what it says of limits', async () => {
      const { body, headers } = await ask(server, APP);
      expect(body).toEqual({ data: { __typename: 'Query' } });
      expect(headers.get('access-control-allow-origin')).toBe(APP);
      expect(headers.get('access-control-expose-headers')).toMatch(/ratelimit.*retry-after.*x-request-id/);
    });

    test.each([OTHER, `${APP}.evil.example`, `${APP}:8443`, 'http://app.example.org', 'null'])(
      'no other may: %s',
      async (origin) => {
        expect((await preflight(server, '/graphql', origin)).headers.get('access-control-allow-origin')).toBeNull();
        expect((await ask(server, origin)).headers.get('access-control-allow-origin')).toBeNull();
      },
    );

    test('a cache on the way cannot give one origin the answer for another', async () => {
      expect((await ask(server, OTHER)).headers.get('vary')).toMatch(/origin/i);
    });
  });
});
