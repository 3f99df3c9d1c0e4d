import { material, materials, SOURCE } from '../../support/materials';
import { startRealServer, type RealServer } from '../../support/real-server';

describe('the catalogue through the API, on Postgres and a model in its worker', () => {
  let server: RealServer;
  beforeAll(async () => {
    server = await startRealServer();
    const halides = ['F', 'Cl', 'Br', 'I'].flatMap((x) =>
      ['Li', 'Na', 'K', 'Rb', 'Cs', 'Ag', 'Tl', 'Cu'].map((m) => m + x),
    );
    const chalcogenides = ['O', 'S', 'Se', 'Te'].flatMap((x) =>
      [
        'Be',
        'Mg',
        'Ca',
        'Sr',
        'Ba',
        'Zn',
        'Cd',
        'Hg',
        'Pb',
        'Sn',
        'Ge',
        'Mn',
        'Fe',
        'Co',
        'Ni',
        'Eu',
        'Yb',
        'V',
        'Ti',
        'Cr',
      ].map((m) => m + x),
    );
    await server.writer.upsertMaterials(SOURCE, materials([...halides, ...chalcogenides].join(' ')));
    await server.writer.upsertMaterials(SOURCE, [
      material('Fe2O3', {
        externalId: 'hematite',
        name: 'hematite',
        spaceGroupNumber: 167,
        spaceGroupSymbol: 'R-3c',
        density: 5.26,
        measurements: [{ property: 'BAND_GAP', value: 2.2, unit: 'eV', fidelity: 'EXPERIMENT' }],
      }),
      material('Al2O3'),
      material('SrTiO3'),
    ]);
  });
  afterAll(() => server.stop());

  test('100 materials with three predictions each: at most 6 statements and 3 model runs, and none of the latter twice', async () => {
    const query = `{ materials(first: 100) {
      totalCount totalCountIsExact pageInfo { hasNextPage }
      nodes { formula predictions(properties: [BAND_GAP, BULK_MODULUS, DENSITY]) { value unit interval { lower upper } cached } }
    } }`;
    const runs = () => server.predictor.metrics().executionCount;
    const before = runs();
    const first = await server.testDatabase.statements(() => server.query(query));
    expect(first.result.body.errors).toBeUndefined();
    const { materials: page } = first.result.body.data;
    expect(page).toMatchObject({ totalCount: 115, totalCountIsExact: true, pageInfo: { hasNextPage: true } });
    expect(page.nodes).toHaveLength(100);
    const predictions = page.nodes.flatMap((node: { predictions: unknown[] }) => node.predictions);
    expect(predictions).toHaveLength(300);
    expect(predictions).not.toContainEqual(expect.objectContaining({ cached: true }));
    expect(first.sql.length).toBeLessThanOrEqual(6);
    expect(runs() - before).toBeLessThanOrEqual(3);
    expect(runs() - before).toBeGreaterThan(0);

    const again = await server.query(query);
    const values = (nodes: { predictions: { value: number }[] }[]) =>
      nodes.map((node) => node.predictions.map((p) => p.value));
    expect(values(again.body.data.materials.nodes)).toEqual(values(page.nodes));
    expect(runs() - before).toBeLessThanOrEqual(3);
  });

  test('every material once, forwards and backwards, page by page', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { body } = await server.query(
        'query ($after: String) { materials(first: 40, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }',
        { after },
      );
      seen.push(...body.data.materials.nodes.map((node: { id: string }) => node.id));
      after = body.data.materials.pageInfo.hasNextPage ? body.data.materials.pageInfo.endCursor : null;
    } while (after !== null);
    expect(new Set(seen).size).toBe(115);
    const { body } = await server.query(
      '{ materials(last: 100) { nodes { id } pageInfo { hasPreviousPage hasNextPage } } }',
    );
    expect(body.data.materials.nodes.map((node: { id: string }) => node.id)).toEqual(seen.slice(15));
    expect(body.data.materials.pageInfo).toEqual({ hasPreviousPage: true, hasNextPage: false });
  });

  test.each([
    ['{ elements: { all: ["O", "Fe"] } }', ['FeO', 'Fe2O3']],
    ['{ formula: "O3Fe2" }', ['Fe2O3']],
    ['{ formula: "*2O3" }', ['Al2O3', 'Fe2O3']],
    ['{ chemicalSystem: "Sr-O-Ti" }', ['SrTiO3']],
    ['{ elementCount: { min: 3 } }', ['SrTiO3']],
    ['{ elements: { only: ["Li", "F", "Cl"] } }', ['LiCl', 'LiF']],
  ])('materials(filter: %s)', async (filter, formulas) => {
    const { body } = await server.query(
      `{ materials(filter: ${filter}, first: 100) { totalCount nodes { formula } } }`,
    );
    expect(body.errors).toBeUndefined();
    expect(body.data.materials.nodes.map((node: { formula: string }) => node.formula).sort()).toEqual(
      [...formulas].sort(),
    );
    expect(body.data.materials.totalCount).toBe(formulas.length);
  });

  test.each([
    ['filter: { elements: { all: ["Xx"] } }', ['filter', 'elements', 'all', '0']],
    ['filter: { formula: "Fe2(O" }', ['filter', 'formula']],
    ['filter: { chemicalSystem: "Fe-Qq" }', ['filter', 'chemicalSystem']],
    ['after: "bm9uc2Vuc2U"', ['after']],
  ])('materials(%s) is BAD_USER_INPUT at its path', async (args, path) => {
    const { status, body } = await server.query(`{ materials(${args}) { nodes { id } } }`);
    expect(status).toBe(200);
    expect(body.errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
  });

  test('a cursor of another filter is BAD_USER_INPUT', async () => {
    const { body } = await server.query('{ materials(first: 1) { pageInfo { endCursor } } }');
    const cursor = body.data.materials.pageInfo.endCursor;
    const other = await server.query(
      'query ($after: String) { materials(filter: { elementCount: { min: 2 } }, after: $after) { nodes { id } } }',
      { after: cursor },
    );
    expect(other.body.errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: ['after'] }] });
  });

  test('a composition leads to its materials and measurements, and they lead back', async () => {
    const { body } = await server.query(`{
      composition(formula: "Fe4O6") { ... on Composition {
        materials { id name spaceGroup { number symbol crystalSystem } density source { name licence } }
        measurements(property: BAND_GAP) { id value unit fidelity material { name } composition { formula } }
        none: measurements(property: DENSITY) { value }
      } }
    }`);
    const { materials: found, measurements, none } = body.data.composition;
    expect(found).toMatchObject([
      {
        name: 'hematite',
        spaceGroup: { number: 167, symbol: 'R-3c', crystalSystem: 'trigonal' },
        density: 5.26,
        source: { name: 'Test library', licence: 'CC0-1.0' },
      },
    ]);
    expect(measurements).toMatchObject([
      {
        value: 2.2,
        unit: 'eV',
        fidelity: 'EXPERIMENT',
        material: { name: 'hematite' },
        composition: { formula: 'Fe2O3' },
      },
    ]);
    expect(none).toEqual([]);
    const nodes = await server.query('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', {
      ids: [measurements[0].id, found[0].id],
    });
    expect(nodes.body.data.nodes).toEqual([
      { __typename: 'Measurement', id: measurements[0].id },
      { __typename: 'Material', id: found[0].id },
    ]);
  });
});
