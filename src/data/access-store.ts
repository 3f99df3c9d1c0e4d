import type { AccessStore, AllowanceKind, AuditEntry, Scope, StoredKey, UsageCount, UsageDay } from '../domain';
import type { Client } from './client';
import type { ApiKey, Prisma } from './generated/client';

/** Windows older than this are deleted, now and then, by the statement that opens a new one. */
const KEEP_WINDOWS_MS = 3 * 86_400_000;

interface UsedKeyRow {
  id: string;
  owner_id: string;
  name: string;
  prefix: string;
  secret_hash: Uint8Array;
  scopes: string[];
  points_per_minute: number;
  predictions_per_day: number;
  concurrent_campaigns: number;
  candidates_per_campaign: number;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
  taken: number;
  used_after: bigint | null;
}

/** Keys, allowances, usage and the audit log in Postgres. */
export class PostgresAccessStore implements AccessStore {
  private swept = 0;

  constructor(private readonly client: Client) {}

  async useKey(prefix: string, secretHash: Buffer, now: Date, windowStart: Date) {
    // The hash in the condition only decides whether a block is taken; whether the key is right is decided, in constant time, by the caller.
    const rows = await this.client.$queryRaw<UsedKeyRow[]>`
      WITH k AS (
        SELECT *, GREATEST(1, points_per_minute / 200) AS taken,
               secret_hash = ${secretHash} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${now}) AS live
        FROM api_keys WHERE prefix = ${prefix}
      ), touched AS (
        UPDATE api_keys SET last_used_at = ${now} FROM k
        WHERE api_keys.id = k.id AND k.live AND (k.last_used_at IS NULL OR k.last_used_at <= ${now}::timestamptz - interval '1 minute')
      ), taken AS (
        INSERT INTO allowance_windows (principal_id, kind, window_start, used)
        SELECT id, 'POINTS', ${windowStart}, taken FROM k WHERE live
        ON CONFLICT (principal_id, kind, window_start) DO UPDATE SET used = allowance_windows.used + EXCLUDED.used
        RETURNING used
      )
      SELECT k.*, taken.used AS used_after FROM k LEFT JOIN taken ON true`;
    const row = rows[0];
    return row
      ? { key: keyOfRow(row), taken: row.taken, usedAfter: row.used_after === null ? null : Number(row.used_after) }
      : null;
  }

  async takeFromWindow(kind: AllowanceKind, principalId: string, windowStart: Date, amount: number): Promise<number> {
    const rows = await this.client.$queryRaw<{ used: bigint }[]>`
      INSERT INTO allowance_windows (principal_id, kind, window_start, used)
      VALUES (${principalId}::uuid, ${kind}, ${windowStart}, ${amount})
      ON CONFLICT (principal_id, kind, window_start) DO UPDATE SET used = allowance_windows.used + EXCLUDED.used
      RETURNING used`;
    void this.sweep(windowStart.getTime());
    return Number(rows[0]!.used);
  }

  async insertKey(key: StoredKey, audit: AuditEntry): Promise<void> {
    await this.client.$transaction([
      this.client.apiKey.create({ data: dataOf(key) }),
      this.client.auditEntry.create({ data: auditData(audit) }),
    ]);
  }

  async replaceKey(oldId: string, oldExpiresAt: Date, create: (old: StoredKey) => StoredKey, audit: AuditEntry) {
    return this.client.$transaction(async (transaction) => {
      // Locked, so that two rotations of one key follow each other.
      await transaction.$queryRaw`SELECT 1 FROM api_keys WHERE id = ${oldId}::uuid FOR UPDATE`;
      const old = await transaction.apiKey.findUnique({ where: { id: oldId } });
      if (!old || old.revokedAt || (old.expiresAt && old.expiresAt <= new Date())) return null;
      const replacement = create(keyOf(old));
      const expiresAt = old.expiresAt && old.expiresAt < oldExpiresAt ? old.expiresAt : oldExpiresAt;
      await transaction.apiKey.update({ where: { id: oldId }, data: { expiresAt } });
      await transaction.apiKey.create({ data: dataOf(replacement) });
      await transaction.auditEntry.create({ data: auditData(audit, { replacement: replacement.id }) });
      return replacement;
    });
  }

  async revokeKey(id: string, at: Date, audit: AuditEntry): Promise<StoredKey | null> {
    return this.client.$transaction(async (transaction) => {
      const { count } = await transaction.apiKey.updateMany({
        where: { id, revokedAt: null },
        data: { revokedAt: at },
      });
      if (count > 0) await transaction.auditEntry.create({ data: auditData(audit) });
      const key = await transaction.apiKey.findUnique({ where: { id } });
      return key && keyOf(key);
    });
  }

  async keyById(id: string): Promise<StoredKey | null> {
    const key = await this.client.apiKey.findUnique({ where: { id } });
    return key && keyOf(key);
  }

  async keys(limit?: number): Promise<readonly StoredKey[]> {
    const found = await this.client.apiKey.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'asc' }], take: limit });
    return found.map(keyOf);
  }

  async addUsage(counts: readonly UsageCount[]): Promise<void> {
    const column = <K extends keyof UsageCount>(name: K) => counts.map((count) => count[name]);
    await this.client.$executeRaw`
      INSERT INTO usage_days (key_id, day, requests, cost, predictions)
      SELECT * FROM unnest(${column('keyId')}::uuid[], ${column('day')}::date[], ${column('requests')}::bigint[],
                           ${column('cost')}::bigint[], ${column('predictions')}::bigint[])
      ON CONFLICT (key_id, day) DO UPDATE SET
        requests = usage_days.requests + EXCLUDED.requests,
        cost = usage_days.cost + EXCLUDED.cost,
        predictions = usage_days.predictions + EXCLUDED.predictions`;
  }

  async usage(keyId: string, since: Date): Promise<readonly UsageDay[]> {
    const days = await this.client.usageDay.findMany({
      where: { keyId, day: { gte: since } },
      orderBy: { day: 'asc' },
    });
    return days.map(({ day, requests, cost, predictions }) => ({
      day,
      requests: Number(requests),
      cost: Number(cost),
      predictions: Number(predictions),
    }));
  }

  private async sweep(now: number): Promise<void> {
    if (now - this.swept < KEEP_WINDOWS_MS / 72) return;
    this.swept = now;
    const before = new Date(now - KEEP_WINDOWS_MS);
    // A failed sweep is repeated with the next one; the statement before it has told of a lost database already.
    await this.client.allowanceWindow.deleteMany({ where: { windowStart: { lt: before } } }).catch(() => undefined);
  }
}

const keyOf = (row: ApiKey): StoredKey => ({
  ...row,
  scopes: row.scopes as Scope[],
  secretHash: Buffer.from(row.secretHash),
});

const keyOfRow = (row: UsedKeyRow): StoredKey => ({
  id: row.id,
  ownerId: row.owner_id,
  name: row.name,
  prefix: row.prefix,
  secretHash: Buffer.from(row.secret_hash),
  scopes: row.scopes as Scope[],
  pointsPerMinute: row.points_per_minute,
  predictionsPerDay: row.predictions_per_day,
  concurrentCampaigns: row.concurrent_campaigns,
  candidatesPerCampaign: row.candidates_per_campaign,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
  revokedAt: row.revoked_at,
});

const dataOf = (key: StoredKey): Prisma.ApiKeyCreateInput => ({
  ...key,
  scopes: [...key.scopes],
  secretHash: new Uint8Array(key.secretHash),
});

const auditData = (audit: AuditEntry, more: Record<string, string> = {}): Prisma.AuditEntryCreateInput => ({
  actor: audit.actor === 'operator' ? 'operator' : (audit.actor.keyId ?? 'anonymous'),
  action: audit.action,
  subjectId: audit.subjectId,
  details: { ...audit.details, ...more } as Prisma.InputJsonObject,
});
