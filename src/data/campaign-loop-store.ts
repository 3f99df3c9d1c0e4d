import type { Conditions, Fidelity, PropertyKey } from '../domain';
import { bytesOf, copied, type StoredResult } from './campaign-rows';
import type { Session } from './client';

/** A measurement of a campaign as it is stored: in the unit of its property, its composition as it was written. */
export interface StoredMeasurement {
  readonly id: string;
  readonly formula: string;
  readonly property: PropertyKey;
  readonly value: number;
  readonly unit: string;
  readonly uncertainty: number | null;
  readonly fidelity: Fidelity;
  readonly conditions: Conditions;
  readonly source: {
    readonly name: string;
    readonly url: string | null;
    readonly doi: string | null;
    readonly licence: string | null;
  };
}

export interface NewMeasurement extends StoredMeasurement {
  /** Of everything but the id. */
  readonly digest: Buffer;
}

export interface Reservation {
  readonly position: number;
  readonly score: number;
}

/** What is measured for campaigns, and what is about to be. Each method is one statement; those that write want the campaign's lock. */
export class CampaignLoopStore {
  constructor(private readonly session: Session) {}

  /** @returns the id of each, whether it is new or was there already, in order */
  async addMeasurements(campaignId: string, measurements: readonly NewMeasurement[]): Promise<string[]> {
    const rows = measurements.map(({ digest, ...row }) => ({ ...row, digest: digest.toString('hex') }));
    await this.session.$executeRaw`
      INSERT INTO campaign_measurements
        (id, campaign_id, formula, property, value, unit, uncertainty, fidelity, conditions, source, digest)
      SELECT id, ${campaignId}::uuid, formula, property, value, unit, uncertainty, fidelity::fidelity, conditions, source, decode(digest, 'hex')
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (
        id uuid, formula text, property text, value float8, unit text, uncertainty float8, fidelity text, conditions jsonb,
        source jsonb, digest text)
      ON CONFLICT (campaign_id, digest) DO NOTHING`;
    const stored = await this.session.$queryRaw<{ id: string; digest: string }[]>`
      SELECT id, encode(digest, 'hex') AS digest FROM campaign_measurements
      WHERE campaign_id = ${campaignId}::uuid
        AND digest IN (SELECT decode(d, 'hex') FROM unnest(${rows.map(({ digest }) => digest)}::text[]) AS d)`;
    const ids = new Map(stored.map(({ id, digest }) => [digest, id]));
    return rows.map(({ digest }) => ids.get(digest)!);
  }

  /** In the order of recording behind `after`, one more than `limit` if there are more. */
  async measurements(campaignId: string, after: string | null, limit: number): Promise<StoredMeasurement[]> {
    return this.session.$queryRaw<StoredMeasurement[]>`
      SELECT id, formula, property, value, unit, uncertainty, fidelity::text, conditions, source FROM campaign_measurements
      WHERE campaign_id = ${campaignId}::uuid AND (${after}::uuid IS NULL OR id > ${after}::uuid)
      ORDER BY id LIMIT ${limit + 1}`;
  }

  async countMeasurements(campaignId: string): Promise<number> {
    const [row] = await this.session.$queryRaw<{ n: number }[]>`
      SELECT count(*)::int AS n FROM campaign_measurements WHERE campaign_id = ${campaignId}::uuid`;
    return row!.n;
  }

  /** The last `limit` recorded, by their content, so that the order of recording is not in it. */
  async lastMeasurements(campaignId: string, limit: number): Promise<StoredMeasurement[]> {
    return this.session.$queryRaw<StoredMeasurement[]>`
      SELECT id, formula, property, value, unit, uncertainty, fidelity::text, conditions, source
      FROM (SELECT * FROM campaign_measurements WHERE campaign_id = ${campaignId}::uuid ORDER BY id DESC LIMIT ${limit}) AS last
      ORDER BY digest`;
  }

  /** Those of this owner's campaigns, in the order asked for; null for any other. */
  async measurementsByIds(ownerId: string, ids: readonly string[]): Promise<(StoredMeasurement | null)[]> {
    const rows = await this.session.$queryRaw<StoredMeasurement[]>`
      SELECT m.id, formula, property, value, unit, uncertainty, fidelity::text, conditions, source
      FROM campaign_measurements m JOIN campaigns c ON c.id = m.campaign_id
      WHERE m.id = ANY(${ids}::uuid[]) AND c.owner_id = ${ownerId}::uuid`;
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  /** Positions in the design space, ascending. */
  async reservedPositions(campaignId: string): Promise<number[]> {
    const rows = await this.session.$queryRaw<{ position: number }[]>`
      SELECT position FROM campaign_reservations WHERE campaign_id = ${campaignId}::uuid ORDER BY position`;
    return rows.map(({ position }) => position);
  }

  async reserve(campaignId: string, batchId: string, reservations: readonly Reservation[]): Promise<void> {
    const rows = reservations.map((reservation, place) => ({ ...reservation, place }));
    await this.session.$executeRaw`
      INSERT INTO campaign_reservations (campaign_id, position, batch_id, place, score)
      SELECT ${campaignId}::uuid, position, ${batchId}::uuid, place, score
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (position int, place int, score float8)`;
  }

  /** Of one batch, in the order suggested. */
  async batch(batchId: string): Promise<Reservation[]> {
    return this.session.$queryRaw<Reservation[]>`
      SELECT position, score FROM campaign_reservations WHERE batch_id = ${batchId}::uuid ORDER BY place`;
  }

  /** Differs whenever something was measured or reserved. */
  async state(campaignId: string): Promise<string> {
    const [row] = await this.session.$queryRaw<{ state: string }[]>`
      SELECT md5(COALESCE((SELECT string_agg(encode(digest, 'hex'), ',' ORDER BY digest)
          FROM campaign_measurements WHERE campaign_id = ${campaignId}::uuid), ''))
        || md5(COALESCE((SELECT string_agg(position::text, ',' ORDER BY position)
          FROM campaign_reservations WHERE campaign_id = ${campaignId}::uuid), '')) AS state`;
    return row!.state;
  }

  /** Every result of a completed campaign, by rank. */
  async pool(campaignId: string): Promise<StoredResult[]> {
    return this.session.$queryRaw<StoredResult[]>`
      SELECT rank, position, formula, score, pareto_front AS "paretoFront" FROM campaign_results
      WHERE campaign_id = ${campaignId}::uuid ORDER BY rank`;
  }

  async beliefs(campaignId: string): Promise<Float64Array | null> {
    const [row] = await this.session.$queryRaw<{ beliefs: Uint8Array }[]>`
      SELECT beliefs FROM campaign_priors WHERE campaign_id = ${campaignId}::uuid`;
    return row ? new Float64Array(copied(row.beliefs)) : null;
  }

  /** The first to keep them keeps them for all. */
  async keepBeliefs(campaignId: string, beliefs: Float64Array): Promise<void> {
    await this.session.$executeRaw`
      INSERT INTO campaign_priors (campaign_id, beliefs) VALUES (${campaignId}::uuid, ${bytesOf(beliefs)}) ON CONFLICT DO NOTHING`;
  }
}
