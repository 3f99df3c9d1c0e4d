import type { Principal } from './access';

/** The contract's enum. */
export const WEBHOOK_EVENTS = [
  'CAMPAIGN_STARTED',
  'CAMPAIGN_COMPLETED',
  'CAMPAIGN_FAILED',
  'EXPORT_COMPLETED',
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export interface WebhookRecord {
  readonly id: string;
  readonly ownerId: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly enabled: boolean;
  /** Why it is not enabled any more. */
  readonly disabledReason: string | null;
  readonly createdAt: Date;
  /** The last that the receiver acknowledged. */
  readonly lastDelivery: Date | null;
}

export interface CreateWebhookInput {
  readonly url: string;
  readonly events: readonly WebhookEvent[];
}

/** Webhooks as the API sees them. What belongs to another owner is not there. */
export interface Webhooks {
  /** The signing secret is answered this once. @throws InputError */
  create(
    principal: Principal,
    input: CreateWebhookInput,
  ): Promise<{ readonly webhook: WebhookRecord; readonly signingSecret: string }>;
  /** Newest first, at most `MAX_WEBHOOKS`. */
  list(principal: Principal): Promise<readonly WebhookRecord[]>;
  byId(principal: Principal, id: string): Promise<WebhookRecord | null>;
  /** With what it has not been told yet. @throws BeagleError NOT_FOUND */
  delete(principal: Principal, id: string): Promise<void>;
}

/** Of one owner. */
export const MAX_WEBHOOKS = 20;
