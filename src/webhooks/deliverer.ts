import { Webhook } from 'standardwebhooks';
import { WEBHOOKS_CHANNEL, type Database, type Delivery, type Log } from '../data';
import { idle } from '../jobs';
import { poster, type Answer, type Post } from './post';

/** Seconds from each failed attempt to the next: the schedule of Standard Webhooks 1.0, three days long. */
export const RETRY_SECONDS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/** Up to this much later, so that what failed together is not tried again together. */
const JITTER = 0.1;
const MAX_RETRY_AFTER_SECONDS = 86_400;
/** Posts at a time. */
const LANES = 16;
/** Longer than a post may take: whoever took a delivery and died leaves it to others. */
const LEASE_SECONDS = 60;
const POLL_MS = 30_000;
/** What is due may be held by another process. */
const LEAST_PAUSE_MS = 50;
const SWEEP_EVERY_MS = 3_600_000;
const KEEP_DAYS = 30;

export interface DelivererOptions {
  readonly database: Database;
  readonly log: Log;
  readonly allowPrivate: boolean;
  readonly retrySeconds?: readonly number[];
  readonly post?: Post;
}

/** Sends what is in the outbox until it is stopped. Any number may do so side by side; one that dies amid a post makes it come twice. */
export async function startWebhookDeliverer({
  database,
  log,
  allowPrivate,
  retrySeconds = RETRY_SECONDS,
  post = poster(allowPrivate),
}: DelivererOptions): Promise<{ stop(): Promise<void> }> {
  const store = database.webhooks;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  let woken = new AbortController();
  let swept = 0;

  async function deliver(delivery: Delivery): Promise<void> {
    const outcome = await send(delivery).catch((error: Error) => error);
    if (!(outcome instanceof Error) && outcome.status >= 200 && outcome.status < 300) return store.delivered(delivery);
    if (!(outcome instanceof Error) && outcome.status === 410)
      return store.disable(delivery.webhookId, 'the receiver answered 410 Gone');
    const error = outcome instanceof Error ? outcome.message : `HTTP ${outcome.status}`;
    const pause = retrySeconds[delivery.attempts - 1];
    log.info(
      { delivery: delivery.id, webhook: delivery.webhookId, attempt: delivery.attempts, error },
      'webhook failed',
    );
    if (pause === undefined) return store.gaveUp(delivery, error, 'the receiver acknowledged nothing for three days');
    const asked = outcome instanceof Error ? 0 : secondsOf(outcome);
    await store.failed(delivery, error, Math.max(asked, pause * (1 + JITTER * Math.random())));
  }

  function send({ id, url, secret, payload }: Delivery): Promise<Answer> {
    const messageId = `msg_${id.replaceAll('-', '')}`;
    const now = new Date();
    return post(url, payload, {
      'user-agent': 'Beagle',
      'webhook-id': messageId,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(secret.toString('base64')).sign(messageId, now, payload),
    });
  }

  /** Begins as many as there are free lanes. @returns how long nothing more is to be done, ms */
  async function begin(): Promise<number> {
    const free = LANES - running.size;
    const due = free > 0 ? await store.take(free, LEASE_SECONDS) : [];
    for (const delivery of due) {
      const done: Promise<void> = deliver(delivery)
        .catch((error: Error) => log.warn({ error: error.message }, 'a delivery could not be recorded; it comes again'))
        .finally(() => (running.delete(done), woken.abort()));
      running.add(done);
    }
    if (Date.now() - swept > SWEEP_EVERY_MS) {
      await store.forgetOld(KEEP_DAYS);
      swept = Date.now();
    }
    if (running.size === LANES) return POLL_MS;
    return Math.min(POLL_MS, Math.max(LEAST_PAUSE_MS, (await store.msUntilDue()) ?? POLL_MS));
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      woken = new AbortController();
      const pause = await begin().catch((error: Error) => {
        log.warn({ error: error.message }, 'webhooks could not be looked for; trying again');
        return 2_000;
      });
      if (!stopping.signal.aborted) await idle(pause, woken.signal);
    }
  }

  const unlisten = await database.notifications.listen(WEBHOOKS_CHANNEL, () => woken.abort());
  const looping = loop();
  return {
    async stop() {
      unlisten();
      stopping.abort();
      woken.abort();
      await looping;
      await Promise.all(running);
    },
  };
}

/** Of a Retry-After in seconds or as a date; 0 without one. */
function secondsOf({ retryAfter }: Answer): number {
  if (retryAfter === undefined) return 0;
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000;
  return Math.min(MAX_RETRY_AFTER_SECONDS, Math.max(0, seconds || 0));
}
