import { Optimade } from 'optimade';
import { parseFormula } from '../../../src/chemistry';
import { BeagleError, PROPERTY_KEYS, type MaterialInput } from '../../../src/domain';
import { material, SOURCE } from '../../support/materials';
import { type RealServer, startRealServer } from '../../support/real-server';
import { EVERYBODY, freeAccess, startTestServer } from '../../support/server';

// The shape is what the tests are about to check.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Body = any;

let server: RealServer;
let base: string;

const cell = (a: number) => ({ a, b: a, c: a, alpha: 90, beta: 90, gamma: 90, volume: a ** 3 });
const site = (element: string, at: number, occupancy = 1) => ({ element, occupancy, x: at, y: at, z: at });
const MATERIALS: readonly MaterialInput[] = [
  material('CsCl', {
    externalId: 'a',
    name: 'caesium chloride',
    structure: { lattice: cell(4.12), sites: [site('Cs', 0), site('Cl', 0.5)] },
  }),
  material('Fe0.5Ni0.4', {
    externalId: 'b',
    structure: { lattice: cell(3), sites: [site('Fe', 0, 0.5), site('Ni', 0, 0.4)] },
  }),
  material('GaAs', {
    externalId: 'c',
    density: 5.32,
    measurements: [{ property: 'BAND_GAP', value: 1.424, unit: 'eV', fidelity: 'EXPERIMENT' }],
  }),
  ...['Si', 'Ge', 'AlN', 'GaN', 'TiO2', 'Fe2O3', 'MgO'].map((formula) => material(formula)),
];

beforeAll(async () => {
  server = await startRealServer();
  base = `${server.url}/optimade`;
  await server.writer.upsertMaterials(SOURCE, MATERIALS);
  await server.predictor.predict([{ composition: parseFormula('GaAs'), property: 'BAND_GAP' }]);
  await server.predictor.flush();
});
afterAll(() => server.stop());

async function get(
  path: string,
  parameters: Record<string, string> = {},
): Promise<{ status: number; body: Body; headers: Headers }> {
  const response = await fetch(`${base}${path}?${new URLSearchParams(parameters)}`);
  return { status: response.status, body: await response.json(), headers: response.headers };
}
const formulas = ({ body }: { body: Body }): string[] =>
  body.data.map((entry: Body) => entry.attributes.chemical_formula_descriptive);

describe('endpoints', () => {
  it('/versions lists the major versions as CSV', async () => {
    const response = await fetch(`${base}/versions`);
    expect(response.headers.get('content-type')).toBe('text/csv; header=present');
    expect(await response.text()).toBe('version\n1\n');
  });

  it('are there under /v1, /v1.2 and /v1.2.0; another version is 553', async () => {
    for (const version of ['v1', 'v1.2', 'v1.2.0']) expect((await get(`/${version}/info`)).status).toBe(200);
    const { status, body } = await get('/v2/structures');
    expect([status, body.errors[0].title]).toEqual([553, 'Version Not Supported']);
  });

  it('the unversioned address leads to the preferred version', async () => {
    const response = await fetch(`${base}/structures?page_limit=1`, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([307, '/optimade/v1/structures?page_limit=1']);
  });

  it('/info says what there is', async () => {
    const { body, headers } = await get('/v1/info');
    expect(headers.get('content-type')).toBe('application/vnd.api+json');
    expect(body.data).toMatchObject({
      type: 'info',
      id: '/',
      attributes: { api_version: '1.2.0', formats: ['json'], is_index: false },
    });
    expect(body.data.attributes.available_api_versions).toEqual([{ url: `${base}/v1`, version: '1.2.0' }]);
    expect(body.meta).toMatchObject({
      api_version: '1.2.0',
      query: { representation: '/info' },
      more_data_available: false,
      provider: { prefix: 'beagle' },
      implementation: { name: 'Beagle', version: '0.1.0' },
    });
  });

  it('/info/structures defines every property, with its unit; those of every property of the registry are there', async () => {
    const { properties, output_fields_by_format } = (await get('/v1/info/structures')).body.data;
    expect(Object.keys(properties)).toEqual(output_fields_by_format.json);
    for (const key of PROPERTY_KEYS) {
      for (const name of [`_beagle_${key.toLowerCase()}`, `_beagle_measured_${key.toLowerCase()}`]) {
        const { title, description, type, ...definition } = properties[name];
        expect([title, description]).toEqual([expect.any(String), expect.any(String)]);
        expect(type).toEqual(['number', 'null']);
        const units = definition['x-optimade-property']['unit-definitions'] ?? [];
        expect(definition['x-optimade-unit']).toBe(units[0]?.symbol ?? 'dimensionless');
        expect(definition.sortable).toBe(true);
      }
    }
    expect(properties._beagle_band_gap['x-optimade-property']['unit-definitions']).toEqual([
      {
        symbol: 'eV',
        title: 'electronvolt',
        description: 'electronvolt',
        standard: { name: 'ucum', version: '2.1', symbol: 'eV' },
      },
    ]);
    expect(properties.lattice_vectors).toMatchObject({
      type: ['array', 'null'],
      'x-optimade-type': 'list',
      items: { type: 'array', items: { type: 'number', 'x-optimade-type': 'float', 'x-optimade-unit': 'angstrom' } },
      'x-optimade-implementation': {
        'query-support': 'partial',
        'query-support-operators': ['IS KNOWN', 'IS UNKNOWN'],
      },
    });
    expect(properties.species.items.properties.concentration.items.type).toBe('number');
  });

  it('/links has this implementation as its own root', async () => {
    const { body } = await get('/v1/links');
    expect(body.data).toEqual([
      expect.objectContaining({
        type: 'links',
        attributes: expect.objectContaining({ base_url: base, link_type: 'root' }),
      }),
    ]);
  });

  it('/references lists the sources, filtered and paged', async () => {
    const { body } = await get('/v1/references', { filter: 'title CONTAINS "library" AND doi IS UNKNOWN' });
    expect(body.data).toEqual([
      {
        type: 'references',
        id: expect.any(String),
        attributes: expect.objectContaining({
          title: 'Test library',
          url: 'https://example.org/',
          _beagle_licence: 'CC0-1.0',
        }),
      },
    ]);
    const { body: one } = await get(`/v1/references/${body.data[0].id}`, { response_fields: 'title' });
    expect(one.data.attributes).toEqual({ title: 'Test library' });
    expect((await get('/v1/references', { filter: 'year = "1999"' })).status).toBe(400);
  });
});

describe('/structures', () => {
  it('gives sites, species and features of ordered and disordered structures', async () => {
    const { body } = await get('/v1/structures', { filter: 'nsites IS KNOWN' });
    expect(body.data.map(({ attributes }: Body) => attributes)).toMatchObject([
      {
        elements: ['Cl', 'Cs'],
        elements_ratios: [0.5, 0.5],
        chemical_formula_reduced: 'ClCs',
        chemical_formula_hill: 'ClCs',
        nsites: 2,
        lattice_vectors: [
          [4.12, 0, 0],
          [0, 4.12, 0],
          [0, 0, 4.12],
        ],
        cartesian_site_positions: [
          [0, 0, 0],
          [2.06, 2.06, 2.06],
        ],
        species_at_sites: ['Cs', 'Cl'],
        species: [
          { name: 'Cs', chemical_symbols: ['Cs'], concentration: [1] },
          { name: 'Cl', chemical_symbols: ['Cl'], concentration: [1] },
        ],
        structure_features: [],
        _beagle_external_id: 'a',
      },
      {
        chemical_formula_reduced: 'Fe5Ni4',
        chemical_formula_anonymous: 'A5B4',
        chemical_formula_hill: null,
        nsites: 1,
        species_at_sites: ['Fe0.5 Ni0.4'],
        species: [
          {
            name: 'Fe0.5 Ni0.4',
            chemical_symbols: ['Fe', 'Ni', 'vacancy'],
            concentration: [0.5, 0.4, expect.closeTo(0.1, 10)],
          },
        ],
        structure_features: ['disorder'],
      },
    ]);
  });

  it('names the sources of its entries, and includes them unless told not to', async () => {
    const { body } = await get('/v1/structures', { page_limit: '1' });
    const [{ relationships }] = body.data;
    expect(body.included).toMatchObject([
      { type: 'references', id: relationships.references.data[0].id, attributes: { title: 'Test library' } },
    ]);
    expect((await get('/v1/structures', { page_limit: '1', include: '' })).body.included).toEqual([]);
    expect((await get('/v1/structures', { include: 'calculations' })).status).toBe(400);
  });

  it('gives the fields asked for, and no others; predictions are those that are stored', async () => {
    const { body } = await get('/v1/structures', {
      filter: 'chemical_formula_reduced="AsGa"',
      response_fields: 'id,nelements,_beagle_band_gap,_beagle_measured_band_gap,_beagle_bulk_modulus,_exmpl_x',
    });
    expect(body.data[0].attributes).toEqual({
      nelements: 2,
      _beagle_band_gap: expect.any(Number),
      _beagle_measured_band_gap: 1.424,
      _beagle_bulk_modulus: null,
      _exmpl_x: null,
    });
    expect(body.meta.warnings).toEqual([
      expect.objectContaining({
        type: 'warning',
        code: '_beagle_foreign_property',
        detail: expect.stringContaining('_exmpl_x'),
      }),
    ]);
    expect((await get('/v1/structures', { response_fields: 'nelement' })).body.errors[0]).toMatchObject({
      status: '400',
      detail: 'response_fields: there is no property "nelement"; /info/structures lists them',
      source: { parameter: 'response_fields' },
    });
  });

  it('runs no model for a filter', async () => {
    const before = server.predictor.metrics();
    const { body } = await get('/v1/structures', { filter: '_beagle_band_gap > -1' });
    expect(formulas({ body })).toEqual(['GaAs']);
    expect(server.predictor.metrics()).toEqual(before);
  });

  it('one entry by its id; null where there is none', async () => {
    const { body } = await get('/v1/structures', { page_limit: '1' });
    const [{ id, attributes }] = body.data;
    expect((await get(`/v1/structures/${id}`)).body).toMatchObject({
      data: { id, attributes },
      meta: { data_returned: 1, more_data_available: false },
    });
    for (const other of ['x', '00000000-0000-4000-8000-000000000000', 'a%2Fb', 'a/b'])
      expect((await get(`/v1/structures/${other}`)).body).toMatchObject({ data: null, meta: { data_returned: 0 } });
  });

  it('pages through everything once by links.next, in either sort order', async () => {
    for (const sort of [null, 'nelements', '-_beagle_recorded_density', '_beagle_band_gap,-nelements']) {
      const seen: string[] = [];
      let next: string | null =
        `${base}/v1/structures?${new URLSearchParams({ page_limit: '3', ...(sort && { sort }) })}`;
      while (next) {
        const body: Body = await (await fetch(next)).json();
        seen.push(...body.data.map(({ id }: Body) => id));
        expect(body.meta.more_data_available).toBe(body.links.next !== null);
        expect(body.meta.data_returned).toBe(MATERIALS.length);
        next = body.links.next;
      }
      expect(new Set(seen).size).toBe(MATERIALS.length);
      expect(seen).toHaveLength(MATERIALS.length);
    }
  });

  it('sorts by what /info/structures calls sortable', async () => {
    const parameters = { sort: '-chemical_formula_descriptive', page_limit: '2' };
    expect(formulas(await get('/v1/structures', parameters))).toEqual(['TiO2', 'Si']);
    expect((await get('/v1/structures', { sort: 'lattice_vectors' })).body.errors[0].source).toEqual({
      parameter: 'sort',
    });
  });

  it('finds a page by its number or offset too, up to 10,000 entries deep', async () => {
    const all = formulas(await get('/v1/structures'));
    expect(formulas(await get('/v1/structures', { page_limit: '3', page_number: '2' }))).toEqual(all.slice(3, 6));
    expect(formulas(await get('/v1/structures', { page_limit: '3', page_offset: '4' }))).toEqual(all.slice(4, 7));
    expect((await get('/v1/structures', { page_offset: '10001' })).status).toBe(400);
  });

  it('links to itself as the client called it', async () => {
    const other = await startTestServer(
      { ...server.services, access: freeAccess() },
      { publicUrl: 'https://beagle.example.org/api' },
    );
    try {
      const body: Body = await (await fetch(`${other.url}/optimade/v1/structures?page_limit=1`)).json();
      expect(body.links.next).toMatch(
        /^https:\/\/beagle\.example\.org\/api\/optimade\/v1\/structures\?page_limit=1&page_cursor=/,
      );
    } finally {
      await other.stop();
    }
  });
});

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

it("the npm client `optimade` finds the server's structures, page by page, and its largest page", async () => {
  const said = jest.spyOn(console, 'dir').mockImplementation(() => {});
  const client = new Optimade();
  client.providers = {};
  const provider = { type: 'links' as const, id: 'beagle', attributes: { name: 'Beagle', base_url: base } };
  await client.addProvider(provider);
  expect(client.providers['beagle']!.attributes).toMatchObject({ query_limits: [500] });
  const read = (page: number) =>
    client.getStructures({
      providerId: 'beagle',
      filter: 'elements HAS "N"',
      page,
      limit: 1,
    } as never) as Promise<Body>;
  const pages = [await read(1), await read(2)].map(([{ data, meta }]: Body) => [
    data[0].attributes.chemical_formula_reduced,
    meta.pages,
  ]);
  expect(pages).toEqual([
    ['AlN', 2],
    ['GaN', 2],
  ]);
  said.mockRestore();
});
