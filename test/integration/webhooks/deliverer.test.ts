import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { silentLog } from '../../../src/data';
import { tell } from '../../../src/data/webhook-outbox';
import type { WebhookRecord } from '../../../src/domain';
import { createWebhooks, startWebhookDeliverer, type DelivererOptions } from '../../../src/webhooks';
import { connect } from '../../../src/data/client';
import { someone } from '../../support/campaigns';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { startReceiver, type Received } from '../../support/receiver';

/** The outbox and who empties it, against a real HTTP receiver. */
let testDatabase: TestDatabase;
let client: ReturnType<typeof connect>;
const cleanup: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  client = connect(testDatabase.url, { poolSize: 1, log: silentLog });
});
afterEach(async () => {
  for (const clean of cleanup.splice(0)) await clean();
});
afterAll(async () => {
  await client.disconnect();
  await testDatabase.drop();
});

async function setUp({ statuses = [204], ...options }: Partial<DelivererOptions> & { statuses?: number[] } = {}) {
  const { database } = testDatabase;
  const receiver = await startReceiver(...statuses);
  const me = someone(randomUUID());
  const { webhook, signingSecret } = await createWebhooks(database, true).create(me, {
    url: receiver.url,
    events: ['CAMPAIGN_COMPLETED', 'EXPORT_COMPLETED'],
  });
  const start = async () => {
    const deliverer = await startWebhookDeliverer({
      database,
      log: silentLog,
      allowPrivate: true,
      retrySeconds: [0.1, 0.1, 0.1],
      ...options,
    });
    cleanup.unshift(() => deliverer.stop());
    return deliverer;
  };
  cleanup.push(receiver.down);
  const send = (data: object, event: 'CAMPAIGN_COMPLETED' | 'CAMPAIGN_STARTED' = 'CAMPAIGN_COMPLETED') =>
    tell(client.client, event, { ownerId: me.ownerId, webhookId: null }, data);
  const state = async (wanted: (webhook: WebhookRecord) => boolean): Promise<WebhookRecord> => {
    for (;;) {
      const now = (await database.webhooks.byId(webhook.id))!;
      if (wanted(now)) return now;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const verified = ({ body, headers }: Received) =>
    new Webhook(signingSecret).verify(body, headers as Record<string, string>) as { type: string; data: unknown };
  return { receiver, start, send, state, verified, webhook };
}

test('a message verifies with the library’s own verifier, and with no other secret', async () => {
  const { receiver, start, send, state, verified } = await setUp();
  await start();
  await send({ a: 'ü' });
  const [message] = await receiver.count(1);
  expect(verified(message!)).toMatchObject({ type: 'campaign.completed', data: { a: 'ü' } });
  expect(message!.headers['content-type']).toBe('application/json');
  const other = new Webhook(Buffer.alloc(32).toString('base64'));
  expect(() => other.verify(message!.body, message!.headers as Record<string, string>)).toThrow('signature');
  expect((await state(({ lastDelivery }) => lastDelivery !== null)).enabled).toBe(true);
});

test('it is told only of what it asked for', async () => {
  const { receiver, start, send } = await setUp();
  await start();
  await send({ n: 1 }, 'CAMPAIGN_STARTED');
  await send({ n: 2 });
  const [message] = await receiver.count(1);
  expect(JSON.parse(message!.body).data).toEqual({ n: 2 });
  expect(receiver.received).toHaveLength(1);
});

test('a receiver that is down gets the event later, and once it has acknowledged it no more', async () => {
  const { receiver, start, send, state, verified } = await setUp({ retrySeconds: Array<number>(200).fill(0.1) });
  await receiver.down();
  await start();
  await send({ n: 1 });
  const tried = async () =>
    (
      await testDatabase.database.execute(
        'SELECT max(attempts)::int AS n FROM webhook_deliveries WHERE last_error IS NOT NULL',
      )
    ).rows as { n: number }[];
  while (((await tried())[0]?.n ?? 0) < 3) await new Promise((resolve) => setTimeout(resolve, 20));
  await receiver.up();
  const [message] = await receiver.count(1);
  expect(verified(message!).data).toEqual({ n: 1 });
  await state(({ lastDelivery }) => lastDelivery !== null);
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(receiver.received).toHaveLength(1);
});

test('every attempt has the same id and body, and a signature of its own time', async () => {
  const { receiver, start, send, verified } = await setUp({ statuses: [500, 302, 204] });
  await start();
  await send({ n: 1 });
  const messages = await receiver.count(3);
  expect(new Set(messages.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(new Set(messages.map(({ body }) => body)).size).toBe(1);
  for (const message of messages) expect(verified(message).data).toEqual({ n: 1 });
});

test('what was sent but not recorded before a crash comes again under the same id', async () => {
  const { receiver, start, send } = await setUp();
  // As a process leaves it that died after the post: taken, its lease over.
  await send({ n: 1 });
  const first = await start();
  await receiver.count(1);
  await first.stop();
  await testDatabase.database.execute(
    `UPDATE webhook_deliveries SET next_attempt_at = now(), delivered_at = NULL WHERE payload LIKE '%"n":1%' AND delivered_at IS NOT NULL`,
  );
  await start();
  const [one, two] = await receiver.count(2);
  expect(two!.headers['webhook-id']).toBe(one!.headers['webhook-id']);
});

test('two deliverers side by side send a message once', async () => {
  const { receiver, start, send } = await setUp();
  await Promise.all([start(), start()]);
  for (let n = 0; n < 40; n++) await send({ n });
  await receiver.count(40);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  expect([ids.length, new Set(ids).size]).toEqual([40, 40]);
});

test('410 disables it, and what waited is given up', async () => {
  const { receiver, start, send, state } = await setUp({ statuses: [410] });
  await send({ n: 1 });
  await start();
  const gone = await state(({ enabled }) => !enabled);
  expect(gone.disabledReason).toBe('the receiver answered 410 Gone');
  const before = receiver.received.length;
  await send({ n: 2 });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(receiver.received).toHaveLength(before);
});

test('a receiver that acknowledges nothing until the schedule ends is disabled', async () => {
  const { receiver, start, send, state } = await setUp({ statuses: [500] });
  await start();
  await send({ n: 1 });
  const silent = await state(({ enabled }) => !enabled);
  expect(silent.disabledReason).toBe('the receiver acknowledged nothing for three days');
  expect(receiver.received).toHaveLength(4);
});

test('unless allowed, a name that leads to a private address is not connected to', async () => {
  const { receiver, webhook, start, send } = await setUp({ allowPrivate: false });
  // As if the name had led elsewhere when the webhook was created.
  const url = receiver.url.replace('127.0.0.1', 'localhost');
  await testDatabase.database.execute('UPDATE webhooks SET url = $1 WHERE id = $2', [url, webhook.id]);
  await start();
  await send({ n: 1 });
  const failure = async () =>
    (
      (
        await testDatabase.database.execute('SELECT last_error FROM webhook_deliveries WHERE webhook_id = $1', [
          webhook.id,
        ])
      ).rows as { last_error: string | null }[]
    )[0]!.last_error;
  while ((await failure()) === null) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await failure()).toContain('private IP address');
  expect(receiver.received).toHaveLength(0);
});
