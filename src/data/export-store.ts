import { randomBytes } from 'node:crypto';
import { toGlobalId, type ExportFormat, type ExportRecord, type MaterialFilter } from '../domain';
import type { Session } from './client';
import { tell } from './webhook-outbox';

/** Carries export ids. */
export const EXPORTS_CHANNEL = 'beagle_exports';

/** An export with what only those who write it and hand it out need. */
export interface StoredExport extends ExportRecord {
  readonly filter: MaterialFilter | null;
  readonly modelId: string;
  readonly modelSha256: string;
  readonly attempt: number;
  readonly digest: Buffer | null;
}

export type NewExport = Pick<
  StoredExport,
  'id' | 'ownerId' | 'campaignId' | 'filter' | 'format' | 'modelId' | 'modelSha256'
>;

/** Exports and their bytes in Postgres. Each method is one statement unless it says that it wants a transaction. */
export class ExportStore {
  constructor(private readonly session: Session) {}

  async insert(given: NewExport): Promise<StoredExport> {
    const filter = given.filter === null ? null : JSON.stringify(given.filter);
    const [row] = await this.session.$queryRaw<ExportRow[]>`
      INSERT INTO exports (id, owner_id, campaign_id, filter, format, status, model_id, model_sha256)
      VALUES (${given.id}::uuid, ${given.ownerId}::uuid, ${given.campaignId}::uuid, ${filter}::jsonb,
              ${given.format}::export_format, 'RUNNING', ${given.modelId}, ${given.modelSha256})
      RETURNING *`;
    await this.notify(given.id);
    return exportOf(row!);
  }

  async byId(id: string): Promise<StoredExport | null> {
    const [row] = await this.session.$queryRaw<ExportRow[]>`
      SELECT * FROM exports WHERE id = ${id}::uuid AND (expires_at IS NULL OR expires_at > now())`;
    return row ? exportOf(row) : null;
  }

  /** That is there or being written. */
  async ofCampaign(campaignId: string, format: ExportFormat): Promise<StoredExport | null> {
    const [row] = await this.session.$queryRaw<ExportRow[]>`
      SELECT * FROM exports
      WHERE campaign_id = ${campaignId}::uuid AND format = ${format}::export_format AND status <> 'FAILED'
        AND (expires_at IS NULL OR expires_at > now())
      ORDER BY created_at DESC LIMIT 1`;
    return row ? exportOf(row) : null;
  }

  /** One at a time for an owner until the transaction ends, so that a bound on their number holds. */
  async lockOwner(ownerId: string): Promise<void> {
    await this.session.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`exports ${ownerId}`}, 0))`;
  }

  async countOf(ownerId: string): Promise<{ readonly running: number; readonly kept: number }> {
    const [row] = await this.session.$queryRaw<{ running: number; kept: number }[]>`
      SELECT (count(*) FILTER (WHERE status = 'RUNNING'))::int AS running,
             (count(*) FILTER (WHERE status = 'COMPLETED'))::int AS kept
      FROM exports WHERE owner_id = ${ownerId}::uuid AND (expires_at IS NULL OR expires_at > now())`;
    return row!;
  }

  /** Oldest first. */
  async unfinished(modelSha256: string): Promise<string[]> {
    const rows = await this.session.$queryRaw<{ id: string }[]>`
      SELECT id FROM exports WHERE status = 'RUNNING' AND model_sha256 = ${modelSha256} ORDER BY created_at, id`;
    return rows.map(({ id }) => id);
  }

  /** A new attempt at the file, from nothing, in the caller's transaction. @returns null if there is nothing to write */
  async begin(id: string): Promise<StoredExport | null> {
    const [row] = await this.session.$queryRaw<ExportRow[]>`
      UPDATE exports SET attempt = attempt + 1 WHERE id = ${id}::uuid AND status = 'RUNNING' RETURNING *`;
    if (row === undefined) return null;
    await this.session.$executeRaw`DELETE FROM export_chunks WHERE export_id = ${id}::uuid`;
    return exportOf(row);
  }

  /** @returns false if another attempt has begun meanwhile, or the export is gone: then nothing is written */
  async append({ id, attempt }: StoredExport, number: number, bytes: Buffer): Promise<boolean> {
    const added = await this.session.$executeRaw`
      INSERT INTO export_chunks (export_id, number, bytes)
      SELECT id, ${number}::int, ${bytes} FROM exports
      WHERE id = ${id}::uuid AND attempt = ${attempt} AND status = 'RUNNING' FOR SHARE`;
    return added > 0;
  }

  /** And tells the owner's webhooks, in the caller's transaction. @returns false if another attempt has begun meanwhile */
  async complete(
    { id, attempt }: StoredExport,
    { rows, bytes, sha256, keepHours }: { rows: number; bytes: number; sha256: Buffer; keepHours: number },
  ): Promise<boolean> {
    const [row] = await this.session.$queryRaw<(ExportRow & { webhook_id: string | null })[]>`
      UPDATE exports SET status = 'COMPLETED', rows = ${rows}, bytes = ${bytes}, sha256 = ${sha256}, finished_at = now(),
        expires_at = date_trunc('second', now()) + ${keepHours} * interval '1 hour'
      WHERE id = ${id}::uuid AND attempt = ${attempt} AND status = 'RUNNING'
      RETURNING *, (SELECT webhook_id FROM campaigns c WHERE c.id = campaign_id) AS webhook_id`;
    if (row === undefined) return false;
    await tell(
      this.session,
      'EXPORT_COMPLETED',
      { ownerId: row.owner_id, webhookId: row.webhook_id },
      {
        export: {
          id: toGlobalId('Export', id),
          campaignId: row.campaign_id && toGlobalId('Campaign', row.campaign_id),
          format: row.format,
          rows,
          bytes,
          sha256: sha256.toString('hex'),
          expiresAt: row.expires_at,
        },
      },
    );
    return true;
  }

  async fail(id: string, error: string, keepHours: number): Promise<void> {
    await this.session.$executeRaw`
      UPDATE exports SET status = 'FAILED', error = ${error}, finished_at = now(),
        expires_at = now() + ${keepHours} * interval '1 hour'
      WHERE id = ${id}::uuid AND status = 'RUNNING'`;
  }

  async chunk(id: string, number: number): Promise<Buffer | null> {
    const [row] = await this.session.$queryRaw<{ bytes: Uint8Array }[]>`
      SELECT bytes FROM export_chunks WHERE export_id = ${id}::uuid AND number = ${number}`;
    return row ? Buffer.from(row.bytes.buffer, row.bytes.byteOffset, row.bytes.byteLength) : null;
  }

  /** With their bytes. */
  async deleteExpired(): Promise<number> {
    return this.session.$executeRaw`DELETE FROM exports WHERE status <> 'RUNNING' AND expires_at <= now()`;
  }

  /** 32 random bytes under a name, the same for all who ask for it. */
  async secret(name: string): Promise<Buffer> {
    await this.session.$executeRaw`
      INSERT INTO secrets (name, value) VALUES (${name}, ${randomBytes(32)}) ON CONFLICT DO NOTHING`;
    const [row] = await this.session.$queryRaw<{ value: Uint8Array }[]>`SELECT value FROM secrets WHERE name = ${name}`;
    return Buffer.from(row!.value);
  }

  /** Seen by listeners once the transaction commits. */
  private async notify(id: string): Promise<void> {
    await this.session.$executeRaw`SELECT pg_notify(${EXPORTS_CHANNEL}, ${id})`;
  }
}

interface ExportRow {
  id: string;
  owner_id: string;
  campaign_id: string | null;
  filter: MaterialFilter | null;
  format: ExportFormat;
  status: ExportRecord['status'];
  model_id: string;
  model_sha256: string;
  attempt: number;
  rows: number | null;
  bytes: bigint | null;
  sha256: Uint8Array | null;
  error: string | null;
  created_at: Date;
  expires_at: Date | null;
}

const exportOf = (row: ExportRow): StoredExport => ({
  id: row.id,
  ownerId: row.owner_id,
  campaignId: row.campaign_id,
  filter: row.filter,
  format: row.format,
  status: row.status,
  modelId: row.model_id,
  modelSha256: row.model_sha256,
  attempt: row.attempt,
  rows: row.rows,
  bytes: row.bytes === null ? null : Number(row.bytes),
  digest: row.sha256 && Buffer.from(row.sha256),
  error: row.error,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
});
