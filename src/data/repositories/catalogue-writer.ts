import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { CompositionMeasurementInput, MaterialInput, MeasurementInput, SourceInput } from '../../domain';
import type { Session } from '../client';
import { by, json, writtenAs, type CompositionBatch, type MaterialBatch } from './catalogue-batches';
import { refreshMeasuredValues } from './measured-values';

/** A material as stored. */
export interface StoredMaterial {
  readonly id: string;
  readonly created: boolean;
}

/**
 * Writes the catalogue, a batch in one statement a table: rows travel as one JSON parameter. They go in the order of their
 * keys, so that two batches at once wait for each other instead of deadlocking. The caller brings the transaction.
 */
export class CatalogueWriter {
  constructor(private readonly session: Session) {}

  /** @returns the id of the source */
  async upsertSource({ name, url, doi, licence }: SourceInput): Promise<string> {
    const [row] = await this.session.$queryRaw<{ id: string }[]>`
      INSERT INTO sources AS s (id, name, url, doi, licence)
      VALUES (${uuidv7()}::uuid, ${name}, ${url ?? null}, ${doi ?? null}, ${licence ?? null})
      ON CONFLICT (name) DO UPDATE SET
        url = COALESCE(excluded.url, s.url), doi = COALESCE(excluded.doi, s.doi), licence = COALESCE(excluded.licence, s.licence)
      RETURNING id`;
    return row!.id;
  }

  async insertCompositions(compositions: CompositionBatch): Promise<void> {
    await this.session.$executeRaw`
      INSERT INTO compositions
        (id, key, formula, anonymous_formula, whole_formula, whole_anonymous_formula, chemical_system, elements, fractions,
         element_count, shares, molar_mass)
      SELECT id, key, formula, "anonymousFormula", "wholeFormula", "wholeAnonymousFormula", "chemicalSystem", elements, fractions, cardinality(elements), shares, "molarMass"
      FROM json_to_recordset(${compositions.json()}::json) AS r (
        id uuid, key text, formula text, "anonymousFormula" text, "wholeFormula" text, "wholeAnonymousFormula" text,
        "chemicalSystem" text, elements text[],
        fractions float8[], shares text[], "molarMass" float8)
      ON CONFLICT (key) DO NOTHING`;
  }

  /** Their compositions are there already. @returns in the order of the batch */
  async upsertMaterials(sourceId: string, materials: MaterialBatch): Promise<StoredMaterial[]> {
    const stored = await this.session.$queryRaw<{ id: string; external_id: string | null; created: boolean }[]>`
      INSERT INTO materials AS m
        (id, source_id, external_id, url, doi, name, composition_id, formula, amounts, atoms,
         elements, element_count, anonymous_formula, chemical_system, space_group_number, space_group_symbol, density, site_count, disordered)
      SELECT r.id, ${sourceId}::uuid, "externalId", url, doi, name, c.id, r.formula, amounts, atoms,
        c.elements, c.element_count, c.anonymous_formula, c.chemical_system,
        "spaceGroupNumber", "spaceGroupSymbol", density, "siteCount", disordered
      FROM json_to_recordset(${materials.json()}::json) AS r (
        id uuid, "externalId" text, url text, doi text, name text, key text, formula text, amounts float8[], atoms float8,
        "spaceGroupNumber" int, "spaceGroupSymbol" text, density float8, "siteCount" int, disordered boolean)
      JOIN compositions c ON c.key = r.key
      ON CONFLICT (source_id, external_id) DO UPDATE SET
        url = excluded.url, doi = excluded.doi, name = excluded.name, composition_id = excluded.composition_id,
        formula = excluded.formula, amounts = excluded.amounts, atoms = excluded.atoms,
        elements = excluded.elements, element_count = excluded.element_count,
        anonymous_formula = excluded.anonymous_formula, chemical_system = excluded.chemical_system, density = excluded.density,
        site_count = excluded.site_count, disordered = excluded.disordered,
        space_group_number = excluded.space_group_number, space_group_symbol = excluded.space_group_symbol,
        updated_at = now()
      RETURNING id, external_id, xmax = 0 AS created`;
    const byId = new Map(stored.map((row) => [row.id, row]));
    const byExternalId = new Map(stored.map((row) => [row.external_id, row]));
    return materials.ids.map(({ id, externalId }) =>
      externalId === null ? byId.get(id)! : byExternalId.get(externalId)!,
    );
  }

  /** The structures of these materials are these, and no others. */
  async replaceStructures(materials: readonly MaterialInput[], stored: readonly StoredMaterial[]): Promise<void> {
    const rows = materials.flatMap(({ structure }, i) =>
      structure ? [{ materialId: stored[i]!.id, ...structure.lattice, sites: structure.sites }] : [],
    );
    const without = stored.filter(({ created }, i) => !created && !materials[i]!.structure).map(({ id }) => id);
    if (without.length > 0) {
      await this.session.$executeRaw`DELETE FROM structures WHERE material_id = ANY(${without}::uuid[])`;
    }
    if (rows.length === 0) return;
    await this.session.$executeRaw`
      INSERT INTO structures (material_id, a, b, c, alpha, beta, gamma, volume, sites)
      SELECT "materialId", a, b, c, alpha, beta, gamma, volume, sites
      FROM json_to_recordset(${json(rows)}::json) AS r (
        "materialId" uuid, a float8, b float8, c float8, alpha float8, beta float8, gamma float8, volume float8, sites jsonb)
      ON CONFLICT (material_id) DO UPDATE SET
        a = excluded.a, b = excluded.b, c = excluded.c, alpha = excluded.alpha, beta = excluded.beta,
        gamma = excluded.gamma, volume = excluded.volume, sites = excluded.sites`;
  }

  /** This source's measurements of these materials are these, and no others; the same ones keep their ids. */
  async replaceMeasurements(
    sourceId: string,
    materials: readonly MaterialInput[],
    stored: readonly StoredMaterial[],
  ): Promise<void> {
    const ids = stored.map(({ id }) => id);
    const updated = stored.filter(({ created }) => !created).map(({ id }) => id);
    const rows = materials.flatMap(({ composition, measurements }, i) =>
      (measurements ?? []).map((measurement) => measurementRow(sourceId, ids[i]!, { ...measurement, composition })),
    );
    if (updated.length > 0) {
      await this.session.$executeRaw`
        DELETE FROM measurements
        WHERE material_id = ANY(${updated}::uuid[]) AND source_id = ${sourceId}::uuid
          AND encode(digest, 'hex') <> ALL(${rows.map(({ digest }) => digest)}::text[])`;
    }
    await this.insert(sourceId, rows);
    await refreshMeasuredValues(this.session, { materialIds: ids });
  }

  /** Their compositions are there already. @returns how many are new */
  async insertMeasurements(sourceId: string, measurements: readonly CompositionMeasurementInput[]): Promise<number> {
    return this.insertOfCompositions(sourceId, rowsOf(sourceId, measurements));
  }

  /** As `insertMeasurements`. @returns the id of each, whether it is new or was there already, in order */
  async recordMeasurements(sourceId: string, measurements: readonly CompositionMeasurementInput[]): Promise<string[]> {
    const rows = rowsOf(sourceId, measurements);
    await this.insertOfCompositions(sourceId, rows);
    const stored = await this.session.$queryRaw<{ id: string; digest: string }[]>`
      SELECT id, encode(digest, 'hex') AS digest FROM measurements
      WHERE digest IN (SELECT decode(d, 'hex') FROM unnest(${rows.map(({ digest }) => digest)}::text[]) AS d)`;
    const ids = new Map(stored.map(({ id, digest }) => [digest, id]));
    return rows.map(({ digest }) => ids.get(digest)!);
  }

  private async insertOfCompositions(sourceId: string, rows: readonly MeasurementRow[]): Promise<number> {
    const inserted = await this.insert(sourceId, rows);
    if (inserted > 0) {
      const keys = [...new Set(rows.map(({ key }) => key))];
      const compositions = await this.session.$queryRaw<{ id: string }[]>`
        SELECT id FROM compositions WHERE key = ANY(${keys}::text[])`;
      await refreshMeasuredValues(this.session, { compositionIds: compositions.map(({ id }) => id) });
    }
    return inserted;
  }

  private async insert(sourceId: string, rows: readonly MeasurementRow[]): Promise<number> {
    if (rows.length === 0) return 0;
    return this.session.$executeRaw`
      INSERT INTO measurements
        (id, composition_id, material_id, source_id, url, doi, formula, amounts, atoms,
         property, value, unit, uncertainty, fidelity, conditions, digest)
      SELECT r.id, c.id, "materialId", ${sourceId}::uuid, url, doi, r.formula, amounts, atoms,
        property, value, unit, uncertainty, fidelity::fidelity, conditions, decode(digest, 'hex')
      FROM json_to_recordset(${json([...rows].sort(by(({ digest }) => digest)))}::json) AS r (
        id uuid, key text, "materialId" uuid, url text, doi text, formula text, amounts float8[], atoms float8,
        property text, value float8, unit text, uncertainty float8, fidelity text, conditions jsonb, digest text)
      JOIN compositions c ON c.key = r.key
      ON CONFLICT (digest) DO NOTHING`;
  }
}

type MeasurementRow = ReturnType<typeof measurementRow>;

const rowsOf = (sourceId: string, measurements: readonly CompositionMeasurementInput[]): MeasurementRow[] =>
  measurements.map((measurement) => measurementRow(sourceId, null, measurement));

function measurementRow(
  sourceId: string,
  materialId: string | null,
  { composition, conditions, ...measurement }: MeasurementInput & Pick<CompositionMeasurementInput, 'composition'>,
) {
  const given = Object.entries(conditions ?? {}).filter(([, value]) => value != null);
  const content = {
    materialId,
    ...writtenAs(composition),
    property: measurement.property,
    value: measurement.value,
    unit: measurement.unit,
    uncertainty: measurement.uncertainty ?? null,
    fidelity: measurement.fidelity,
    conditions: Object.fromEntries(given.sort(by(([name]) => name))),
    url: measurement.url ?? null,
    doi: measurement.doi ?? null,
  };
  const digest = createHash('sha256')
    .update(json([sourceId, content]))
    .digest('hex');
  return { ...content, id: uuidv7(), digest };
}
