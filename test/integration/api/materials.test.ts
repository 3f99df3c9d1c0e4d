import { toGlobalId } from '../../../schema';
import { FakeCatalog } from '../../support/fakes';
import { startTestServer, type TestServer } from '../../support/server';

describe('materials and nodes', () => {
  let server: TestServer;
  let catalog: FakeCatalog;
  beforeAll(async () => {
    catalog = new FakeCatalog();
    server = await startTestServer({ catalog });
  });
  beforeEach(() => {
    catalog.statements.length = 0;
    catalog.failure = null;
  });
  afterAll(() => server.stop());

  test('a page with everything on it is one statement of each kind', async () => {
    const { body } = await server.query(`{
      materials(first: 3) {
        totalCount totalCountIsExact
        edges { cursor node { id } }
        pageInfo { hasNextPage startCursor endCursor }
        nodes {
          formula spaceGroup { number symbol crystalSystem } density source { name }
          structure { lattice { a volume } sites { element } cif poscar }
          measurements { value } many: measurements(first: 50) { value }
          composition { materials { id } measurements(property: BAND_GAP) { value } }
        }
      }
    }`);
    expect(body.errors).toBeUndefined();
    expect(catalog.statements.sort()).toEqual([
      'count',
      'materialsByCompositionKeys',
      'measurementsByCompositionKeys',
      'measurementsByMaterialIds',
      'measurementsByMaterialIds',
      'search',
      'structuresByMaterialIds',
    ]);
    const [salt] = body.data.materials.nodes;
    expect(salt.spaceGroup).toEqual({ number: 225, symbol: 'Fm-3m', crystalSystem: 'cubic' });
    expect(salt.structure.cif).toMatch(/^data_NaCl/);
    expect(body.data.materials.pageInfo).toEqual({ hasNextPage: false, startCursor: '0', endCursor: '2' });
  });

  test('what is not asked for is not read', async () => {
    await server.query('{ materials(first: 1) { nodes { formula } } }');
    expect(catalog.statements).toEqual(['search']);
  });

  test('an id finds its object as node, material and in nodes; any other is null', async () => {
    const id = toGlobalId('Material', catalog.materials[0]!.id);
    const gone = toGlobalId('Material', '00000000-0000-4000-8000-999999999999');
    const { body } = await server.query(
      `query ($id: ID!, $ids: [ID!]!) { node(id: $id) { id __typename } material(id: $id) { formula } nodes(ids: $ids) { id } wrong: material(id: "TW9kZWw") { id } }`,
      {
        id,
        ids: [gone, id, 'garbage', toGlobalId('Material', "'; DROP TABLE materials --"), toGlobalId('Model', 'none')],
      },
    );
    expect(body).toEqual({
      data: {
        node: { id, __typename: 'Material' },
        material: { formula: 'NaCl' },
        nodes: [null, { id }, null, null, null],
        wrong: null,
      },
    });
    expect(catalog.statements).toEqual(['materialsByIds']);
  });

  test.each([
    ['first: 0', ['first']],
    ['first: 101', ['first']],
    ['first: -1', ['first']],
    ['last: 101', ['last']],
    ['first: 1, last: 1', ['last']],
    ['first: 1, after: "another list\'s"', ['after']],
  ])('materials(%s) is BAD_USER_INPUT', async (args, path) => {
    const { status, body } = await server.query(`{ materials(${args}) { nodes { id } } }`);
    expect(status).toBe(200);
    expect(body.errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
  });

  test('a database failure leaks nothing', async () => {
    catalog.failure = new Error('SELECT secret FROM materials: connection to 10.0.0.7 refused');
    const { body } = await server.query('{ materials { totalCount } }');
    expect(body.errors[0].extensions.code).toBe('INTERNAL');
    expect(JSON.stringify(body)).not.toMatch(/SELECT|10\.0\.0\.7/);
  });
});
