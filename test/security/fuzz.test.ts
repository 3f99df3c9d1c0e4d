import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSchema } from '../../schema';
import { ELEMENTS } from '../../src/chemistry';
import { createPredictor, type DarwinPredictor } from '../../src/darwin';
import { createCatalogWriter } from '../../src/catalog';
import { servicesOver, type Services, type Worker } from '../../src/services';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { materials, SOURCE } from '../support/materials';
import { fieldPaths } from '../support/field-paths';
import { KnownIds, OperationGenerator } from '../support/operations';
import { formulas } from '../support/texts';
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
  let worker: Worker;
  let server: TestServer;
  const ids = new KnownIds();
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
    await prepare();
  });
  afterAll(async () => {
    await server.stop();
    await worker.stop();
    await predictor.close();
    await services.reader.close();
    await services.access.close();
    await test.drop();
  });

  /** One of everything that has an id, and a campaign and an export that are complete: what lies behind them can be asked for. */
  async function prepare(): Promise<void> {
    const ask = async (query: string) => {
      const { body } = await server.query(query);
      expect(body.errors).toBeUndefined();
      ids.learn(body);
      return body.data;
    };
    worker = await services.startWorker();
    const { createCampaign } = await ask(`mutation {
      csv: importMaterials(input: { format: CSV, source: { name: "Test", doi: "10.1000/182" },
        content: "formula,name,external_id,density (g/cm^3),band_gap (eV)\\nGaAs,gallium arsenide,a,5.3,1.42\\nInP,,b,4.8,1.34" }) { __typename }
      poscar: importMaterials(input: { format: POSCAR, source: { name: "Test" },
        content: "NaCl\\n1.0\\n0 2.8 2.8\\n2.8 0 2.8\\n2.8 2.8 0\\nNa Cl\\n1 1\\nDirect\\n0 0 0\\n0.5 0.5 0.5" }) { __typename }
      createWebhook(input: { url: "https://hooks.example.org/", events: [CAMPAIGN_COMPLETED] }) { ... on CreateWebhookSuccess { webhook { id } } }
      createApiKey(input: { name: "fuzz", scopes: [MATERIALS_READ] }) { ... on CreateApiKeySuccess { apiKey { id } } }
      recordMeasurements(input: { measurements: [{ formula: "GaAs", property: BAND_GAP, value: 1.4, unit: "eV" }] }) {
        ... on RecordMeasurementsSuccess { measurements { id } } }
      exportMaterials(format: CSV) { ... on ExportSuccess { export { id } } }
      createCampaign(input: { name: "fuzz", keepAll: true, discovery: {
        space: { formulas: ["GaN", "InP", "AlAs", "GaP", "InSb"] }, objectives: [{ property: BAND_GAP, goal: MAXIMIZE }] } }) {
        ... on CampaignSuccess { campaign { id } } } }`);
    const campaign = JSON.stringify(createCampaign.campaign.id);
    const status = async () => (await ask(`{ campaign(id: ${campaign}) { status } }`)).campaign.status as string;
    while (/QUEUED|RUNNING/.test(await status())) await sleep(50);
    expect(await status()).toBe('COMPLETED');
    await ask(
      `mutation { exportCampaign(input: { campaignId: ${campaign}, format: CSV }) { ... on ExportSuccess { export { id } } } }`,
    );
    await ask('{ materials { nodes { id } } models { id } }');
    // In the long run campaigns, exports and webhooks that come up are worked on; the short one is the same each time.
    if (!full) await worker.stop();
  }

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
    const seen = new Set<string>();
    const see = (answer: unknown, fields: ReadonlyMap<string, string>): void => {
      if (typeof answer !== 'object' || answer === null) return;
      for (const [name, value] of Object.entries(answer)) {
        if (fields.has(name) && value !== null) seen.add(fields.get(name)!);
        see(value, fields);
      }
    };
    await fc.assert(
      fc.asyncProperty(generator.operation(), async ({ query, variables, fields }) => {
        if (full && ++tried % 1_000 === 0) process.stderr.write(`${tried} operations\n`);
        const answer = await server.query(query, variables);
        judge(answer);
        if (answer.status === 200) answered++;
        ids.learn(answer.body.data);
        see(answer.body.data, fields);
      }),
      { seed, numRuns: OPERATIONS, endOnFailure: true },
    );
    // Were most of them refused, little would have been tried.
    expect(answered).toBeGreaterThan(OPERATIONS / 3);
    const all = fieldPaths(createSchema()).filter(({ kind }) => kind !== 'subscription').map(({ name }) => name); // prettier-ignore
    console.info(
      `${OPERATIONS} operations, ${answered} answered; never with a value: ${all.filter((name) => !seen.has(name)).join(' ')}`,
    );
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
