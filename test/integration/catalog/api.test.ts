import type { MaterialInput } from '../../../src/domain';
import { parseFormula } from '../../../src/chemistry';
import { material, SOURCE } from '../../support/materials';
import { startRealServer, type RealServer } from '../../support/real-server';

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer();
  const gap = (value: number): Partial<MaterialInput> => ({
    measurements: [{ property: 'BAND_GAP', value, unit: 'eV', fidelity: 'EXPERIMENT' }],
  });
  await server.writer.upsertMaterials(SOURCE, [
    material('GaAs', { spaceGroupNumber: 216, density: 5.32, ...gap(1.42) }),
    material('Si', { spaceGroupNumber: 227, density: 2.33, ...gap(1.12) }),
    material('Ge', { spaceGroupNumber: 227, density: 5.33, ...gap(0.66) }),
    material('ZnO', { spaceGroupNumber: 186, density: 5.61, ...gap(3.3) }),
    material('SrTiO3', { density: 5.12 }),
  ]);
  await server.writer.upsertMaterials({ name: 'Another' }, [material('Si', { spaceGroupNumber: 227 })]);
  await server.writer.addMeasurements(SOURCE, [
    { property: 'DENSITY', value: 5.3, unit: 'g/cm^3', fidelity: 'EXPERIMENT', composition: parseFormula('GaAs') },
    { property: 'DENSITY', value: 2.3, unit: 'g/cm^3', fidelity: 'EXPERIMENT', composition: parseFormula('Si') },
  ]);
});
afterAll(() => server.stop());

const ask = async (query: string, variables?: Record<string, unknown>) => {
  const { body } = await server.query(query, variables);
  expect(body.errors).toBeUndefined();
  return body.data;
};

describe('materials', () => {
  test.each([
    ['filter: { measured: [{ property: BAND_GAP, min: 1, max: 2 }] }', ['GaAs', 'Si']],
    ['filter: { anonymousFormula: "A3BC" }', ['SrTiO3']],
    ['filter: { spaceGroupNumber: [186, 216] }', ['GaAs', 'ZnO']],
    ['filter: { sourceName: ["Another"] }', ['Si']],
    ['orderBy: { field: DENSITY, direction: DESC }, first: 3', ['ZnO', 'Ge', 'GaAs']],
    ['orderBy: [{ field: ELEMENT_COUNT, direction: DESC }, { field: FORMULA }], first: 3', ['SrTiO3', 'GaAs', 'ZnO']],
    ['orderBy: { field: MEASURED, property: BAND_GAP }, first: 2', ['Ge', 'Si']],
    ['orderBy: { field: DENSITY }, last: 2', ['ZnO', 'Si']],
  ])('(%s)', async (args, formulas) => {
    const { materials } = await ask(`{ materials(${args}) { nodes { formula } } }`);
    expect(materials.nodes.map(({ formula }: { formula: string }) => formula)).toEqual(formulas);
  });

  test.each([
    ['orderBy: { field: MEASURED }', ['orderBy', '0', 'property']],
    ['filter: { measured: [{ property: DENSITY, min: 2, max: 1 }] }', ['filter', 'measured', '0']],
    ['filter: { spaceGroupNumber: [0] }', ['filter', 'spaceGroupNumber', '0']],
  ])('(%s) is BAD_USER_INPUT at its path', async (args, path) => {
    const { body } = await server.query(`{ materials(${args}) { nodes { id } } }`);
    expect(body.errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
  });

  test('facets count what the filter finds, on whatever page', async () => {
    const { materials } = await ask(`{ materials(first: 1, filter: { elementCount: { max: 2 } }) { facets {
      elements { value count } crystalSystems { value count } sources { value count } elementCounts { value count }
      histogram(property: BAND_GAP, bins: 4) { edges counts unit }
      one: histogram(property: DENSITY, bins: 2) { edges counts }
      none: histogram(property: MELTING_TEMPERATURE) { edges counts }
    } } }`);
    expect(materials.facets).toEqual({
      elements: [
        { value: 'Si', count: 2 },
        { value: 'As', count: 1 },
        { value: 'Ga', count: 1 },
        { value: 'Ge', count: 1 },
        { value: 'O', count: 1 },
        { value: 'Zn', count: 1 },
      ],
      crystalSystems: [
        { value: 'cubic', count: 4 },
        { value: 'hexagonal', count: 1 },
      ],
      sources: [
        { value: 'Test library', count: 4 },
        { value: 'Another', count: 1 },
      ],
      elementCounts: [
        { value: '1', count: 3 },
        { value: '2', count: 2 },
      ],
      // The other source's silicon has no measurement of its own, and none is known of the composition alone.
      histogram: {
        edges: [0.66, 1.32, 1.98, 2.64, 3.3].map((edge) => expect.closeTo(edge)),
        counts: [2, 1, 0, 1],
        unit: 'eV',
      },
      one: { edges: [2.3, expect.closeTo(3.8), 5.3], counts: [2, 1] },
      none: { edges: [], counts: [] },
    });
  });

  test('a histogram of one value is one bin; a number of bins out of range is refused', async () => {
    const { materials } = await ask(
      '{ materials(filter: { formula: "Si" }) { facets { histogram(property: DENSITY) { edges counts } } } }',
    );
    expect(materials.facets.histogram).toEqual({ edges: [2.3, 2.3], counts: [2] });
    const { body } = await server.query(
      '{ materials { facets { histogram(property: DENSITY, bins: 0) { counts } } } }',
    );
    expect(body.errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: ['bins'] }] });
  });
});

describe('materialPoints', () => {
  const columns = 'ids formulas x y color xPredicted yPredicted truncated';

  test('are columns of the materials with both coordinates', async () => {
    const { materialPoints: points } = await ask(
      `{ materialPoints(x: DENSITY, y: BAND_GAP, color: MELTING_TEMPERATURE, filter: { elements: { none: ["O"] } }) { ${columns} } }`,
    );
    const { nodes } = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Material { formula } } }', points);
    expect(nodes.map(({ formula }: { formula: string }) => formula)).toEqual(points.formulas);
    expect(points.formulas.slice(0, 2)).toEqual(['GaAs', 'Si']);
    expect(points).toMatchObject({ truncated: false });
    expect([points.x[0], points.y[0], points.xPredicted[0], points.yPredicted[0]]).toEqual([5.3, 1.42, false, false]);
    for (const name of ['x', 'y', 'color', 'xPredicted', 'yPredicted']) {
      expect(points[name]).toHaveLength(points.ids.length);
    }
  });

  test('tell when there are more; a limit out of range is refused', async () => {
    const { materialPoints: points } = await ask(
      `{ materialPoints(x: BAND_GAP, y: BAND_GAP, limit: 2) { ${columns} } }`,
    );
    expect(points).toMatchObject({ formulas: ['GaAs', 'Si'], x: [1.42, 1.12], color: null, truncated: true });
    const { body } = await server.query('{ materialPoints(x: BAND_GAP, y: DENSITY, limit: 100001) { ids } }');
    expect(body.errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: ['limit'] }] });
  });
});
