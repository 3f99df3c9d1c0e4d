import { freeAccess, startTestServer } from '../../support/server';
import { type Body, formulas, MATERIALS, type OptimadeTestServer, serveOptimade } from './served';

let server: OptimadeTestServer;
let base: string;
const get: OptimadeTestServer['get'] = (path, parameters) => server.get(path, parameters);
beforeAll(async () => {
  server = await serveOptimade();
  ({ base } = server);
});
afterAll(() => server.stop());

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
      { publicUrl: 'https://beagle.example.org' },
    );
    try {
      const body: Body = await (await fetch(`${other.url}/optimade/v1/structures?page_limit=1`)).json();
      expect(body.links.next).toMatch(
        /^https:\/\/beagle\.example\.org\/optimade\/v1\/structures\?page_limit=1&page_cursor=/,
      );
    } finally {
      await other.stop();
    }
  });
});
