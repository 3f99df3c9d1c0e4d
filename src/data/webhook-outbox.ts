import { toGlobalId, type WebhookEvent } from '../domain';
import type { CampaignRow } from './campaign-rows';
import type { Session } from './client';

/** Says that there is something to deliver. */
export const WEBHOOKS_CHANNEL = 'beagle_webhooks';

interface Told {
  readonly ownerId: string;
  /** The only one to be told; null: all of the owner's. */
  readonly webhookId: string | null;
}

/** As Standard Webhooks names types: `CAMPAIGN_STARTED` is `campaign.started`. */
export const eventType = (event: WebhookEvent): string => event.toLowerCase().replace('_', '.');

/** Puts an event into the outbox of every webhook that wants it, in the caller's transaction: it is told if, and only if, that commits. */
export async function tell(
  session: Session,
  event: WebhookEvent,
  { ownerId, webhookId }: Told,
  data: object,
): Promise<void> {
  const payload = JSON.stringify({ type: eventType(event), timestamp: new Date().toISOString(), data });
  const told = await session.$executeRaw`
    INSERT INTO webhook_deliveries (id, webhook_id, event, payload, next_attempt_at)
    SELECT gen_random_uuid(), id, ${event}, ${payload}, now() FROM webhooks
    WHERE owner_id = ${ownerId}::uuid AND enabled AND ${event} = ANY (events)
      AND (${webhookId}::uuid IS NULL OR id = ${webhookId}::uuid)`;
  if (told > 0) await session.$executeRaw`SELECT pg_notify(${WEBHOOKS_CHANNEL}, '')`;
}

/** Of a campaign that has just come into this state. */
export async function tellOfCampaign(session: Session, event: WebhookEvent, row: CampaignRow): Promise<void> {
  await tell(
    session,
    event,
    { ownerId: row.owner_id, webhookId: row.webhook_id },
    {
      campaign: {
        id: toGlobalId('Campaign', row.id),
        name: row.name,
        status: row.status,
        total: row.total,
        done: row.done,
        failed: row.failed,
        error: row.error,
        model: row.model_id,
        createdAt: row.created_at,
        startedAt: row.started_at,
        finishedAt: row.finished_at,
      },
    },
  );
}
