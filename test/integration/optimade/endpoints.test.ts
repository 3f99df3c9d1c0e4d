import { Optimade } from 'optimade';
import { PROPERTY_KEYS } from '../../../src/domain';
import { type Body, type OptimadeTestServer, serveOptimade } from './served';

let server: OptimadeTestServer;
let base: string;
const get: OptimadeTestServer['get'] = (path, parameters) => server.get(path, parameters);
beforeAll(async () => {
  server = await serveOptimade();
  ({ base } = server);
});
afterAll(() => server.stop());

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
