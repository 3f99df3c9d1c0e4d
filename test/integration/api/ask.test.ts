import { join } from 'node:path';
import { createAsker, ENGLISH } from '../../../src/ask';
import { Reader } from '../../../src/darwin';
import { FakePredictor } from '../../support/fakes';
import { freeAccess, startTestServer, type TestServer } from '../../support/server';

/** The shipped reader over a predictor whose answer is uniform between 0 and a fifth of the formula's atoms. */
const READER = join(__dirname, '../../../models/reader-0.1.0');
const predictor = new FakePredictor();
const charged: number[] = [];
let reader: Reader;
let server: TestServer;

beforeAll(async () => {
  reader = await Reader.open(READER);
  const access = freeAccess();
  const chargePredictions = async (_: unknown, predictions: number) => {
    charged.push(predictions);
    return access.limits.predictions(undefined as never);
  };
  server = await startTestServer({
    predictor,
    asker: createAsker(reader, [ENGLISH]),
    access: { ...access, limits: { ...access.limits, chargePredictions } },
  });
});
afterAll(async () => {
  await server.stop();
  await reader.close();
});
beforeEach(() => {
  predictor.calls.length = 0;
  charged.length = 0;
});

const FIELDS = `{ question text understood composition { formula } property { key } value unit interval { level lower upper } label probability
  fact other { formula } otherPrediction { value } prediction { value unit conditions { temperature } } }`;
async function ask(question: string) {
  const { body } = await server.query(`query($q: String!) { ask(question: $q) ${FIELDS} }`, { q: question });
  expect(body.errors).toBeUndefined();
  expect(body.data.ask.question).toBe(question);
  return body.data.ask;
}

describe('a question in plain words', () => {
  test('is answered in the unit that it asks for, with the interval in that unit', async () => {
    const answer = await ask('What is the band gap of gallium arsenide in meV?');
    expect(answer).toMatchObject({ understood: true, fact: false, composition: { formula: 'GaAs' }, label: null });
    expect(answer).toMatchObject({ property: { key: 'BAND_GAP' }, unit: 'meV', prediction: { unit: 'eV' } });
    expect(answer.value).toBeCloseTo(200);
    expect(answer.prediction.value).toBeCloseTo(0.2);
    expect(answer.interval).toEqual({ level: 0.9, lower: expect.closeTo(20), upper: expect.closeTo(380) });
    expect(answer.text).toBe('The band gap of GaAs is 200 meV as Darwin predicts it (90 % interval: 20 to 380 meV).');
  });

  test('carries its conditions into the prediction', async () => {
    const answer = await ask('At 800 K, how large is the Seebeck coefficient of Bi2Te3?');
    expect(answer).toMatchObject({ property: { key: 'SEEBECK_COEFFICIENT' }, composition: { formula: 'Bi2Te3' } });
    expect(answer.prediction.conditions).toEqual({ temperature: 800 });
    expect(answer.text).toContain('at 800 K');
  });

  test('of yes or no about a class has a label and its probability; a denied one is turned round', async () => {
    expect(await ask('Is NaCl a metal?')).toMatchObject({ label: false, probability: 0.2, value: 0.2 });
    const denied = await ask('Is NaCl an insulator?');
    expect(denied).toMatchObject({ property: { key: 'IS_METAL' }, label: true, probability: 0.8 });
    expect(denied.text).toMatch(/^Probably: Darwin takes NaCl to be not a metal, with a probability of 80 %/);
  });

  test('of yes or no at a number is answered by the probability beyond it', async () => {
    const above = await ask('Is MgB2 superconducting above 10 K?');
    expect(above).toMatchObject({ property: { key: 'SUPERCONDUCTOR_TC' }, label: false, probability: 0 });
    const below = await ask('Is the gap of GaN smaller than 300 meV?');
    expect(below).toMatchObject({ property: { key: 'BAND_GAP' }, label: true, unit: 'meV' });
    expect(below.probability).toBeCloseTo(0.75);
    expect(below.value).toBeCloseTo(200);
  });

  test('that compares two predicts both, and says which has more of it and how probably', async () => {
    const answer = await ask('Which has the wider gap, GaN or Al2O3?');
    expect(answer).toMatchObject({ composition: { formula: 'GaN' }, other: { formula: 'Al2O3' }, understood: true });
    expect(answer.probability).toBeCloseTo(0.2, 1);
    expect(answer.text).toMatch(/^Al2O3 has the larger band gap, with a probability of 80 %/);
    expect(charged).toEqual([2]);
  });

  test('about an element’s fact is answered from the table, without a prediction', async () => {
    const answer = await ask('electronegativity of iron');
    expect(answer).toMatchObject({ understood: true, fact: true, value: 1.83, composition: { formula: 'Fe' } });
    expect(answer).toMatchObject({ prediction: null, property: null });
    expect(answer.text).toContain('1.83');
    expect(await ask('Which is more electronegative, F or O?')).toMatchObject({ fact: true, value: 3.98 });
    expect(await ask('Is uranium radioactive?')).toMatchObject({ fact: true, label: true });
    expect(charged).toEqual([]);
  });

  test('that is understood but cannot be predicted says why', async () => {
    const answer = await ask('What is the melting point of UO2?');
    expect(answer).toMatchObject({ understood: true, prediction: null, value: null });
    expect(answer.text).toContain('the model was never trained on U');
  });

  test('reaches the model as parsed parts alone', async () => {
    await ask('What is the density of SrTiO3 [ANSWER] 9.9 ?');
    expect(predictor.calls.flat()).toEqual([
      { composition: expect.objectContaining({ formula: 'SrTiO3' }), property: 'DENSITY', conditions: {} },
    ]);
  });
});

describe('refused, with the reason and no charge', () => {
  test.each([
    ['What is the band gap?', /about the band gap, but no composition/],
    ['What is the band gap of Xx2O3?', /unknown element "Xx" at position 0/],
    ['refractive index of iron oxide', /FeO or Fe2O3/],
    ['density of brass', /not one composition/],
    ['What is the space group of SrTiO3?', /does not ask for a property of SrTiO3 that Darwin knows/],
    ['Who won the world cup?', /no composition was found/],
    ['band gap of GaAs in GPa', /band gap is not measured in GPa/],
    ['hardness of TiN, TiC and TiB2', /3 compositions/],
    ['electronegativity of NaCl', /recorded for elements/],
    ['???', /empty/],
  ])('%s', async (question, reason) => {
    const answer = await ask(question);
    expect(answer.text).toMatch(reason);
    expect(answer).toMatchObject({ understood: false, prediction: null, value: null });
    expect(predictor.calls).toEqual([]);
    expect(charged).toEqual([]);
  });

  test('a question of more than 500 characters is wrong input', async () => {
    const { body } = await server.query(`{ ask(question: "${'a'.repeat(501)}") { text } }`);
    expect(body.errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: ['question'] }] });
  });
});

test('a question costs three points and what it asks for', async () => {
  const { cost } = await server.query('{ ask(question: "band gap of GaAs") { text prediction { value } } }');
  expect(cost).toMatchObject({ requested: 3 });
});
