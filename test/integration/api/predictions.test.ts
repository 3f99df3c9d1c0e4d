import { FakeCatalog, FakePredictor } from '../../support/fakes';
import { startTestServer, type TestServer } from '../../support/server';

describe('compositions and their predictions', () => {
  let server: TestServer;
  let predictor: FakePredictor;
  let catalog: FakeCatalog;
  beforeAll(async () => {
    predictor = new FakePredictor();
    catalog = new FakeCatalog();
    server = await startTestServer({ predictor, catalog });
  });
  beforeEach(() => {
    predictor.calls.length = 0;
    catalog.statements.length = 0;
  });
  afterAll(() => server.stop());

  test('every reading comes from one distribution', async () => {
    const { body } = await server.query(`{
      composition(formula: "GaAs") {
        ... on Composition {
          prediction(property: BAND_GAP) {
            value unit label standardDeviation
            property { key name }
            interval { level lower upper }
            half: interval(level: 0.5) { level lower upper }
            quantile(p: 0.25)
            probabilityWithin(min: 0.1)
            model { name device }
            conditions { temperature }
            warnings cached computedAt
          }
        }
      }
    }`);
    expect(body.errors).toBeUndefined();
    const { prediction } = body.data.composition;
    expect(prediction).toMatchObject({
      value: 0.2,
      unit: 'eV',
      label: null,
      property: { key: 'BAND_GAP', name: 'band gap' },
      quantile: 0.1,
      probabilityWithin: 0.75,
      model: { name: 'fake', device: 'cpu' },
      conditions: { temperature: null },
      warnings: [],
      cached: false,
      computedAt: '1970-01-01T00:00:00.000Z',
    });
    expect(prediction.interval.level).toBe(0.9);
    expect(prediction.interval.lower).toBeCloseTo(0.02);
    expect(prediction.interval.upper).toBeCloseTo(0.38);
    expect(prediction.half).toEqual({ level: 0.5, lower: 0.1, upper: expect.closeTo(0.3) });
  });

  test('a classification is a probability and a label, without an interval', async () => {
    const { body } = await server.query(`{
      composition(formula: "GaAs") { ... on Composition { prediction(property: IS_METAL) {
        value label standardDeviation interval { level } quantile(p: 0.5) probabilityWithin(max: 1)
      } } }
    }`);
    expect(body).toEqual({
      data: {
        composition: {
          prediction: {
            value: 0.2,
            label: false,
            standardDeviation: null,
            interval: null,
            quantile: null,
            probabilityWithin: null,
          },
        },
      },
    });
  });

  test('a formula that cannot be read is data, with the place and the text', async () => {
    const query =
      'query ($f: String!) { composition(formula: $f) { __typename ... on InvalidFormulaError { code formula position message } } }';
    const { status, body } = await server.query(query, { f: 'Xx2O3' });
    expect(status).toBe(200);
    expect(body.errors).toBeUndefined();
    expect(body.data.composition).toMatchObject({
      __typename: 'InvalidFormulaError',
      code: 'INVALID_FORMULA',
      formula: 'Xx2O3',
      position: 0,
    });
    expect(body.data.composition.message).toContain('"Xx"');
  });

  test.each([
    ['the empty string', ''],
    ['10 kB', 'Al'.repeat(5_000)],
    ['a control character', 'Ga\u0001As'],
    ['prose', 'gallium arsenide'],
    ['a prototype key', '__proto__'],
  ])('%s is an InvalidFormulaError', async (_, formula) => {
    const { body } = await server.query(
      'query ($f: String!) { composition(formula: $f) { ... on InvalidFormulaError { code message position } } }',
      { f: formula },
    );
    expect(body.data.composition.code).toBe('INVALID_FORMULA');
    expect(body.data.composition.message.length).toBeLessThan(300);
  });

  test('many formulas keep their order, and a wrong one disturbs no other', async () => {
    const { body } = await server.query(
      'query ($f: [String!]!) { compositions(formulas: $f) { ... on Composition { formula } ... on InvalidFormulaError { position } } }',
      { f: ['As1Ga1', 'Q', 'Fe2O3'] },
    );
    expect(body.data.compositions).toEqual([{ formula: 'GaAs' }, { position: 0 }, { formula: 'Fe2O3' }]);
  });

  test('predictions of a whole page are one call, each question asked once', async () => {
    const { body } = await server.query(`{
      materials(first: 3) { nodes {
        a: prediction(property: BAND_GAP) { value }
        composition { b: prediction(property: BAND_GAP) { value } }
        predictions(properties: [BULK_MODULUS, DENSITY]) { value }
      } }
    }`);
    expect(body.errors).toBeUndefined();
    expect(predictor.calls).toHaveLength(1);
    expect(predictor.calls[0]).toHaveLength(9);
  });

  test('a prediction that fails is null with its error; its neighbours stand', async () => {
    const { status, body } = await server.query(
      '{ compositions(formulas: ["GaAs", "UO2", "ZnO"]) { ... on Composition { predictions(properties: [BAND_GAP, DENSITY]) { value } } } }',
    );
    expect(status).toBe(200);
    expect(body.data.compositions).toEqual([
      { predictions: [{ value: 0.2 }, { value: 0.2 }] },
      { predictions: [null, null] },
      { predictions: [{ value: 0.2 }, { value: 0.2 }] },
    ]);
    expect(body.errors).toHaveLength(2);
    expect(body.errors[0]).toMatchObject({
      path: ['compositions', 1, 'predictions', 0],
      message: 'the model was never trained on U',
      extensions: { code: 'UNSUPPORTED_ELEMENT' },
    });
  });

  test('any other failure is masked, logged, and findable by its request id', async () => {
    const { body } = await server.query(
      '{ composition(formula: "PuO2") { ... on Composition { prediction(property: BAND_GAP) { value } } } }',
    );
    expect(body.data.composition.prediction).toBeNull();
    const { message, extensions } = body.errors[0];
    expect(extensions.code).toBe('INTERNAL');
    expect(JSON.stringify(body)).not.toMatch(/secret|stack|onnx/);
    expect(message).toMatch(/^Internal error/);
    const logged = server.log.filter((line) => line['requestId'] === extensions.requestId && line['level'] === 50);
    expect(JSON.stringify(logged)).toContain('secret path');
  });

  test.each([
    [
      'a condition of another property',
      'prediction(property: BAND_GAP, conditions: { temperature: 300 }) { value }',
      ['conditions', 'temperature'],
      /BAND_GAP does not depend on it; no conditions apply/,
    ],
    [
      'a condition of none of them',
      'predictions(properties: [SEEBECK_COEFFICIENT, BAND_GAP], conditions: { load: 1 }) { value }',
      ['conditions', 'load'],
      /the conditions that apply are temperature/,
    ],
    [
      'a model that is not served',
      'prediction(property: BAND_GAP, model: "x") { value }',
      ['model'],
      /models \{ id \}/,
    ],
    [
      'a level of 1',
      'prediction(property: BAND_GAP) { interval(level: 1) { level } }',
      ['level'],
      /above 0 and below 1/,
    ],
    ['a quantile of -1', 'prediction(property: BAND_GAP) { quantile(p: -1) }', ['p'], /above 0 and below 1/],
    ['a range without bounds', 'prediction(property: BAND_GAP) { probabilityWithin }', ['min'], /min, max or both/],
    [
      'a range upside down',
      'prediction(property: BAND_GAP) { probabilityWithin(min: 2, max: 1) }',
      ['min'],
      /above max/,
    ],
    ['first: 0', 'materials(first: 0) { id }', ['first'], /between 1 and 100/],
    ['first: 101', 'measurements(first: 101) { id }', ['first'], /between 1 and 100/],
  ])('%s is BAD_USER_INPUT at its path', async (_, field, path, message) => {
    const { status, body } = await server.query(`{ composition(formula: "GaAs") { ... on Composition { ${field} } } }`);
    expect(status).toBe(200);
    expect(body.errors).toHaveLength(1);
    expect(body.errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
    expect(body.errors[0].message).toMatch(message);
  });

  test('several properties share conditions: who does not know one ignores it', async () => {
    const { body } = await server.query(
      '{ composition(formula: "Bi2Te3") { ... on Composition { predictions(properties: [SEEBECK_COEFFICIENT, BAND_GAP], conditions: { temperature: 400 }) { conditions { temperature } } } } }',
    );
    expect(body.data.composition.predictions).toEqual([
      { conditions: { temperature: 400 } },
      { conditions: { temperature: null } },
    ]);
  });

  test('0 and 1,001 formulas are refused with the number that is allowed', async () => {
    for (const n of [0, 1001]) {
      const { body } = await server.query('query ($f: [String!]!) { compositions(formulas: $f) { __typename } }', {
        f: Array(n).fill('GaAs'),
      });
      expect(body.errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: ['formulas'] }] });
      expect(body.errors[0].message).toMatch(`${n} given; 1 to 1000`);
    }
  });

  test('the model is a node, and its id pins a prediction', async () => {
    const { body } = await server.query('{ models { id version properties { key } } }');
    const [model] = body.data.models;
    expect(model.properties).toHaveLength(47);
    const pinned = await server.query(
      'query ($m: ID!) { node(id: $m) { ... on Model { id } } composition(formula: "GaAs") { ... on Composition { prediction(property: BAND_GAP, model: $m) { value } } } }',
      { m: model.id },
    );
    expect(pinned.body).toEqual({ data: { node: { id: model.id }, composition: { prediction: { value: 0.2 } } } });
  });
});
