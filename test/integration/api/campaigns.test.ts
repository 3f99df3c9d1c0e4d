import { createClient as createSseClient, NetworkError } from 'graphql-sse';
import { createClient as createWsClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';
import type { Worker } from '../../../src/services';
import { startRealServer, type RealServer } from '../../support/real-server';

/** Campaigns over HTTP, WebSocket and server-sent events: a real server, model and worker. */
let server: RealServer;
let worker: Worker;
beforeAll(async () => {
  server = await startRealServer();
  worker = await server.services.startWorker();
});
afterAll(async () => {
  await worker.stop();
  await server.stop();
});

const DISCOVERY = {
  space: { mix: { components: ['Fe', 'Ni', 'Co', 'Cr'].map((formula) => ({ formula })), step: 0.1 } },
  objectives: [{ property: 'BAND_GAP', goal: 'MAXIMIZE' }],
};
const RESULT = `__typename
  ... on CampaignSuccess { campaign { id name status model { id } progress { total done fraction } } }
  ... on ValidationError { code message fields { path message } }
  ... on NotFoundError { code message }
  ... on ConflictError { code message }`;
const CREATE = `mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { ${RESULT} } }`;

const ask = async (query: string, variables: Record<string, unknown> = {}) => {
  const { body } = await server.query(query, variables);
  expect(body.errors).toBeUndefined();
  return body.data;
};
const create = async (input: Record<string, unknown> = {}) =>
  (await ask(CREATE, { input: { name: 'a campaign', discovery: DISCOVERY, ...input } })).createCampaign;
const until = async (id: string, status: string): Promise<void> => {
  const query = 'query ($id: ID!) { campaign(id: $id) { status } }';
  while ((await ask(query, { id })).campaign.status !== status) await new Promise((resolve) => setTimeout(resolve, 50));
};

test('from creation to the same results as one query', async () => {
  const { campaign } = await create();
  expect(campaign).toMatchObject({ name: 'a campaign', progress: { total: 286 }, model: { id: expect.any(String) } });
  await until(campaign.id, 'COMPLETED');
  const candidates =
    'nodes { rank score paretoFront noveltyDistance composition { formula } objectives { desirability prediction { value interval { lower } } } } totalCount';
  const data = await ask(
    `query ($id: ID!, $input: DiscoverInput!) {
      campaign(id: $id) { progress { done fraction best { composition { formula } } } results(first: 50) { ${candidates} } failures { totalCount } }
      discover(input: $input, first: 50) { ${candidates} }
      node(id: $id) { __typename ... on Campaign { name } }
      campaigns(status: [COMPLETED]) { nodes { id } totalCount }
    }`,
    { id: campaign.id, input: DISCOVERY },
  );
  const formulas = ({ nodes }: { nodes: { composition: { formula: string } }[] }) =>
    nodes.map((node) => node.composition.formula);
  expect(formulas(data.campaign.results)).toEqual(formulas(data.discover));
  expect(data.campaign.results.totalCount).toBe(data.discover.totalCount);
  data.campaign.results.nodes.forEach((node: { score: number; rank: number }, i: number) => {
    expect(node.rank).toBe(i + 1);
    // A prediction may differ in its last digits with the rows that it was computed beside.
    expect(node.score).toBeCloseTo(data.discover.nodes[i].score, 4);
  });
  expect(data.campaign.progress).toEqual({
    done: 286,
    fraction: 1,
    best: { composition: data.discover.nodes[0].composition },
  });
  expect(data.node).toEqual({ __typename: 'Campaign', name: 'a campaign' });
  expect(data.campaigns).toEqual({ nodes: [{ id: campaign.id }], totalCount: 1 });
});

test('a campaign says by itself what it looks for', async () => {
  const objectives = [
    { property: 'SEEBECK_COEFFICIENT', goal: 'WITHIN', min: 100, max: 300, conditions: { temperature: 500 } },
    { property: 'YIELD_STRENGTH_ALLOY', goal: 'MAXIMIZE', weight: 2 },
  ];
  const discovery = {
    ...DISCOVERY,
    objectives,
    constraints: [{ property: 'BAND_GAP', max: 1 }],
    ranking: 'WEIGHTED_SUM',
  };
  const { campaign } = await create({ discovery, start: false, keepAll: true });
  const wanted = 'property { key unit } min max conditions { temperature processing testType }';
  const data = await ask(
    `query ($id: ID!) { campaign(id: $id) { ranking keepAll objectives { goal target weight ${wanted} } constraints { minProbability ${wanted} } } }`,
    { id: campaign.id },
  );
  const nothing = { temperature: null, processing: null, testType: null };
  expect(data.campaign).toEqual({
    ranking: 'WEIGHTED_SUM',
    keepAll: true,
    objectives: [
      {
        property: { key: 'SEEBECK_COEFFICIENT', unit: 'uV/K' },
        ...{ goal: 'WITHIN', target: null, min: 100, max: 300, weight: 1 },
        conditions: { ...nothing, temperature: 500 },
      },
      {
        property: { key: 'YIELD_STRENGTH_ALLOY', unit: 'MPa' },
        ...{ goal: 'MAXIMIZE', target: null, min: null, max: null, weight: 2 },
        // The defaults of the property.
        conditions: { temperature: expect.any(Number), processing: 'UNSPECIFIED', testType: expect.any(String) },
      },
    ],
    constraints: [
      { property: { key: 'BAND_GAP', unit: 'eV' }, min: null, max: 1, minProbability: 0.5, conditions: nothing },
    ],
  });
});

test('expected failures are members of the result', async () => {
  expect(await create({ discovery: { ...DISCOVERY, maxCandidates: 10 } })).toMatchObject({
    __typename: 'ValidationError',
    code: 'SEARCH_SPACE_TOO_LARGE',
    fields: [{ path: ['input', 'discovery', 'space', 'mix'] }],
  });
  const draft = (await create({ start: false, idempotencyKey: 'k' })).campaign;
  expect(draft).toMatchObject({ status: 'DRAFT', model: null });
  expect(await create({ start: true, idempotencyKey: 'k' })).toMatchObject({
    __typename: 'ConflictError',
    code: 'IDEMPOTENCY_CONFLICT',
  });
  const pause = `mutation ($id: ID!) { pauseCampaign(id: $id) { ${RESULT} } }`;
  expect((await ask(pause, { id: draft.id })).pauseCampaign).toMatchObject({
    __typename: 'ConflictError',
    code: 'CONFLICT',
  });
  expect((await ask(pause, { id: 'nothing' })).pauseCampaign).toMatchObject({
    __typename: 'NotFoundError',
    code: 'NOT_FOUND',
  });
});

describe('subscriptions', () => {
  const clients: { dispose(): void | Promise<void> }[] = [];
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose();
  });
  const webSocket = (): Client => {
    const client = createWsClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    clients.push(client);
    return client;
  };
  const transports = {
    'graphql-ws': () => webSocket(),
    'graphql-sse': () => {
      const client = createSseClient({ url: `${server.url}/graphql/stream`, retryAttempts: 0 });
      clients.push(client);
      return client;
    },
  };

  test.each(Object.keys(transports) as (keyof typeof transports)[])(
    '%s tells of progress and candidates until the end',
    async (name) => {
      const client = transports[name]();
      const { campaign } = await create({ start: false });
      const query = 'subscription ($id: ID!) { campaignProgress(id: $id) { status done best { rank } } }';
      const seen: unknown[] = [];
      for await (const { data, errors } of client.iterate({ query, variables: { id: campaign.id } })) {
        expect(errors).toBeUndefined();
        seen.push(data!['campaignProgress']);
        if (seen.length === 1)
          await ask(`mutation ($id: ID!) { startCampaign(id: $id) { __typename } }`, { id: campaign.id });
      }
      expect(seen[0]).toEqual({ status: 'DRAFT', done: 0, best: null });
      expect(seen.at(-1)).toEqual({ status: 'COMPLETED', done: 286, best: { rank: 1 } });
      const top =
        'subscription ($id: ID!) { campaignTopCandidates(id: $id, count: 3) { rank composition { formula } } }';
      const last: unknown[] = [];
      for await (const { data } of client.iterate({ query: top, variables: { id: campaign.id } })) last.push(data);
      expect(last).toEqual([
        { campaignTopCandidates: [1, 2, 3].map((rank) => ({ rank, composition: { formula: expect.any(String) } })) },
      ]);
    },
  );

  test.each(Object.keys(transports) as (keyof typeof transports)[])('%s says what is wrong', async (name) => {
    const failure = async (query: string): Promise<unknown> => {
      try {
        for await (const { errors } of transports[name]().iterate({ query }))
          if (errors) return errors[0]!.extensions!['code'];
      } catch (error) {
        // graphql-ws hands over the errors, graphql-sse the response with them.
        const refused = error instanceof NetworkError ? (await error.response!.json()).errors : error;
        return refused[0].extensions.code;
      }
      return null;
    };
    expect(await failure('subscription { campaignProgress(id: "nothing") { done } }')).toBe('NOT_FOUND');
    expect(await failure('subscription { nothing }')).toBe('BAD_USER_INPUT');
    expect(await failure('{ models { id } }')).toBe('BAD_USER_INPUT');
  });

  test('a page of another site is refused', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      origin: 'https://example.org',
    });
    const [error] = await new Promise<unknown[]>((resolve) => socket.once('error', (...told) => resolve(told)));
    expect((error as Error).message).toContain('403');
  });
});
