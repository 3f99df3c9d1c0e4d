import type {
  AccessStore,
  AllowanceKind,
  AuditEntry,
  PresentedKey,
  Scope,
  StoredKey,
  UsageCount,
  UsageDay,
  UsedKey,
} from '../domain';
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

  async useKeys(presented: readonly PresentedKey[], now: Date, windowStart: Date): Promise<readonly UsedKey[]> {
    const column = <K extends keyof PresentedKey>(name: K) => presented.map((one) => one[name]);
    // The hash in the condition only decides whether a block is taken; whether a key is right is decided, in constant time, by the caller.
    const rows = await this.client.$queryRaw<UsedKeyRow[]>`
      WITH p AS (
        SELECT prefix, array_agg(hash) AS hashes, bool_or(take) AS take
        FROM unnest(${column('prefix')}::text[], ${column('hash')}::bytea[], ${column('take')}::boolean[]) AS p (prefix, hash, take)
        GROUP BY prefix
      ), k AS (
        SELECT api_keys.*, CASE WHEN p.take THEN GREATEST(1, points_per_minute / 200) ELSE 0 END AS taken,
               secret_hash = ANY (p.hashes) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${now}) AS live
        FROM api_keys JOIN p USING (prefix)
      ), touched AS (
        -- A row that somebody else has locked is noted the next time: nobody's key check waits for it.
        UPDATE api_keys SET last_used_at = ${now} WHERE id IN (
          SELECT a.id FROM api_keys a JOIN k ON k.id = a.id
          WHERE k.live AND (a.last_used_at IS NULL OR a.last_used_at <= ${now}::timestamptz - interval '1 minute')
          FOR UPDATE OF a SKIP LOCKED)
      ), taken AS (
        INSERT INTO allowance_windows (principal_id, kind, window_start, used)
        -- In one order: two servers that wait for each other's rows would be a deadlock.
        SELECT id, 'POINTS', ${windowStart}, taken FROM k WHERE live ORDER BY id
        ON CONFLICT (principal_id, kind, window_start) DO UPDATE SET used = allowance_windows.used + EXCLUDED.used
        RETURNING principal_id, used
      )
      SELECT k.*, taken.used AS used_after FROM k LEFT JOIN taken ON taken.principal_id = k.id`;
    return rows.map((row) => ({
      key: keyOfRow(row),
      taken: row.taken,
      usedAfter: row.used_after === null ? null : Number(row.used_after),
    }));
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

  async usage(keyIds: readonly string[], since: Date): Promise<readonly (readonly UsageDay[])[]> {
    const days = await this.client.usageDay.findMany({
      where: { keyId: { in: [...keyIds] }, day: { gte: since } },
      orderBy: { day: 'asc' },
    });
    const byKey = new Map<string, UsageDay[]>(keyIds.map((id) => [id, []]));
    for (const { keyId, day, requests, cost, predictions } of days) {
      const counted = { day, requests: Number(requests), cost: Number(cost), predictions: Number(predictions) };
      byKey.get(keyId)!.push(counted);
    }
    return keyIds.map((id) => byKey.get(id)!);
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
