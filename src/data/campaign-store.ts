import type { CampaignFailure, CampaignStatus, DiscoverySummary, WebhookEvent } from '../domain';
import type { Session } from './client';
import {
  bytesOf,
  campaignOf,
  keptPartOf,
  partOf,
  type CampaignRow,
  type KeptPart,
  type NewPart,
  type PartRow,
  type StoredCampaign,
  type StoredPart,
  type StoredResult,
} from './campaign-rows';
import { tellOfCampaign } from './webhook-outbox';

/** Carries campaign ids. */
export const CAMPAIGNS_CHANNEL = 'beagle_campaigns';
const KEEP_IDEMPOTENCY_KEYS = '48 hours';
const RATE_SECONDS = 60;

/** What webhooks are told of a campaign that comes into a state; of its first RUNNING, that it has started. */
const EVENTS: Partial<Record<CampaignStatus, WebhookEvent>> = {
  COMPLETED: 'CAMPAIGN_COMPLETED',
  FAILED: 'CAMPAIGN_FAILED',
};

export type NewCampaign = Pick<
  StoredCampaign,
  | 'id'
  | 'ownerId'
  | 'name'
  | 'input'
  | 'keepAll'
  | 'webhookId'
  | 'chargedTo'
  | 'predictionsPerDay'
  | 'chunkSize'
  | 'chunks'
  | 'total'
  | 'fingerprint'
>;

/** What is fixed when a campaign starts. */
export type CampaignPin = Pick<StoredCampaign, 'modelId' | 'modelSha256' | 'fingerprint' | 'measured'>;

/** Campaigns in Postgres. Each method is one statement unless it says that it wants a transaction. */
export class CampaignStore {
  constructor(private readonly session: Session) {}

  /**
   * Takes a client's key for a result that is about to be made, in the same transaction; a second request with the key waits
   * here for the first. @returns what the key was used for before, or null if it is new
   */
  async claimKey(
    ownerId: string,
    key: string,
    payloadHash: Buffer,
    resultId: string,
  ): Promise<{ readonly payloadHash: Buffer; readonly resultId: string } | null> {
    const claimed = await this.session.$executeRaw`
      INSERT INTO idempotency_keys (owner_id, key, payload_hash, result_id)
      VALUES (${ownerId}::uuid, ${key}, ${payloadHash}, ${resultId}::uuid) ON CONFLICT DO NOTHING`;
    if (claimed > 0) return null;
    const [row] = await this.session.$queryRaw<{ payload_hash: Uint8Array; result_id: string }[]>`
      SELECT payload_hash, result_id FROM idempotency_keys WHERE owner_id = ${ownerId}::uuid AND key = ${key}`;
    return { payloadHash: Buffer.from(row!.payload_hash), resultId: row!.result_id };
  }

  async forgetOldKeys(): Promise<void> {
    await this.session
      .$executeRaw`DELETE FROM idempotency_keys WHERE created_at < now() - ${KEEP_IDEMPOTENCY_KEYS}::interval`;
  }

  async insert(campaign: NewCampaign): Promise<StoredCampaign> {
    const [row] = await this.session.$queryRaw<CampaignRow[]>`
      INSERT INTO campaigns (id, owner_id, name, status, input, keep_all, webhook_id, charged_to, predictions_per_day, chunk_size, chunks, total, fingerprint)
      VALUES (${campaign.id}::uuid, ${campaign.ownerId}::uuid, ${campaign.name}, 'DRAFT', ${JSON.stringify(campaign.input)}::jsonb,
              ${campaign.keepAll}, ${campaign.webhookId}::uuid, ${campaign.chargedTo}::uuid, ${campaign.predictionsPerDay}, ${campaign.chunkSize}, ${campaign.chunks},
              ${campaign.total}, ${campaign.fingerprint})
      RETURNING *`;
    return campaignOf(row!);
  }

  async byId(id: string): Promise<StoredCampaign | null> {
    const [row] = await this.session.$queryRaw<CampaignRow[]>`SELECT * FROM campaigns WHERE id = ${id}::uuid`;
    return row ? campaignOf(row) : null;
  }

  /** Locked until the transaction ends, so that changes of one campaign follow each other. */
  async lock(id: string): Promise<StoredCampaign | null> {
    const [row] = await this.session.$queryRaw<
      CampaignRow[]
    >`SELECT * FROM campaigns WHERE id = ${id}::uuid FOR UPDATE`;
    return row ? campaignOf(row) : null;
  }

  /** Newest first, one more than `limit` if there are more. */
  async page(
    ownerId: string,
    statuses: readonly CampaignStatus[] | null,
    before: string | null,
    limit: number,
  ): Promise<StoredCampaign[]> {
    const rows = await this.session.$queryRaw<CampaignRow[]>`
      SELECT * FROM campaigns
      WHERE owner_id = ${ownerId}::uuid AND (${statuses === null} OR status::text = ANY(${statuses ?? []}::text[]))
        AND (${before}::uuid IS NULL OR id < ${before}::uuid)
      ORDER BY id DESC LIMIT ${limit + 1}`;
    return rows.map(campaignOf);
  }

  async count(ownerId: string, statuses: readonly CampaignStatus[] | null): Promise<number> {
    const [row] = await this.session.$queryRaw<{ n: number }[]>`
      SELECT count(*)::int AS n FROM campaigns
      WHERE owner_id = ${ownerId}::uuid AND (${statuses === null} OR status::text = ANY(${statuses ?? []}::text[]))`;
    return row!.n;
  }

  /** How many of an owner's campaigns are queued or running; nobody else counts or changes that until the transaction ends. */
  async lockActive(ownerId: string): Promise<number> {
    await this.session.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`campaigns of ${ownerId}`}, 0))`;
    return this.count(ownerId, ['QUEUED', 'RUNNING']);
  }

  /** Those that wait for or are being worked on by this model. */
  async unfinished(modelSha256: string): Promise<StoredCampaign[]> {
    const rows = await this.session.$queryRaw<CampaignRow[]>`
      SELECT * FROM campaigns
      WHERE status IN ('QUEUED', 'RUNNING') AND model_sha256 = ${modelSha256} AND (not_before IS NULL OR not_before <= now())
      ORDER BY id`;
    return rows.map(campaignOf);
  }

  /** To QUEUED, with new jobs. */
  async queue(id: string, pin: CampaignPin | null): Promise<StoredCampaign> {
    const measured = pin?.measured ? JSON.stringify(pin.measured) : null;
    const [row] = await this.session.$queryRaw<CampaignRow[]>`
      UPDATE campaigns SET status = 'QUEUED', epoch = epoch + 1, not_before = NULL, error = NULL, finished_at = NULL,
        model_id = CASE WHEN ${pin !== null} THEN ${pin?.modelId ?? null} ELSE model_id END,
        model_sha256 = CASE WHEN ${pin !== null} THEN ${pin?.modelSha256 ?? null} ELSE model_sha256 END,
        fingerprint = CASE WHEN ${pin !== null} THEN ${pin?.fingerprint ?? null} ELSE fingerprint END,
        measured = CASE WHEN ${pin !== null} THEN ${measured}::jsonb ELSE measured END
      WHERE id = ${id}::uuid RETURNING *`;
    await this.notify(id);
    return campaignOf(row!);
  }

  /** To any status but QUEUED; tells the owner's webhooks, in the caller's transaction. */
  async setStatus(id: string, status: CampaignStatus, error: string | null = null): Promise<StoredCampaign> {
    const ended = status === 'COMPLETED' || status === 'CANCELLED' || status === 'FAILED';
    const [row] = await this.session.$queryRaw<(CampaignRow & { began: boolean })[]>`
      UPDATE campaigns SET status = ${status}::campaign_status, error = ${error},
        started_at = CASE WHEN ${status === 'RUNNING'} THEN COALESCE(started_at, now()) ELSE started_at END,
        finished_at = CASE WHEN ${ended} THEN now() ELSE NULL END
      WHERE id = ${id}::uuid
      RETURNING *, (SELECT before.started_at IS NULL FROM campaigns before WHERE before.id = campaigns.id) AS began`;
    const event = status === 'RUNNING' ? row!.began && 'CAMPAIGN_STARTED' : EVENTS[status];
    if (event) await tellOfCampaign(this.session, event, row!);
    await this.notify(id);
    return campaignOf(row!);
  }

  /** No chunk starts before; then there are new jobs. */
  async delay(id: string, until: Date): Promise<void> {
    await this.session.$executeRaw`
      UPDATE campaigns SET not_before = ${until}, epoch = epoch + 1 WHERE id = ${id}::uuid AND status IN ('QUEUED', 'RUNNING')`;
  }

  async missingChunks(id: string, chunks: number, limit: number): Promise<number[]> {
    const rows = await this.session.$queryRaw<{ chunk: number }[]>`
      SELECT c::int AS chunk FROM generate_series(0, ${chunks}::int - 1) c
      WHERE NOT EXISTS (SELECT FROM campaign_parts p WHERE p.campaign_id = ${id}::uuid AND p.chunk = c)
      ORDER BY c LIMIT ${limit}`;
    return rows.map(({ chunk }) => chunk);
  }

  /**
   * Adds a chunk's part, its failures and the progress, in the caller's transaction; the caller holds the lock.
   * @returns false if the part is there already: then nothing changes
   */
  async addPart(id: string, part: NewPart): Promise<boolean> {
    const scores = part.scores && bytesOf(part.scores);
    const readings = part.readings && bytesOf(part.readings);
    const added = await this.session.$executeRaw`
      INSERT INTO campaign_parts
        (campaign_id, chunk, size, positions, costs, scores, readings, passed_filters, predicted, failed, model_runs)
      VALUES (${id}::uuid, ${part.chunk}, ${part.size}, ${bytesOf(part.positions)}, ${bytesOf(part.costs)}, ${scores}, ${readings},
              ${part.passedFilters}, ${part.predicted}, ${part.failed}, ${part.modelRuns})
      ON CONFLICT DO NOTHING`;
    if (added === 0) return false;
    if (part.failures.length > 0) {
      await this.session.$executeRaw`
        INSERT INTO campaign_failures (campaign_id, position, formula, message, code)
        SELECT ${id}::uuid, position, formula, message, code
        FROM jsonb_to_recordset(${JSON.stringify(part.failures)}::jsonb) AS f (position int, formula text, message text, code text)`;
    }
    await this.session.$executeRaw`
      UPDATE campaigns SET chunks_done = chunks_done + 1, done = done + ${part.size}, failed = failed + ${part.failed}
      WHERE id = ${id}::uuid`;
    await this.notify(id);
    return true;
  }

  /** A search has proposed all that it will. */
  async endSearch(id: string): Promise<void> {
    await this.session.$executeRaw`
      UPDATE campaigns SET chunks = chunks_done, total = done WHERE id = ${id}::uuid`;
    await this.notify(id);
  }

  async hasPart(id: string, chunk: number): Promise<boolean> {
    const rows = await this.session.$queryRaw<unknown[]>`
      SELECT 1 AS found FROM campaign_parts WHERE campaign_id = ${id}::uuid AND chunk = ${chunk}`;
    return rows.length > 0;
  }

  /** By chunk, without those that are known. */
  async parts(id: string, known: readonly number[] = []): Promise<StoredPart[]> {
    const rows = await this.session.$queryRaw<PartRow[]>`
      SELECT chunk, size, positions, costs, scores, passed_filters, predicted, failed, model_runs FROM campaign_parts
      WHERE campaign_id = ${id}::uuid AND chunk <> ALL(${known}::int[]) ORDER BY chunk`;
    return rows.map(partOf);
  }

  /** The next that is kept behind this chunk; null behind the last. */
  async keptPart(id: string, after: number): Promise<KeptPart | null> {
    const [row] = await this.session.$queryRaw<Parameters<typeof keptPartOf>[0][]>`
      SELECT chunk, positions, scores, readings FROM campaign_parts
      WHERE campaign_id = ${id}::uuid AND chunk > ${after} ORDER BY chunk LIMIT 1`;
    return row ? keptPartOf(row) : null;
  }

  /** The final ranking and COMPLETED, in the caller's transaction; the caller holds the lock. */
  async complete(
    id: string,
    results: readonly StoredResult[],
    summary: DiscoverySummary,
    keepParts: boolean,
  ): Promise<void> {
    await this.session.$executeRaw`
      INSERT INTO campaign_results (campaign_id, rank, position, formula, score, pareto_front)
      SELECT ${id}::uuid, rank, position, formula, score, "paretoFront"
      FROM jsonb_to_recordset(${JSON.stringify(results)}::jsonb)
        AS r (rank int, position int, formula text, score float8, "paretoFront" int)`;
    if (!keepParts) await this.session.$executeRaw`DELETE FROM campaign_parts WHERE campaign_id = ${id}::uuid`;
    await this.session
      .$executeRaw`UPDATE campaigns SET summary = ${JSON.stringify(summary)}::jsonb WHERE id = ${id}::uuid`;
    await this.setStatus(id, 'COMPLETED');
  }

  /** Behind `after`, by rank, one more than `limit` if there are more. */
  async results(
    id: string,
    { after, limit, onlyFront, lastRank }: { after: number; limit: number; onlyFront: boolean; lastRank: number },
  ): Promise<StoredResult[]> {
    return this.session.$queryRaw<StoredResult[]>`
      SELECT rank, position, formula, score, pareto_front AS "paretoFront" FROM campaign_results
      WHERE campaign_id = ${id}::uuid AND rank > ${after}
        AND CASE WHEN ${onlyFront} THEN pareto_front = 1 ELSE rank <= ${lastRank} END
      ORDER BY rank LIMIT ${limit + 1}`;
  }

  async countResults(id: string, onlyFront: boolean, lastRank: number): Promise<number> {
    const [row] = await this.session.$queryRaw<{ n: number }[]>`
      SELECT count(*)::int AS n FROM campaign_results
      WHERE campaign_id = ${id}::uuid AND CASE WHEN ${onlyFront} THEN pareto_front = 1 ELSE rank <= ${lastRank} END`;
    return row!.n;
  }

  /** Positions of the chunks that were finished in the last minute, and over how many seconds. */
  async recentWork(id: string): Promise<{ readonly positions: number; readonly seconds: number }> {
    const [row] = await this.session.$queryRaw<{ positions: number; seconds: number }[]>`
      SELECT COALESCE(sum(p.size), 0)::int AS positions,
        LEAST(${RATE_SECONDS}, GREATEST(1, extract(epoch FROM now() - min(c.started_at))))::float8 AS seconds
      FROM campaigns c LEFT JOIN campaign_parts p
        ON p.campaign_id = c.id AND p.completed_at > now() - ${`${RATE_SECONDS} seconds`}::interval
      WHERE c.id = ${id}::uuid`;
    return row!;
  }

  async failures(id: string, after: number, limit: number): Promise<CampaignFailure[]> {
    return this.session.$queryRaw<CampaignFailure[]>`
      SELECT position, formula, message, code FROM campaign_failures
      WHERE campaign_id = ${id}::uuid AND position > ${after} ORDER BY position LIMIT ${limit + 1}`;
  }

  async countFailures(id: string): Promise<number> {
    const [row] = await this.session.$queryRaw<{ n: number }[]>`
      SELECT count(*)::int AS n FROM campaign_failures WHERE campaign_id = ${id}::uuid`;
    return row!.n;
  }

  /** Seen by listeners once the transaction commits. */
  private async notify(id: string): Promise<void> {
    await this.session.$executeRaw`SELECT pg_notify(${CAMPAIGNS_CHANNEL}, ${id})`;
  }
}
