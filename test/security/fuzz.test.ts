import fc from 'fast-check';
import { createSchema, toGlobalId } from '../../schema';
import { ELEMENTS } from '../../src/chemistry';
import { createPredictor, type DarwinPredictor } from '../../src/darwin';
import { createCatalogWriter } from '../../src/catalog';
import { servicesOver, type Services } from '../../src/services';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { materials, SOURCE } from '../support/materials';
import { formulas, OperationGenerator } from '../support/operations';
import { TINY_MODEL } from '../support/real-server';
import { EVERYBODY, startTestServer, type GraphQLAnswer, type TestServer } from '../support/server';

// `npm run fuzz` takes a new seed each time and says which; here it is always the same.
const full = process.env['BEAGLE_FUZZ'] === 'full';
const seed = full ? Number(process.env['BEAGLE_FUZZ_SEED'] ?? Date.now() % 2 ** 31) : 20_260_301;
const OPERATIONS = full ? 20_000 : 500;
const FORMULAS = full ? 100_000 : 5_000;
const FORMULAS_A_REQUEST = 500;

jest.setTimeout(full ? 4 * 3_600_000 : 300_000);

describe(`anything that the schema allows (seed ${seed})`, () => {
  let test: TestDatabase;
  let predictor: DarwinPredictor;
  let services: Services;
  let server: TestServer;
  let ids: string[];
  const symbols = ELEMENTS.map(({ symbol }) => symbol);
  /** Everybody may do everything; what they do is counted by the real limits. */
  const identify = async () => ({ ...EVERYBODY, pointsPerMinute: 2e9, predictionsPerDay: 2e9 });

  beforeAll(async () => {
    test = await createTestDatabase();
    predictor = await createPredictor({
      folder: TINY_MODEL,
      device: 'cpu',
      workers: 1,
      store: test.database.predictions,
    });
    services = await servicesOver(test.database, predictor);
    await createCatalogWriter(test.database).upsertMaterials(SOURCE, materials('GaAs NaCl Fe2O3 LiFePO4 SrTiO3'));
    const { access, ...others } = services;
    const { limits, usage, keys } = access;
    server = await startTestServer({ ...others, access: { identify, limits, usage, keys } });
    const { body } = await server.query('{ materials { nodes { id } } models { id } }');
    ids = [...body.data.materials.nodes, ...body.data.models].map(({ id }: { id: string }) => id);
    ids.push(toGlobalId('ApiKey', '00000000-0000-4000-8000-000000000000'), 'nonsense', '');
  });
  afterAll(async () => {
    await server.stop();
    await services.access.close();
    await predictor.close();
    await test.drop();
  });

  /** Nothing of it is a failure of the server, and it did not do more than it was charged for. */
  const judge = ({ status, body, cost }: GraphQLAnswer): void => {
    const internal = (body.errors ?? []).filter(
      (error: { extensions: { code: string } }) => error.extensions.code === 'INTERNAL',
    );
    if (internal.length > 0) {
      const logged = server.log.filter((line) => line['requestId'] === internal[0].extensions.requestId);
      throw new Error(
        `INTERNAL at ${internal[0].path}: ${JSON.stringify(logged.map((line) => line['err'] ?? line['msg'])).slice(0, 2_000)}`,
      );
    }
    expect([200, 400]).toContain(status);
    if (status === 200) expect(cost!['actual']).toBeLessThanOrEqual(cost!['requested'] as number);
  };

  it(`${OPERATIONS} operations: none fails on our side, none costs more than its bound`, async () => {
    const generator = new OperationGenerator(createSchema(), symbols, ids);
    let answered = 0;
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(generator.operation(), async ({ query, variables }) => {
        if (full && ++tried % 1_000 === 0) process.stderr.write(`${tried} operations\n`);
        const answer = await server.query(query, variables);
        judge(answer);
        if (answer.status === 200) answered++;
      }),
      { seed, numRuns: OPERATIONS, endOnFailure: true },
    );
    // Were most of them refused, little would have been tried.
    expect(answered).toBeGreaterThan(OPERATIONS / 3);
    expect((await server.query('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
  });

  it(`${FORMULAS} formulas: each is read or refused with words`, async () => {
    const query = `query ($f: [String!]!) { compositions(formulas: $f) {
      __typename ... on InvalidFormulaError { message position }
      ... on Composition { input formula reducedFormula anonymousFormula hillFormula chemicalSystem elementCount molarMass
        isChargeBalanced plausibility elements { symbol amount fraction } oxidationStates { symbol state } } } }`;
    const storable = formulas(symbols).filter((text) => !/\p{Surrogate}|\0/u.test(text));
    const seen = new Map<string, number>();
    const batch = fc.array(storable, { minLength: FORMULAS_A_REQUEST, maxLength: FORMULAS_A_REQUEST });
    await fc.assert(
      fc.asyncProperty(batch, async (f) => {
        const answer = await server.query(query, { f });
        judge(answer);
        expect(answer.body.errors).toBeUndefined();
        for (const { __typename: name, elements } of answer.body.data.compositions) {
          seen.set(name, (seen.get(name) ?? 0) + 1);
          if (!elements) continue;
          const total = elements.reduce((sum: number, { fraction }: { fraction: number }) => sum + fraction, 0);
          expect(Math.abs(total - 1)).toBeLessThan(1e-6);
        }
      }),
      { seed, numRuns: FORMULAS / FORMULAS_A_REQUEST, endOnFailure: true },
    );
    // Both sides of the parser were tried.
    expect(seen.get('Composition')).toBeGreaterThan(FORMULAS / 20);
    expect(seen.get('InvalidFormulaError')).toBeGreaterThan(FORMULAS / 20);
    expect((await server.query('{ __typename }')).status).toBe(200);
  });
});
