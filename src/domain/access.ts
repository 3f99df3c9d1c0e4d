/** What a key may do; the contract's enum. */
export const SCOPES = [
  'MATERIALS_READ',
  'MATERIALS_WRITE',
  'PREDICTIONS_RUN',
  'CAMPAIGNS_READ',
  'CAMPAIGNS_WRITE',
  'KEYS_ADMIN',
] as const;
export type Scope = (typeof SCOPES)[number];

/** An amount per period that a principal may use; `limit`s are whole points or predictions. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: Date;
}

/** Who is asking. What a key creates belongs to its owner; a rotated key inherits the owner. */
export interface Principal {
  readonly kind: 'key' | 'anonymous';
  /** Null for anonymous. */
  readonly keyId: string | null;
  /** Anonymous callers own what they create together, under one fixed id. */
  readonly ownerId: string;
  /** Whose allowances it uses up, if neither the key's nor the owner's. */
  readonly accountId?: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly pointsPerMinute: number;
  readonly predictionsPerDay: number;
  readonly campaigns?: CampaignLimits;
}

export interface CampaignLimits {
  /** Queued or running at once, of one owner. */
  readonly concurrent: number;
  /** The largest design space of one. */
  readonly candidates: number;
}

/** Of whoever has none of their own: anonymous callers and keys without other terms. */
export const CAMPAIGN_LIMITS: CampaignLimits = { concurrent: 10, candidates: 10_000_000 };

export const ANONYMOUS_OWNER = '00000000-0000-0000-0000-000000000000';

/** Under which id the points and predictions of a principal are counted. */
export const accountOf = ({ accountId, keyId, ownerId }: Principal): string => accountId ?? keyId ?? ownerId;

/** A key as its administrator sees it; the secret is never stored, only its SHA-256. */
export interface ApiKeyRecord {
  readonly id: string;
  readonly ownerId: string;
  readonly name: string;
  /** `bgl_live_<id 8>`: tells keys apart without giving anything away. */
  readonly prefix: string;
  readonly scopes: readonly Scope[];
  readonly pointsPerMinute: number;
  readonly predictionsPerDay: number;
  readonly concurrentCampaigns: number;
  readonly candidatesPerCampaign: number;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

export interface UsageDay {
  readonly day: Date;
  readonly requests: number;
  readonly cost: number;
  readonly predictions: number;
}

export interface CreateKeyInput {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Default 90. */
  readonly expiresInDays?: number | null;
  /** Points a minute. */
  readonly requestsPerMinute?: number | null;
  readonly predictionsPerDay?: number | null;
  readonly concurrentCampaigns?: number | null;
  readonly candidatesPerCampaign?: number | null;
}

/** The secret is answered this once. */
export interface IssuedKey {
  readonly key: ApiKeyRecord;
  readonly secret: string;
}

/** Keys as the API sees them. Every change is written to the audit log with the principal that made it. */
export interface Keys {
  list(principal: Principal, limit?: number): Promise<readonly ApiKeyRecord[]>;
  byId(principal: Principal, id: string): Promise<ApiKeyRecord | null>;
  /** @throws InputError naming the fields; a scope that the principal itself lacks is one. */
  create(principal: Principal, input: CreateKeyInput): Promise<IssuedKey>;
  /** A new secret for the same owner, scopes and limits; the old one works for `overlapHours` more. Null: no such key. */
  rotate(principal: Principal, id: string, overlapHours: number): Promise<IssuedKey | null>;
  revoke(principal: Principal, id: string): Promise<ApiKeyRecord | null>;
  /** Of each key, in the order of `ids`; one statement. */
  usage(ids: readonly string[], days: number): Promise<readonly (readonly UsageDay[])[]>;
}

/** Points and predictions, shared by all server instances. */
export interface Limits {
  /** @throws BeagleError RATE_LIMITED with `limit`, `remaining`, `resetAt`, `retryAfterMs`; nothing is charged then. */
  chargePoints(principal: Principal, points: number): Promise<Allowance>;
  /** @throws BeagleError QUOTA_EXCEEDED with `limit`, `remaining`, `resetAt`; nothing is charged then. */
  chargePredictions(principal: Principal, predictions: number): Promise<Allowance>;
  /** What is left, without charging. */
  points(principal: Principal): Promise<Allowance>;
  predictions(principal: Principal): Promise<Allowance>;
}

/** A key with what must not leave the access layer. */
export interface StoredKey extends ApiKeyRecord {
  /** SHA-256 of the secret, 32 bytes. */
  readonly secretHash: Buffer;
}

export interface AuditEntry {
  readonly actor: Principal | 'operator';
  readonly action: 'KEY_CREATED' | 'KEY_ROTATED' | 'KEY_REVOKED';
  readonly subjectId: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface UsageCount {
  readonly keyId: string;
  readonly day: Date;
  readonly requests: number;
  readonly cost: number;
  readonly predictions: number;
}

export type AllowanceKind = 'POINTS' | 'PREDICTIONS';

export interface PresentedKey {
  readonly prefix: string;
  /** SHA-256 of the secret that was presented. */
  readonly hash: Buffer;
  /** Whether 1/200 of its points are to be taken at once. */
  readonly take: boolean;
}

export interface UsedKey {
  readonly key: StoredKey;
  /** Points that were taken; 0 if none were asked for. */
  readonly taken: number;
  /** Used in the window after that; null if the key is not live or no hash was its own: nothing was taken then. */
  readonly usedAfter: number | null;
}

/** What the access layer needs of the database; each method is one statement or one transaction. */
export interface AccessStore {
  /**
   * One statement for any number of presented keys: finds each by its prefix and, if one of the hashes is its own and it is live, notes the
   * use (at most once a minute) and takes a block of its points from the window, once, if that was asked for with it. Every key that was found,
   * once.
   */
  useKeys(presented: readonly PresentedKey[], now: Date, windowStart: Date): Promise<readonly UsedKey[]>;
  /** One upsert; answers the window's total after it, `amount` included. */
  takeFromWindow(kind: AllowanceKind, principalId: string, windowStart: Date, amount: number): Promise<number>;
  insertKey(key: StoredKey, audit: AuditEntry): Promise<void>;
  /** Inserts the new key and brings the old one's expiry forward, in one transaction. Null if the old one is not live. */
  replaceKey(
    oldId: string,
    oldExpiresAt: Date,
    create: (old: StoredKey) => StoredKey,
    audit: AuditEntry,
  ): Promise<StoredKey | null>;
  /** Null: no such key. Revoking twice keeps the first time. */
  revokeKey(id: string, at: Date, audit: AuditEntry): Promise<StoredKey | null>;
  keyById(id: string): Promise<StoredKey | null>;
  /** Newest first; all of them without a limit. */
  keys(limit?: number): Promise<readonly StoredKey[]>;
  addUsage(counts: readonly UsageCount[]): Promise<void>;
  /** Of each key, in the order of `keyIds`. */
  usage(keyIds: readonly string[], since: Date): Promise<readonly (readonly UsageDay[])[]>;
}
