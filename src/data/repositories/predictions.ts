import type { PredictionKey, PredictionStore, PropertyKey, StoredPrediction } from '../../domain';
import type { Session } from '../client';

interface PredictionRow {
  readonly position: number;
  readonly answer: Uint8Array;
  readonly value: number;
  readonly standard_deviation: number;
  readonly computed_at: Date;
}

/** The lasting part of the prediction cache, in Postgres. Each method is one statement. */
export class PredictionRepository implements PredictionStore {
  constructor(private readonly session: Session) {}

  /**
   * Makes the model known; to be called before anything is stored for it. If other weights went by the same id before,
   * their predictions are dropped: nobody is to get an answer that this model would not give.
   */
  async registerModel(id: string, sha256: string): Promise<void> {
    await this.session.$executeRaw`
      WITH changed AS (
        INSERT INTO models AS m (id, sha256) VALUES (${id}, ${sha256})
        ON CONFLICT (id) DO UPDATE SET sha256 = excluded.sha256, registered_at = now() WHERE m.sha256 <> excluded.sha256
        RETURNING id),
      unfilled AS (DELETE FROM prediction_fills USING changed WHERE model_id = changed.id)
      DELETE FROM predictions USING changed WHERE model_id = changed.id`;
  }

  async getMany(modelId: string, keys: readonly PredictionKey[]): Promise<(StoredPrediction | null)[]> {
    const { compositionKeys, properties, variants } = columnsOf(keys);
    const rows = await this.session.$queryRaw<PredictionRow[]>`
      SELECT (k.n - 1)::int AS position, p.answer, p.value, p.standard_deviation, p.computed_at
      FROM unnest(${compositionKeys}::text[], ${properties}::text[], ${variants}::text[])
        WITH ORDINALITY AS k (composition_key, property, variant, n)
      JOIN predictions p USING (composition_key, property, variant)
      WHERE p.model_id = ${modelId}`;
    const found: (StoredPrediction | null)[] = keys.map(() => null);
    for (const { position, standard_deviation: standardDeviation, computed_at: computedAt, answer, value } of rows) {
      const { compositionKey, property, variant } = keys[position]!;
      found[position] = { compositionKey, property, variant, answer, value, standardDeviation, computedAt };
    }
    return found;
  }

  async putMany(modelId: string, predictions: readonly StoredPrediction[]): Promise<void> {
    if (predictions.length === 0) return;
    // In one order, so that two batches at once wait for each other instead of deadlocking.
    const ordered = [...predictions].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
    const { compositionKeys, properties, variants } = columnsOf(ordered);
    await this.session.$executeRaw`
      INSERT INTO predictions (composition_key, property, variant, model_id, answer, value, standard_deviation, computed_at)
      SELECT composition_key, property, variant, ${modelId}, decode(answer, 'base64'), value, standard_deviation, computed_at
      FROM unnest(
        ${compositionKeys}::text[], ${properties}::text[], ${variants}::text[],
        ${ordered.map(({ answer }) => Buffer.from(answer).toString('base64'))}::text[],
        ${ordered.map(({ value }) => value)}::float8[],
        ${ordered.map(({ standardDeviation }) => standardDeviation)}::float8[],
        ${ordered.map(({ computedAt }) => computedAt.toISOString())}::timestamptz[])
        AS p (composition_key, property, variant, answer, value, standard_deviation, computed_at)
      ON CONFLICT DO NOTHING`;
  }
}

const orderOf = ({ compositionKey, property, variant }: PredictionKey): string =>
  `${compositionKey} ${property} ${variant}`;

function columnsOf(keys: readonly PredictionKey[]) {
  return {
    compositionKeys: keys.map(({ compositionKey }) => compositionKey),
    properties: keys.map(({ property }): PropertyKey => property),
    variants: keys.map(({ variant }) => variant),
  };
}
