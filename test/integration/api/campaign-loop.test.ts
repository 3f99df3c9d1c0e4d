import type { CampaignWorker } from '../../../src/campaigns';
import { SCOPES, type Scope } from '../../../src/domain';
import { startRealServer, type RealServer } from '../../support/real-server';
import { EVERYBODY, freeAccess, startTestServer } from '../../support/server';

/** A self-driving laboratory over HTTP: real server, model and worker. */
let server: RealServer;
let worker: CampaignWorker;
beforeAll(async () => {
  server = await startRealServer();
  worker = await server.services.startWorker();
});
afterAll(async () => {
  await worker.stop();
  await server.stop();
});

const DISCOVERY = {
  space: { mix: { components: ['Fe', 'Ni', 'Co', 'Cr'].map((formula) => ({ formula })), step: 0.2 } },
  objectives: [{ property: 'BAND_GAP', goal: 'MAXIMIZE' }],
};
const ERRORS = `
  ... on ValidationError { code message fields { path message } }
  ... on NotFoundError { code message }
  ... on ConflictError { code message }`;
const RECORD = `mutation ($input: RecordMeasurementsInput!) { recordMeasurements(input: $input) { __typename
  ... on RecordMeasurementsSuccess { recorded measurements { id value unit composition { formula } source { name } } } ${ERRORS} } }`;
const RESERVE = `mutation ($id: ID!, $count: Int!, $key: String) { reserveSuggestions(campaignId: $id, count: $count, idempotencyKey: $key) {
  __typename ... on ReserveSuggestionsSuccess { candidates { rank composition { formula input } } }
  ... on NotFoundError { code message } ... on ConflictError { code message } } }`;

const ask = async (query: string, variables: Record<string, unknown> = {}) => {
  const { body } = await server.query(query, variables);
  expect(body.errors).toBeUndefined();
  return body.data;
};
const record = async (input: Record<string, unknown>) => (await ask(RECORD, { input })).recordMeasurements;
const reserve = async (variables: Record<string, unknown>) => (await ask(RESERVE, variables)).reserveSuggestions;

async function completed(): Promise<string> {
  const create = `mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { ... on CampaignSuccess { campaign { id } } } }`;
  const { id } = (await ask(create, { input: { name: 'loop', discovery: DISCOVERY } })).createCampaign.campaign;
  const status = 'query ($id: ID!) { campaign(id: $id) { status } }';
  while ((await ask(status, { id })).campaign.status !== 'COMPLETED')
    await new Promise((resolve) => setTimeout(resolve, 50));
  return id;
}

test('reserve, measure, tell, ask again', async () => {
  const id = await completed();
  const loop = `query ($id: ID!) { campaign(id: $id) {
    suggestions(count: 4) { rank score noveltyDistance composition { formula } objectives { prediction { value } } }
    measurements(first: 1) { totalCount pageInfo { hasNextPage } nodes { id value property { key } } } } }`;
  const before = (await ask(loop, { id })).campaign;
  expect(before.suggestions.map(({ rank }: { rank: number }) => rank)).toEqual([1, 2, 3, 4]);
  expect(before.measurements.totalCount).toBe(0);

  const { __typename, candidates } = await reserve({ id, count: 2, key: 'first' });
  expect(__typename).toBe('ReserveSuggestionsSuccess');
  const formulas = (list: { composition: { formula: string } }[]) => list.map(({ composition }) => composition.formula);
  expect(formulas(candidates)).toEqual(formulas(before.suggestions).slice(0, 2));
  expect(formulas((await reserve({ id, count: 2, key: 'first' })).candidates)).toEqual(formulas(candidates));

  const measurements = formulas(candidates).map((formula, i) => ({
    formula,
    property: 'BAND_GAP',
    value: 100 * i,
    unit: 'meV',
  }));
  const told = await record({ campaignId: id, measurements, idempotencyKey: 'told' });
  expect(told).toMatchObject({
    __typename: 'RecordMeasurementsSuccess',
    recorded: 2,
    measurements: [
      {
        value: 0,
        unit: 'eV',
        composition: { formula: formulas(candidates)[0] },
        source: { name: 'unpublished measurement' },
      },
      { value: expect.closeTo(0.1, 9) },
    ],
  });
  const after = (await ask(loop, { id })).campaign;
  expect(after.measurements).toEqual({
    totalCount: 2,
    pageInfo: { hasNextPage: true },
    nodes: [{ id: told.measurements[0].id, value: 0, property: { key: 'BAND_GAP' } }],
  });
  expect(formulas(after.suggestions).filter((formula) => formulas(candidates).includes(formula))).toEqual([]);
  const { node } = await ask('query ($id: ID!) { node(id: $id) { ... on Measurement { value material { id } } } }', {
    id: told.measurements[1].id,
  });
  expect(node).toEqual({ value: expect.closeTo(0.1, 9), material: null });
});

test('without a campaign a measurement goes into the catalogue', async () => {
  const measurements = [{ formula: 'GaAs', property: 'BAND_GAP', value: 1.424, source: { name: 'A handbook' } }];
  const told = await record({ measurements });
  expect(told).toMatchObject({ recorded: 1, measurements: [{ value: 1.424, source: { name: 'A handbook' } }] });
  expect(await record({ measurements, idempotencyKey: 'c' })).toEqual(told);
  expect(await record({ measurements: [{ ...measurements[0], value: 1.43 }], idempotencyKey: 'c' })).toMatchObject({
    __typename: 'ConflictError',
    code: 'IDEMPOTENCY_CONFLICT',
  });
  const query = `{ composition(formula: "AsGa") { ... on Composition { measurements(property: BAND_GAP, first: 100) { id value } } } }`;
  const { composition } = await ask(query);
  expect(composition.measurements).toContainEqual({ id: told.measurements[0].id, value: 1.424 });
});

test('what is wrong is a member of the result that says where', async () => {
  const measurements = [{ formula: 'GaAs', property: 'BAND_GAP', value: 1.4, unit: 'parsec' }];
  expect(await record({ measurements })).toMatchObject({
    __typename: 'ValidationError',
    code: 'BAD_USER_INPUT',
    fields: [
      { path: ['input', 'measurements', '0', 'unit'], message: expect.stringContaining('unknown unit "parsec"') },
    ],
  });
  expect(await record({ campaignId: 'nothing', measurements: [{ ...measurements[0], unit: 'eV' }] })).toMatchObject({
    __typename: 'NotFoundError',
    code: 'NOT_FOUND',
  });
  expect(await reserve({ id: 'nothing', count: 1 })).toMatchObject({ __typename: 'NotFoundError' });
  // 1e999 is what JSON can say of a number that is none.
  const text = JSON.stringify({
    query: RECORD,
    variables: { input: { measurements: [{ ...measurements[0], unit: 'eV' }] } },
  });
  const { body } = await server.post(text.replace('"value":1.4', '"value":1e999'));
  expect(body.errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  const id = await completed();
  const { body: refused } = await server.query(RESERVE, { id, count: 101 });
  expect(refused.errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: ['count'] }] });
});

describe('scopes', () => {
  test.each<[string, Scope, boolean]>([
    ['a campaign', 'CAMPAIGNS_WRITE', true],
    ['the catalogue', 'MATERIALS_WRITE', false],
  ])('%s needs %s', async (_, scope, withCampaign) => {
    const campaignId = withCampaign ? await completed() : undefined;
    const scopes = new Set(SCOPES.filter((other) => other !== scope));
    const limited = await startTestServer({ ...server.services, access: freeAccess({ ...EVERYBODY, scopes }) });
    try {
      const input = { campaignId, measurements: [{ formula: 'GaAs', property: 'BAND_GAP', value: 1.4 }] };
      const { body } = await limited.query(RECORD, { input });
      expect(body.errors[0].extensions).toMatchObject({ code: 'FORBIDDEN', scopes: [scope] });
    } finally {
      await limited.stop();
    }
  });
});
