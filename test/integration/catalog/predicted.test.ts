import {
  createCatalog,
  createCataloguePredictions,
  fillPredictions,
  predictedColumn,
  type StoringPredictor,
} from '../../../src/catalog';
import { BeagleError } from '../../../src/domain';
import { material, materials, SOURCE } from '../../support/materials';
import { startRealServer, type RealServer } from '../../support/real-server';

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer();
  await server.writer.upsertMaterials(SOURCE, materials('GaAs Si ZnO Fe2O3 NaCl'));
});
afterAll(() => server.stop());

interface Node {
  readonly formula: string;
  readonly prediction: { readonly value: number };
}
const nodesOf = async (args: string, property = 'BAND_GAP'): Promise<Node[]> => {
  const { body } = await server.query(
    `{ materials(${args}) { nodes { formula prediction(property: ${property}) { value } } } }`,
  );
  expect(body.errors).toBeUndefined();
  return body.data.materials.nodes;
};
const values = (nodes: readonly Node[]) => nodes.map(({ prediction }) => prediction.value);

describe('what is predicted of the catalogue', () => {
  test('orders and filters it without having been asked for before', async () => {
    const all = await nodesOf('orderBy: { field: PREDICTED, property: BAND_GAP }');
    expect(all).toHaveLength(5);
    expect(values(all)).toEqual(values(all).toSorted((a, b) => a - b));
    const middle = values(all)[2]!;
    const above = await nodesOf(`filter: { predicted: [{ property: BAND_GAP, min: ${middle} }] }`);
    expect(above.map(({ formula }) => formula).sort()).toEqual(
      all
        .filter(({ prediction }) => prediction.value >= middle)
        .map(({ formula }) => formula)
        .sort(),
    );
  });

  test('holds for what was imported since', async () => {
    await server.writer.upsertMaterials(SOURCE, [material('MgO'), material('Si')]);
    expect(await nodesOf('filter: { predicted: [{ property: BAND_GAP }] }')).toHaveLength(7);
  });

  test('is of the formula unit that the source writes, where the property is', async () => {
    await server.writer.upsertMaterials(SOURCE, [material('Ga4As4')]);
    const args = 'filter: { formula: "GaAs" }, orderBy: { field: PREDICTED, property: HEAT_CAPACITY, direction: DESC }';
    const [whole, unit] = await nodesOf(args, 'HEAT_CAPACITY');
    expect(whole!.prediction.value).toBeCloseTo(4 * unit!.prediction.value, 6);
  });

  test('fills the coordinates of points that were never measured, and says so', async () => {
    const { body } = await server.query(
      '{ materialPoints(x: BAND_GAP, y: DENSITY) { formulas x y xPredicted yPredicted truncated } }',
    );
    const { formulas, x, y, xPredicted } = body.data.materialPoints;
    expect(formulas).toHaveLength(8);
    expect([...x, ...y].every((value: unknown) => typeof value === 'number')).toBe(true);
    expect(new Set(xPredicted)).toEqual(new Set([true]));
  });

  test('leaves out what was never measured when no predictions are wanted', async () => {
    const { body } = await server.query(
      '{ materialPoints(x: BAND_GAP, y: DENSITY, predicted: false) { formulas xPredicted truncated } }',
    );
    expect(body.data.materialPoints).toEqual({ formulas: [], xPredicted: [], truncated: false });
  });

  test('passes over elements that the model does not know, and asks about them once', async () => {
    const { predictor, testDatabase } = server;
    await server.writer.upsertMaterials(SOURCE, [material('Og2O')]);
    const asked: string[] = [];
    const withoutOganesson: StoringPredictor = {
      model: predictor.model,
      storedAs: (property) => predictor.storedAs(property),
      flush: () => predictor.flush(),
      async predict(requests) {
        asked.push(...requests.map(({ composition }) => composition.formula));
        const results = await predictor.predict(requests);
        return results.map((result, i) =>
          requests[i]!.composition.elements.includes('Og') ? new BeagleError('UNSUPPORTED_ELEMENT', 'Og') : result,
        );
      },
    };
    const since = new Date(Date.now() + 1);
    const { catalogue } = testDatabase.database;
    const column = predictedColumn(withoutOganesson, 'BULK_MODULUS')!;
    const pages = [];
    for await (const page of fillPredictions(catalogue, withoutOganesson, column)) pages.push(page);
    // Silicon and gallium arsenide are two materials each; the second formula unit of the latter is another question.
    expect(pages).toEqual([expect.objectContaining({ materials: 9, predicted: 7 })]);
    expect(asked).toHaveLength(8);
    for await (const page of fillPredictions(catalogue, withoutOganesson, column, { since })) pages.push(page);
    expect(pages).toHaveLength(1);
  });

  test('that fails for another reason fails the query, and leaves what was stored', async () => {
    const { predictor, testDatabase } = server;
    const overloaded: StoringPredictor = {
      model: predictor.model,
      storedAs: (property) => predictor.storedAs(property),
      flush: () => predictor.flush(),
      predict: async (requests) => requests.map(() => new BeagleError('MODEL_OVERLOADED', 'too many are waiting')),
    };
    const catalog = createCatalog(
      testDatabase.database,
      createCataloguePredictions(testDatabase.database.catalogue, overloaded),
    );
    const search = () => catalog.search({ predicted: [{ property: 'MELTING_TEMPERATURE' }] }, { first: 1 });
    await expect(search()).rejects.toThrow('too many are waiting');
    await expect(search()).rejects.toThrow('too many are waiting');
    expect((await catalog.search({}, { first: 1 })).edges).toHaveLength(1);
  });
});
