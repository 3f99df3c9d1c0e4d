import { toGlobalId } from '../../../schema';
import { FAKE_MODEL, FakePredictor } from '../../support/fakes';
import { startTestServer, type TestServer } from '../../support/server';

class OtherPredictor extends FakePredictor {
  override readonly model = { ...FAKE_MODEL, id: 'fake@2.0.0', version: '2.0.0' };

  override async predict(...args: Parameters<FakePredictor['predict']>) {
    const results = await super.predict(...args);
    return results.map((result) => (result instanceof Error ? result : { ...result, modelId: this.model.id }));
  }
}

const predictor = new FakePredictor();
const other = new OtherPredictor();
const [DEFAULT, OTHER] = [predictor, other].map(({ model }) => toGlobalId('Model', model.id));
let server: TestServer;
beforeAll(async () => (server = await startTestServer({ predictor, otherPredictors: [other] })));
afterAll(() => server.stop());

describe('several models side by side', () => {
  test('are listed, the default one first, and are nodes', async () => {
    const { body } = await server.query('query($id: ID!) { models { id version } node(id: $id) { id } }', {
      id: OTHER,
    });
    expect(body.data.models).toEqual([
      { id: DEFAULT, version: '1.0.0' },
      { id: OTHER, version: '2.0.0' },
    ]);
    expect(body.data.node).toEqual({ id: OTHER });
  });

  test('a prediction comes from the one that is asked for, one call of each for the whole operation', async () => {
    predictor.calls.length = other.calls.length = 0;
    const { body } = await server.query(
      `query($other: ID!) { compositions(formulas: ["GaAs", "Si"]) { ... on Composition {
        prediction(property: BAND_GAP) { model { version } }
        another: prediction(property: BAND_GAP, model: $other) { model { version } }
        predictions(properties: [DENSITY], model: $other) { model { version } } } } }`,
      { other: OTHER },
    );
    expect(body.errors).toBeUndefined();
    for (const { prediction, another, predictions } of body.data.compositions) {
      expect(prediction.model.version).toBe('1.0.0');
      expect(another.model.version).toBe('2.0.0');
      expect(predictions).toEqual([{ model: { version: '2.0.0' } }]);
    }
    expect(predictor.calls.map((call) => call.length)).toEqual([2]);
    expect(other.calls.map((call) => call.length)).toEqual([4]);
  });

  test('one that is not served is wrong input', async () => {
    const { body } = await server.query(
      '{ composition(formula: "Si") { ... on Composition { prediction(property: BAND_GAP, model: "nope") { value } } } }',
    );
    expect(body.errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: ['model'] }] });
  });
});
