import { join } from 'node:path';
import { toGlobalId } from '../../../schema';
import { openModel, type ServedModel } from '../../../src/darwin';
import { FakeEvidence } from '../../support/evidence';
import { FakePredictor } from '../../support/fakes';
import { startTestServer, type TestServer } from '../../support/server';

/** A decoder of random weights beside the default model, through the API. */
const FOLDER = join(__dirname, '../../fixtures/models/causal-tiny');
let model: ServedModel;
let server: TestServer;
beforeAll(async () => {
  model = await openModel({ folder: FOLDER, device: 'cpu' });
  server = await startTestServer({
    predictor: new FakePredictor(),
    otherPredictors: [model],
    evidence: new FakeEvidence(),
  });
});
afterAll(async () => {
  await server.stop();
  await model.close();
});

test('a causal-lm package answers as any other model does: value, interval, label, conditions', async () => {
  const { body } = await server.query(
    `query($model: ID!) { composition(formula: "Bi2Te3") { ... on Composition {
      gap: prediction(property: BAND_GAP, model: $model) { value unit interval { lower upper } probabilityWithin(min: -1e200) model { name device } }
      seebeck: prediction(property: SEEBECK_COEFFICIENT, conditions: { temperature: 800 }, model: $model) { value conditions { temperature } }
      metal: prediction(property: IS_METAL, model: $model) { value label interval { lower } } } } }`,
    { model: toGlobalId('Model', model.model.id) },
  );
  expect(body.errors).toBeUndefined();
  const { gap, seebeck, metal } = body.data.composition;
  expect(gap).toMatchObject({ unit: 'eV', probabilityWithin: 1, model: { name: 'causal-tiny', device: 'cpu' } });
  expect(gap.interval.lower).toBeLessThanOrEqual(gap.value);
  expect(gap.value).toBeLessThanOrEqual(gap.interval.upper);
  expect(seebeck.conditions.temperature).toBe(800);
  expect(metal.label).toBe(metal.value >= 0.5);
  expect(metal.interval).toBeNull();
});

test('a property that it was not told of is null with an error', async () => {
  const { body } = await server.query(
    `query($model: ID!) { composition(formula: "Si") { ... on Composition { prediction(property: DENSITY, model: $model) { value } } } }`,
    { model: toGlobalId('Model', model.model.id) },
  );
  expect(body.data.composition.prediction).toBeNull();
  expect(body.errors[0].message).toBe('causal-tiny@0.0.1 does not predict DENSITY');
});
