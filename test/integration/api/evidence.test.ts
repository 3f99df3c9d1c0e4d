import { FakeEvidence } from '../../support/evidence';
import { startTestServer, type TestServer } from '../../support/server';

let server: TestServer;
const evidence = new FakeEvidence();
beforeAll(async () => (server = await startTestServer({ evidence })));
afterAll(() => server.stop());

describe('evidence', () => {
  test('comes with a prediction', async () => {
    const { body } = await server.query(
      '{ composition(formula: "GaAs") { ... on Composition { prediction(property: BAND_GAP) { evidence { inTrainingData applicability nearest { formula distance } } } } } }',
    );
    expect(body.data.composition.prediction.evidence).toEqual({
      inTrainingData: false,
      applicability: 'INTERPOLATION',
      nearest: [{ formula: 'Si', distance: 1 }],
    });
  });

  test('of all predictions of an operation is asked for at once', async () => {
    evidence.calls.length = 0;
    const { body } = await server.query(
      '{ compositions(formulas: ["Si", "GaAs", "NaCl"]) { ... on Composition { predictions(properties: [BAND_GAP, DENSITY]) { evidence { inTrainingData } } } } }',
    );
    expect(body.errors).toBeUndefined();
    expect(evidence.calls.map((asked) => asked.length)).toEqual([6]);
    const known = body.data.compositions.map(({ predictions }: { predictions: { evidence: object }[] }) => predictions);
    expect(known.flat().map((one: { evidence: { inTrainingData: boolean } }) => one.evidence.inTrainingData)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  test('what is similar has as many as asked for, 1 to 100', async () => {
    const similar = (first: string) =>
      server.query(`{ composition(formula: "GaAs") { ... on Composition { similar${first} { distance } } } }`);
    expect((await similar('')).body.data.composition.similar).toHaveLength(10);
    expect((await similar('(first: 3)')).body.data.composition.similar).toHaveLength(3);
    for (const wrong of ['(first: 0)', '(first: 101)']) {
      const { body } = await similar(wrong);
      expect(body.errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: ['first'] }] });
    }
  });
});
