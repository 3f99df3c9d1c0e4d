import { Webhook } from 'standardwebhooks';
import type { Worker } from '../../../src/services';
import { exportsOf, pause } from '../../support/exports';
import { startRealServer, TINY_MODEL, type RealServer } from '../../support/real-server';
import { startReceiver } from '../../support/receiver';

/** Webhooks over the API: a real server, worker and receiver. */
let server: RealServer;
let worker: Worker;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
  server = await startRealServer(TINY_MODEL, { webhookAllowPrivate: true });
  worker = await server.services.startWorker();
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver.down();
  await worker.stop();
  await server.stop();
});

const { ask, exportCampaign, written } = exportsOf(() => server);
const createWebhook = async (input: object) =>
  (
    await ask(
      `mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { __typename
        ... on CreateWebhookSuccess { webhook { id url events enabled lastDelivery } signingSecret }
        ... on ValidationError { code fields { path message } } } }`,
      { input },
    )
  ).createWebhook;
const deleteWebhook = async (id: string) =>
  (
    await ask(
      'mutation ($id: ID!) { deleteWebhook(id: $id) { __typename ... on DeleteWebhookSuccess { id } ... on NotFoundError { code } } }',
      { id },
    )
  ).deleteWebhook;
const createCampaign = async (input: object = {}) =>
  (
    await ask(
      `mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { __typename
        ... on CampaignSuccess { campaign { id } } ... on ValidationError { fields { path message } } } }`,
      {
        input: {
          name: 'told of',
          discovery: { space: { formulas: ['NaCl', 'MgO'] }, objectives: [{ property: 'BAND_GAP', goal: 'MAXIMIZE' }] },
          ...input,
        },
      },
    )
  ).createCampaign;
const EVERYTHING = ['CAMPAIGN_STARTED', 'CAMPAIGN_COMPLETED', 'CAMPAIGN_FAILED', 'EXPORT_COMPLETED'];

test('from creation to the messages of a campaign and its export', async () => {
  const created = await createWebhook({ url: receiver.url, events: EVERYTHING });
  expect(created).toMatchObject({
    __typename: 'CreateWebhookSuccess',
    webhook: { url: receiver.url, events: EVERYTHING, enabled: true, lastDelivery: null },
  });
  const { id } = (await createCampaign()).campaign;
  await receiver.count(2);
  const exported = await written(await exportCampaign(id, 'JSONL'));
  const messages = await receiver.count(3);
  const told = messages.map(({ body, headers }) =>
    new Webhook(created.signingSecret).verify(body, headers as Record<string, string>),
  );
  const byType = new Map(told.map((message) => [(message as { type: string }).type, message]));
  expect([...byType.keys()].sort()).toEqual(['campaign.completed', 'campaign.started', 'export.completed']);
  expect(byType.get('campaign.started')).toMatchObject({ data: { campaign: { id, status: 'RUNNING' } } });
  expect(byType.get('campaign.completed')).toMatchObject({
    timestamp: expect.any(String),
    data: { campaign: { id, name: 'told of', status: 'COMPLETED', total: 2, done: 2, failed: 0 } },
  });
  expect(byType.get('export.completed')).toMatchObject({
    data: { export: { id: exported.id, campaignId: id, format: 'JSONL', rows: 2, bytes: exported.bytes } },
  });
  const { webhooks } = await ask('{ webhooks { id enabled lastDelivery disabledReason } }');
  expect(webhooks).toEqual([
    { id: created.webhook.id, enabled: true, lastDelivery: expect.any(String), disabledReason: null },
  ]);
  expect(JSON.stringify(await ask('{ webhooks { __typename id url } }'))).not.toContain(created.signingSecret);
  expect((await ask('query ($id: ID!) { node(id: $id) { __typename } }', { id: created.webhook.id })).node).toEqual({
    __typename: 'Webhook',
  });
  expect(await deleteWebhook(created.webhook.id)).toEqual({
    __typename: 'DeleteWebhookSuccess',
    id: created.webhook.id,
  });
  expect(await deleteWebhook(created.webhook.id)).toMatchObject({ code: 'NOT_FOUND' });
});

test('a campaign that names a webhook tells this one alone', async () => {
  const [mine, other] = [await startReceiver(), await startReceiver()];
  const named = await createWebhook({ url: mine.url, events: ['CAMPAIGN_COMPLETED'] });
  const unnamed = await createWebhook({ url: other.url, events: ['CAMPAIGN_COMPLETED'] });
  const { id } = (await createCampaign({ webhookId: named.webhook.id })).campaign;
  const [message] = await mine.count(1);
  expect(JSON.parse(message!.body).data.campaign.id).toBe(id);
  await pause();
  expect(other.received).toHaveLength(0);
  await deleteWebhook(named.webhook.id);
  await deleteWebhook(unnamed.webhook.id);
  const gone = await createCampaign({ webhookId: named.webhook.id });
  expect(gone).toMatchObject({ __typename: 'ValidationError', fields: [{ path: ['input', 'webhookId'] }] });
  await Promise.all([mine.down(), other.down()]);
});

test('a failed campaign is told of, with the reason', async () => {
  const failed = await startReceiver();
  const { webhook } = await createWebhook({ url: failed.url, events: ['CAMPAIGN_FAILED'] });
  const { id } = (await createCampaign({ start: false })).campaign;
  const { campaigns } = server.testDatabase.database;
  const uuid = (await server.testDatabase.database.execute('SELECT id FROM campaigns ORDER BY id DESC LIMIT 1'))
    .rows[0] as { id: string };
  await campaigns.setStatus(uuid.id, 'FAILED', 'why');
  const [message] = await failed.count(1);
  expect(JSON.parse(message!.body).data.campaign).toMatchObject({ id, status: 'FAILED', error: 'why' });
  await deleteWebhook(webhook.id);
  await failed.down();
});

test('what is wrong is named; somebody else’s is not there', async () => {
  expect(await createWebhook({ url: 'ftp://example.org', events: [] })).toMatchObject({
    __typename: 'ValidationError',
    code: 'BAD_USER_INPUT',
    fields: [{ path: ['input', 'url'] }, { path: ['input', 'events'] }],
  });
  const { webhook } = await createWebhook({ url: receiver.url, events: EVERYTHING });
  await server.testDatabase.database.execute('UPDATE webhooks SET owner_id = gen_random_uuid()');
  expect((await ask('{ webhooks { id } }')).webhooks).toEqual([]);
  expect((await ask('query ($id: ID!) { node(id: $id) { id } }', { id: webhook.id })).node).toBeNull();
  expect(await deleteWebhook(webhook.id)).toMatchObject({ code: 'NOT_FOUND' });
  expect(await createCampaign({ webhookId: webhook.id })).toMatchObject({ __typename: 'ValidationError' });
});
