import type { Session } from '../client';
import { refreshMeasuredValues } from './measured-values';

/** Which version of a data set that comes with the software the catalogue has been given. */
export class SeedRepository {
  constructor(private readonly session: Session) {}

  /**
   * Takes it on the caller to bring the data set to this version, in the same transaction; a second server that starts at
   * the same time waits here for the first. @returns false if the catalogue has this version
   */
  async claim(name: string, sha256: string): Promise<boolean> {
    const changed = await this.session.$executeRaw`
      INSERT INTO seeds AS s (name, sha256) VALUES (${name}, ${sha256})
      ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256, applied_at = now() WHERE s.sha256 <> excluded.sha256`;
    return changed > 0;
  }

  /** Before a new version: a value that it corrects must not stay beside the corrected one. */
  async deleteCompositionMeasurements(sourceNames: readonly string[]): Promise<void> {
    const deleted = await this.session.$queryRaw<{ id: string }[]>`
      WITH deleted AS (
        DELETE FROM measurements v USING sources s
        WHERE s.id = v.source_id AND v.material_id IS NULL AND s.name = ANY(${sourceNames}::text[])
        RETURNING v.composition_id)
      SELECT DISTINCT composition_id AS id FROM deleted`;
    await refreshMeasuredValues(this.session, { compositionIds: deleted.map(({ id }) => id) });
  }
}
