import { startTestServer, type TestServer } from '../../support/server';

describe('what an operation costs', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  const QUERY = `query ($f: [String!]!) { compositions(formulas: $f) { ... on Composition { formula evidence: similar(first: 1) { distance } } } }`;
  const formulas = (count: number) => Array.from({ length: count }, (_, i) => `Ga${i + 1}As`);
  const requested = async (body: object) => (await server.post(JSON.stringify(body))).cost?.['requested'];

  test('follows its variables, however often the same text is sent', async () => {
    const costs = [];
    for (const count of [1, 7, 1, 300, 7, 300]) {
      costs.push(await requested({ query: QUERY, variables: { f: formulas(count) } }));
    }
    expect(costs).toEqual([2, 14, 2, 600, 14, 600]);
    // More sets of variables than are remembered.
    for (let count = 1; count <= 30; count++) {
      expect(await requested({ query: QUERY, variables: { f: formulas(count) } })).toBe(2 * count);
    }
  });

  test('is that of the operation that is named', async () => {
    const query = `query one { composition(formula: "GaAs") { __typename } }
      query two { a: composition(formula: "GaAs") { __typename } b: composition(formula: "InP") { __typename } }`;
    for (let i = 0; i < 2; i++) {
      expect(await requested({ query, operationName: 'one' })).toBe(1);
      expect(await requested({ query, operationName: 'two' })).toBe(2);
    }
  });

  test('is nothing, and told as an error, where the variables do not fit, each time', async () => {
    for (let i = 0; i < 2; i++) {
      const { body, cost } = await server.query(QUERY, { f: [null] });
      expect(body.errors[0].message).toContain('"$f" got invalid value null at "f[0]"');
      expect(cost).toMatchObject({ requested: 0, actual: 0 });
    }
  });

  test('is told as what came back, whatever a field is called and however selections merge', async () => {
    const actual = async (query: string) => (await server.query(query)).cost?.['actual'];
    for (let i = 0; i < 2; i++) {
      expect(await actual('{ composition(formula: "GaAs") { ... on Composition { __typename: formula } } }')).toBe(1);
      expect(
        await actual(
          '{ composition(formula: "G") { ... on Composition { formula } ... on InvalidFormulaError { message } } }',
        ),
      ).toBe(1);
      const twice =
        '{ c: composition(formula: "GaAs") { __typename } ...f } fragment f on Query { c: composition(formula: "GaAs") { __typename } }';
      expect(await actual(twice)).toBe(1);
    }
  });
});
