import type { WebhookEvent, WebhookRecord } from '../domain';
import type { Session } from './client';

/** A delivery that is due, now its taker's for as long as it said. */
export interface Delivery {
  readonly id: string;
  readonly webhookId: string;
  readonly url: string;
  readonly secret: Buffer;
  readonly payload: string;
  /** This one included. */
  readonly attempts: number;
}

export type NewWebhook = Pick<WebhookRecord, 'id' | 'ownerId' | 'url' | 'events'> & { readonly secret: Buffer };

/** Webhooks and their outbox in Postgres. Each method is one statement. */
export class WebhookStore {
  constructor(private readonly session: Session) {}

  /** @returns null if the owner has `most` already */
  async insert({ id, ownerId, url, events, secret }: NewWebhook, most: number): Promise<WebhookRecord | null> {
    const [row] = await this.session.$queryRaw<WebhookRow[]>`
      INSERT INTO webhooks (id, owner_id, url, events, secret)
      SELECT ${id}::uuid, ${ownerId}::uuid, ${url}, ${events}::text[], ${secret}
      WHERE (SELECT count(*) FROM webhooks WHERE owner_id = ${ownerId}::uuid) < ${most}
      RETURNING *`;
    return row ? webhookOf(row) : null;
  }

  /** Newest first. */
  async ofOwner(ownerId: string): Promise<WebhookRecord[]> {
    const rows = await this.session.$queryRaw<WebhookRow[]>`
      SELECT * FROM webhooks WHERE owner_id = ${ownerId}::uuid ORDER BY id DESC`;
    return rows.map(webhookOf);
  }

  async byId(id: string): Promise<WebhookRecord | null> {
    const [row] = await this.session.$queryRaw<WebhookRow[]>`SELECT * FROM webhooks WHERE id = ${id}::uuid`;
    return row ? webhookOf(row) : null;
  }

  /** @returns whether it was there */
  async delete(ownerId: string, id: string): Promise<boolean> {
    const deleted = await this.session
      .$executeRaw`DELETE FROM webhooks WHERE id = ${id}::uuid AND owner_id = ${ownerId}::uuid`;
    return deleted > 0;
  }

  /** Up to `limit` that are due. Whoever takes one and dies leaves it to others after `leaseSeconds`. */
  async take(limit: number, leaseSeconds: number): Promise<Delivery[]> {
    const rows = await this.session.$queryRaw<(Omit<Delivery, 'secret'> & { secret: Uint8Array })[]>`
      UPDATE webhook_deliveries d
      SET attempts = attempts + 1, next_attempt_at = now() + ${leaseSeconds} * interval '1 second'
      FROM webhooks w
      WHERE w.id = d.webhook_id AND d.id IN (
        SELECT id FROM webhook_deliveries WHERE next_attempt_at <= now()
        ORDER BY next_attempt_at LIMIT ${limit}::int FOR UPDATE SKIP LOCKED)
      RETURNING d.id, d.payload, d.attempts, w.id AS "webhookId", w.url, w.secret`;
    return rows.map((row) => ({ ...row, secret: Buffer.from(row.secret) }));
  }

  /** Until the next one is due; null if none waits. */
  async msUntilDue(): Promise<number | null> {
    const [row] = await this.session.$queryRaw<{ ms: number | null }[]>`
      SELECT (1000 * extract(epoch FROM min(next_attempt_at) - now()))::float8 AS ms FROM webhook_deliveries`;
    return row!.ms;
  }

  async delivered({ id, webhookId }: Delivery): Promise<void> {
    await this.session.$executeRaw`
      WITH done AS (
        UPDATE webhook_deliveries SET delivered_at = now(), next_attempt_at = NULL, last_error = NULL WHERE id = ${id}::uuid)
      UPDATE webhooks SET last_delivery = now() WHERE id = ${webhookId}::uuid`;
  }

  async failed({ id }: Delivery, error: string, retrySeconds: number): Promise<void> {
    await this.session.$executeRaw`
      UPDATE webhook_deliveries SET last_error = ${error}, next_attempt_at = now() + ${retrySeconds} * interval '1 second'
      WHERE id = ${id}::uuid AND next_attempt_at IS NOT NULL`;
  }

  /** The last attempt has failed. The webhook is disabled if it has acknowledged nothing since the event. */
  async gaveUp({ id, webhookId }: Delivery, error: string, reason: string): Promise<void> {
    const [row] = await this.session.$queryRaw<{ silent: boolean }[]>`
      UPDATE webhook_deliveries d SET last_error = ${error}, next_attempt_at = NULL
      FROM webhooks w WHERE d.id = ${id}::uuid AND w.id = d.webhook_id
      RETURNING w.last_delivery IS NULL OR w.last_delivery < d.created_at AS silent`;
    if (row?.silent) await this.disable(webhookId, reason);
  }

  /** What it has not been told yet is given up. */
  async disable(webhookId: string, reason: string): Promise<void> {
    await this.session.$executeRaw`
      WITH given_up AS (
        UPDATE webhook_deliveries SET next_attempt_at = NULL
        WHERE webhook_id = ${webhookId}::uuid AND next_attempt_at IS NOT NULL)
      UPDATE webhooks SET enabled = FALSE, disabled_reason = ${reason} WHERE id = ${webhookId}::uuid`;
  }

  async forgetOld(days: number): Promise<void> {
    await this.session.$executeRaw`
      DELETE FROM webhook_deliveries WHERE next_attempt_at IS NULL AND created_at < now() - ${days} * interval '1 day'`;
  }
}

interface WebhookRow {
  id: string;
  owner_id: string;
  url: string;
  events: WebhookEvent[];
  enabled: boolean;
  disabled_reason: string | null;
  created_at: Date;
  last_delivery: Date | null;
}

const webhookOf = (row: WebhookRow): WebhookRecord => ({
  id: row.id,
  ownerId: row.owner_id,
  url: row.url,
  events: row.events,
  enabled: row.enabled,
  disabledReason: row.disabled_reason,
  createdAt: row.created_at,
  lastDelivery: row.last_delivery,
});
