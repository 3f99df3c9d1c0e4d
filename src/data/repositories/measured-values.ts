import type { Session } from '../client';
import { Prisma } from '../generated/client';

/** Brings the measured values of some materials up to date; to be called in the transaction that changed their measurements. */
export async function refreshMeasuredValues(
  session: Session,
  of: { readonly materialIds: readonly string[] } | { readonly compositionIds: readonly string[] },
): Promise<void> {
  const affected =
    'materialIds' in of
      ? Prisma.sql`id = ANY(${of.materialIds}::uuid[])`
      : Prisma.sql`composition_id = ANY(${of.compositionIds}::uuid[])`;
  // Sorted, so that two batches at once wait for each other instead of deadlocking.
  await session.$executeRaw`
    WITH affected AS (SELECT id, composition_id FROM materials WHERE ${affected}),
    found AS (
      SELECT DISTINCT ON (id, property) id, property, value
      FROM (
        SELECT a.id, v.property, v.own, percentile_cont(0.5) WITHIN GROUP (ORDER BY v.value) AS value
        FROM affected a CROSS JOIN LATERAL (
          SELECT property, value, TRUE AS own FROM measurements WHERE material_id = a.id
          UNION ALL
          SELECT property, value, FALSE FROM measurements WHERE composition_id = a.composition_id AND material_id IS NULL) v
        GROUP BY a.id, v.property, v.own) AS medians
      ORDER BY id, property, own DESC),
    gone AS (
      DELETE FROM measured_values d USING affected a
      WHERE d.material_id = a.id
        AND NOT EXISTS (SELECT FROM found f WHERE f.id = d.material_id AND f.property = d.property))
    INSERT INTO measured_values AS m (material_id, property, value)
    SELECT id, property, value FROM found
    ON CONFLICT (material_id, property) DO UPDATE SET value = excluded.value WHERE m.value <> excluded.value`;
}
