import { request } from 'node:http';
import { createAccess, type Access } from '../../src/access';
import { generateKey } from '../../src/access/key-format';
import { readConfig } from '../../src/config';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { startTestServer, type TestServer } from '../support/server';

const VIEWER = '{ viewer { scopes rateLimit { limit } } }';
const OPEN = ['MATERIALS_READ', 'MATERIALS_WRITE', 'PREDICTIONS_RUN', 'CAMPAIGNS_READ', 'CAMPAIGNS_WRITE'];

/** Who comes without a key, by what the environment says and where the request seems to come from. */
describe('without a key', () => {
  let test: TestDatabase;
  const opened: { access: Access; server: TestServer }[] = [];
  beforeAll(async () => {
    test = await createTestDatabase();
  });
  afterAll(async () => {
    for (const { access, server } of opened) {
      await server.stop();
      await access.close();
    }
    await test.drop();
  });

  /** A server as `npm start` makes it with this in the environment. */
  const start = async (environment: Record<string, string>, embedded: boolean): Promise<TestServer> => {
    const { anonymousScopes: scopes } = readConfig(environment);
    const access = createAccess({
      store: test.database.access,
      anonymous: { embedded, scopes },
      onError: (error) => {
        throw error;
      },
    });
    const server = await startTestServer({ access });
    opened.push({ access, server });
    return server;
  };

  /** fetch does not let a caller choose the Host header. */
  const viewer = (server: TestServer, headers: Record<string, string> = {}) =>
    new Promise<{ status: number; scopes: string[]; limit: number }>((resolve, reject) => {
      const sent = request(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
      });
      sent.once('error', reject).once('response', (response) => {
        let text = '';
        response.on('data', (data: Buffer) => (text += data.toString()));
        response.once('end', () => {
          const found = JSON.parse(text).data?.viewer;
          resolve({ status: response.statusCode!, scopes: found?.scopes, limit: found?.rateLimit.limit });
        });
      });
      sent.end(JSON.stringify({ query: VIEWER }));
    });

  it.each<[string, Record<string, string>, boolean, Record<string, string>, string[], number]>([
    ['the embedded database, from this machine', {}, true, {}, OPEN, 1_000_000],
    ['the embedded database, by the name localhost', {}, true, { host: 'localhost:4000' }, OPEN, 1_000_000],
    ['the embedded database, through a proxy', {}, true, { 'x-forwarded-for': '192.0.2.1' }, [], 10_000],
    ['the embedded database, through a proxy of RFC 7239', {}, true, { forwarded: 'for=192.0.2.1' }, [], 10_000],
    ['the embedded database, a page that rebinds its name', {}, true, { host: 'evil.example' }, [], 10_000],
    ['another database', {}, false, {}, [], 10_000],
    ['an empty variable, which is unset', { BEAGLE_ANONYMOUS_SCOPES: '' }, true, {}, OPEN, 1_000_000],
    ['none', { BEAGLE_ANONYMOUS_SCOPES: 'none' }, true, {}, [], 1_000_000],
    [
      'some, on another database and through a proxy',
      { BEAGLE_ANONYMOUS_SCOPES: 'MATERIALS_READ, PREDICTIONS_RUN' },
      false,
      { 'x-forwarded-for': '192.0.2.1' },
      ['MATERIALS_READ', 'PREDICTIONS_RUN'],
      10_000,
    ],
  ])('%s', async (_, environment, embedded, headers, scopes, limit) => {
    const server = await start(environment, embedded);
    expect(await viewer(server, headers)).toEqual({ status: 200, scopes: expect.any(Array), limit });
    expect((await viewer(server, headers)).scopes.sort()).toEqual([...scopes].sort());
  });

  it('a wrong key is refused where no key at all would do', async () => {
    const server = await start({}, true);
    for (const key of [generateKey().text, 'nonsense', ''])
      expect((await viewer(server, { 'x-api-key': key })).status).toBe(401);
  });

  it.each(['KEYS_ADMIN', 'all', 'MATERIALS_READ,NONSENSE', 'materials_read', ','])(
    'the server does not start with BEAGLE_ANONYMOUS_SCOPES=%s',
    (value) => {
      expect(() => readConfig({ BEAGLE_ANONYMOUS_SCOPES: value })).toThrow(
        /BEAGLE_ANONYMOUS_SCOPES: expected none, or/,
      );
    },
  );
});
