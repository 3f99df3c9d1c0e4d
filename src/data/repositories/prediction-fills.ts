import type { PropertyKey } from '../../domain';
import type { Session } from '../client';

/** A job that has begun. */
export interface Fill {
  /** Only materials that came or changed since then are left to look at; null: all. */
  readonly through: Date | null;
  /** The last material that an earlier try looked at. */
  readonly after: string | null;
}

/** How far the predictions of each property are made for the whole catalogue. Each method is one statement. */
export class PredictionFills {
  constructor(private readonly session: Session) {}

  /** Properties that somebody wants, of whatever model. */
  async wanted(): Promise<PropertyKey[]> {
    const rows = await this.session.$queryRaw<{ property: PropertyKey }[]>`
      SELECT DISTINCT property FROM prediction_fills ORDER BY property`;
    return rows.map(({ property }) => property);
  }

  async want(modelId: string, properties: readonly PropertyKey[]): Promise<void> {
    await this.session.$executeRaw`
      INSERT INTO prediction_fills (model_id, property)
      SELECT ${modelId}, property FROM unnest(${[...properties].sort()}::text[]) AS property
      ON CONFLICT DO NOTHING`;
  }

  /** Those of the properties that the catalogue has, or may have, materials without a prediction of, and the job to make them. */
  async due(
    modelId: string,
    properties: readonly PropertyKey[],
  ): Promise<{ readonly property: PropertyKey; readonly run: string }[]> {
    return this.session.$queryRaw`
      SELECT property, run FROM prediction_fills
      WHERE model_id = ${modelId} AND property = ANY(${properties}::text[])
        AND COALESCE(through, '-infinity') <= (SELECT max(updated_at) FROM materials)`;
  }

  /**
   * Notes what the job will have covered: all that was committed by transactions that began before now, or before the oldest one that
   * is still open, whose materials carry the time of its beginning. Of other users' transactions that time cannot be seen; none is open
   * for longer than half an hour.
   * @returns null if the job is done
   */
  async begin(modelId: string, property: PropertyKey, run: string): Promise<Fill | null> {
    const [fill] = await this.session.$queryRaw<Fill[]>`
      UPDATE prediction_fills SET horizon = COALESCE(horizon, LEAST(now() - interval '1 second', (
        SELECT min(COALESCE(xact_start, now() - interval '30 minutes')) FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
          AND (xact_start IS NOT NULL OR state IS NULL))))
      WHERE model_id = ${modelId} AND property = ${property} AND run = ${run}::uuid
      RETURNING through, after`;
    return fill ?? null;
  }

  async advance(modelId: string, property: PropertyKey, run: string, after: string): Promise<void> {
    await this.session.$executeRaw`
      UPDATE prediction_fills SET after = ${after}::uuid
      WHERE model_id = ${modelId} AND property = ${property} AND run = ${run}::uuid`;
  }

  async finish(modelId: string, property: PropertyKey, run: string): Promise<void> {
    await this.session.$executeRaw`
      UPDATE prediction_fills SET through = horizon, horizon = NULL, after = NULL, run = gen_random_uuid()
      WHERE model_id = ${modelId} AND property = ${property} AND run = ${run}::uuid`;
  }
}
