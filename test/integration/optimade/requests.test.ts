import { BeagleError } from '../../../src/domain';
import { EVERYBODY, freeAccess, startTestServer } from '../../support/server';
import { type OptimadeTestServer, serveOptimade } from './served';

let server: OptimadeTestServer;
let base: string;
const get: OptimadeTestServer['get'] = (path, parameters) => server.get(path, parameters);
beforeAll(async () => {
  server = await serveOptimade();
  ({ base } = server);
});
afterAll(() => server.stop());

describe('wrong and unsupported requests', () => {
  it.each([
    [400, 'filter', { filter: 'nelements >' }],
    [400, 'filter', { filter: 'band_gap > 1' }],
    [400, 'filter', { filter: '_beagle_bandgap > 1' }],
    [400, 'filter', { filter: 'last_modified > "yesterday"' }],
    [400, 'filter', { filter: '('.repeat(3000) }],
    [400, 'filter', { filter: `${'NOT ('.repeat(60)}nelements=1${')'.repeat(60)}` }],
    [400, 'filter', { filter: `id="${'x'.repeat(8000)}"` }],
    [400, 'filter', { filter: 'id="a\u0000b"' }],
    [501, 'filter', { filter: 'nelements = "3"' }],
    [501, 'filter', { filter: 'chemical_formula_reduced = 5' }],
    [501, 'filter', { filter: '"a" = "a"' }],
    [501, 'filter', { filter: '5 < 7' }],
    [501, 'filter', { filter: 'nelements = nsites' }],
    [501, 'filter', { filter: 'elements = "Si"' }],
    [501, 'filter', { filter: 'nelements HAS 3' }],
    [501, 'filter', { filter: 'elements HAS 3' }],
    [501, 'filter', { filter: 'elements:species_at_sites HAS "Si":"Si"' }],
    [501, 'filter', { filter: 'species.name HAS "Si"' }],
    [501, 'filter', { filter: 'species_at_sites HAS "Si"' }],
    [501, 'filter', { filter: 'lattice_vectors HAS 1' }],
    [501, 'filter', { filter: 'chemical_formula_hill CONTAINS "Si"' }],
    [501, 'filter', { filter: 'nelements' }],
    [501, 'filter', { filter: 'nelements > 1e999' }],
    [501, 'filter', { filter: Array.from({ length: 101 }, (_, i) => `nelements=${i}`).join(' OR ') }],
    [403, 'page_limit', { page_limit: '501' }],
    [400, 'page_limit', { page_limit: '0' }],
    [400, 'page_limit', { page_limit: 'many' }],
    [400, 'page_cursor', { page_cursor: 'x' }],
    [400, 'page_number', { page_number: '0' }],
    [400, 'page_above', { page_above: '7' }],
    [400, 'response_format', { response_format: 'xml' }],
    [400, 'sort', { sort: 'colour' }],
  ])('%i for %s: %j', async (status, parameter, query) => {
    const { status: answered, body } = await get('/v1/structures', query as Record<string, string>);
    expect(answered).toBe(status);
    expect(body.data).toBeUndefined();
    expect(body.meta).toMatchObject({ api_version: '1.2.0', more_data_available: false });
    expect(body.errors).toEqual([
      {
        status: String(status),
        title: expect.any(String),
        detail: expect.stringContaining(`${parameter}: `),
        source: { parameter },
      },
    ]);
  });

  it('parameters of other providers are passed over with a warning', async () => {
    const { status, body } = await get('/v1/structures', { _exmpl_key: '1', email_address: 'a@example.org' });
    expect([status, body.meta.warnings[0].code]).toEqual([200, '_beagle_foreign_parameter']);
  });

  it('is read by GET alone', async () => {
    const response = await fetch(`${base}/v1/structures`, { method: 'POST', body: '{}' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await get('/v1/nothing')).status).toBe(404);
    expect((await get('/v1/info/nothing')).status).toBe(404);
    expect((await fetch(`${base}/v1/structures/%E0%A4%A`)).status).toBe(400);
  });
});

describe('who may ask, and how much', () => {
  it('a listing costs the page that it asks for, told in the RateLimit headers; without points it is 429 with Retry-After', async () => {
    const charged: number[] = [];
    const access = freeAccess();
    const limits: typeof access.limits = {
      ...access.limits,
      async chargePoints(_principal, points) {
        charged.push(points);
        if (points > 100) throw new BeagleError('RATE_LIMITED', 'too many points', [], { retryAfterMs: 1_500 });
        return { limit: 1000, remaining: 1000 - points, resetAt: new Date(Date.now() + 60_000) };
      },
    };
    const limited = await startTestServer({ ...server.services, access: { ...access, limits } });
    try {
      const ask = (query: string) => fetch(`${limited.url}/optimade/v1/${query}`);
      const paid = await ask('structures?page_limit=30');
      expect(paid.headers.get('ratelimit')).toMatch(/^"points";r=970;t=\d+$/);
      await ask('info');
      await ask('structures?filter=wrong%20in%20itself');
      const refused = await ask('structures?page_limit=101');
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '2']);
      expect(await refused.json()).toMatchObject({
        errors: [{ status: '429', detail: 'too many points' }],
        meta: { request_delay: 2 },
      });
      expect(charged).toEqual([30, 1, 101]);
    } finally {
      await limited.stop();
    }
  });

  it('entries need MATERIALS_READ; a wrong key is 401, never anonymous; /info is for everybody', async () => {
    const nobody = freeAccess({ ...EVERYBODY, scopes: new Set(['PREDICTIONS_RUN']) });
    const closed = await startTestServer({ ...server.services, access: nobody });
    const keyed = await startTestServer({
      ...server.services,
      access: {
        ...nobody,
        identify: () => Promise.reject(new BeagleError('UNAUTHENTICATED', 'this key is not valid')),
      },
    });
    try {
      const status = async (url: string) => (await fetch(url)).status;
      expect(await status(`${closed.url}/optimade/v1/structures`)).toBe(403);
      expect(await status(`${closed.url}/optimade/v1/references`)).toBe(403);
      expect(await status(`${closed.url}/optimade/v1/info`)).toBe(200);
      expect(await status(`${keyed.url}/optimade/v1/info`)).toBe(401);
    } finally {
      await closed.stop();
      await keyed.stop();
    }
  });
});
