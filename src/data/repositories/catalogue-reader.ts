import type {
  Conditions,
  MaterialRecord,
  MeasurementRecord,
  PropertyKey,
  SourceRecord,
  StructureRecord,
} from '../../domain';
import { Prisma } from '../generated/client';
import type { ReadingSession } from '../reading';
import { type MaterialCriteria, whereOf } from './material-criteria';
import { MaterialOrder, type OrderTerm, type OrderValue, type Position } from './material-order';
import { planned } from './material-plan';
import { type PredictedColumn, type ValueColumn, valueTable } from './property-values';
import {
  MATERIAL_COLUMNS,
  materialOf,
  type MaterialRow,
  MEASUREMENT_COLUMNS,
  measurementOf,
  type MeasurementRow,
  structureOf,
  type StructureRow,
} from './rows';
import type { SourceReader } from './sources';

/** A stretch of the materials in their order; both ends are exclusive. */
export interface Stretch {
  readonly after: Position | null;
  readonly before: Position | null;
  /** From which end `limit` counts. */
  readonly from: 'start' | 'end';
  readonly limit: number;
  /** Rows to pass over; only where no order is given. */
  readonly skip?: number;
}

/** Materials that came or changed from `since` on, with ids beyond `after` and up to `to`; null and absent are open. */
export interface IdStretch {
  readonly since?: Date | null;
  readonly after?: string | null;
  readonly to?: string | null;
}

/** A material and where it stands in the order asked for. */
export interface PlacedMaterial {
  readonly material: MaterialRecord;
  readonly position: Position;
}

type PlacedRow = MaterialRow & { readonly position?: OrderValue[] };

/**
 * Reads the catalogue. Ids are UUIDs in lower case. Unless said otherwise, a method is one statement, whatever the length of its list, and
 * another where a source has not been read lately.
 */
export class CatalogueReader {
  constructor(
    private readonly session: ReadingSession,
    private readonly sourceReader: SourceReader,
  ) {}

  /** By the terms in turn, then by id; a second statement where the stretch goes on among those without a value. */
  async findMaterials(
    criteria: MaterialCriteria,
    terms: readonly OrderTerm[],
    { after, before, from, limit, skip = 0 }: Stretch,
  ): Promise<PlacedMaterial[]> {
    const order = new MaterialOrder(terms);
    const { own, others } = order.ranges(criteria.values ?? []);
    const backwards = from === 'end';
    const found: PlacedMaterial[] = [];
    for (const segment of backwards ? order.segments.toReversed() : order.segments) {
      const [within, between] = [order.within(segment, own), order.between(segment, after, before)];
      if (within === null || between === null || found.length === limit) continue;
      const { joins, conditions, prepared } = planned(order.joins, { ...criteria, values: others }, terms, within);
      const statement = Prisma.sql`
        SELECT ${MATERIAL_COLUMNS}${order.selected}
        FROM materials m JOIN compositions c ON c.id = m.composition_id ${joins}
        WHERE ${Prisma.join([conditions, ...between], ' AND ')}
        ORDER BY ${order.orderBy(segment, backwards)}
        LIMIT ${Prisma.raw(String(limit - found.length))} OFFSET ${Prisma.raw(String(skip))}`;
      const rows = await this.session.records<PlacedRow>(statement, { prepared: skip === 0 ? prepared : 'never' });
      const sources = await this.sourceReader.of(rows);
      for (const row of rows) {
        const position = { values: row.position ?? [], id: row.id };
        found.push({ material: materialOf(row, sources), position });
      }
    }
    return backwards ? found.reverse() : found;
  }

  /** Counts no further than `bound`; `null` stands for more. */
  async countMaterials(criteria: MaterialCriteria, bound: number): Promise<number | null> {
    const [row] = await this.session.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int AS count FROM (${matching(criteria)} LIMIT ${bound + 1}::int) AS counted`;
    return row!.count > bound ? null : row!.count;
  }

  /** What the planner expects, from its statistics. */
  async estimateMaterials(criteria: MaterialCriteria): Promise<number> {
    const [row] = await this.session.$queryRaw<{ 'QUERY PLAN': { Plan: { 'Plan Rows': number } }[] }[]>`
      EXPLAIN (FORMAT JSON) ${matching(criteria)}`;
    return row!['QUERY PLAN'][0]!.Plan['Plan Rows'];
  }

  async materialsByIds(ids: readonly string[]): Promise<(MaterialRecord | null)[]> {
    const rows = await this.session.records<MaterialRow>(Prisma.sql`
      SELECT ${MATERIAL_COLUMNS}
      FROM materials m JOIN compositions c ON c.id = m.composition_id
      WHERE m.id = ANY(${ids}::uuid[])`);
    const sources = await this.sourceReader.of(rows);
    return inOrder(ids, rows, 'id', (row) => materialOf(row, sources));
  }

  /** The id at which the next `count` of the stretch end, in the order of ids; null if there are no more than those. */
  async endOfStretch(stretch: IdStretch, count: number): Promise<string | null> {
    const [row] = await this.session.$queryRaw<{ id: string }[]>`
      SELECT m.id FROM materials m WHERE ${within(stretch)} ORDER BY m.id LIMIT 1 OFFSET ${count - 1}::int`;
    return row?.id ?? null;
  }

  /** In the order of their ids. */
  async materialsWithoutPrediction(column: PredictedColumn, stretch: IdStretch): Promise<MaterialRecord[]> {
    const { table, on } = valueTable({ kind: 'PREDICTED', ...column }, 'p');
    const rows = await this.session.records<MaterialRow>(Prisma.sql`
      SELECT ${MATERIAL_COLUMNS}
      FROM materials m JOIN compositions c ON c.id = m.composition_id
      WHERE ${within(stretch)} AND NOT EXISTS (SELECT FROM ${table} WHERE ${on})
      ORDER BY m.id`);
    const sources = await this.sourceReader.of(rows);
    return rows.map((row) => materialOf(row, sources));
  }

  async countMaterialsWithoutPrediction(column: PredictedColumn): Promise<number> {
    const { table, on } = valueTable({ kind: 'PREDICTED', ...column }, 'p');
    const [row] = await this.session.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int AS count FROM materials m JOIN compositions c ON c.id = m.composition_id
      WHERE NOT EXISTS (SELECT FROM ${table} WHERE ${on})`;
    return row!.count;
  }

  /** Oldest first, at most `limit` of each composition. */
  async materialsByCompositionKeys(keys: readonly string[], limit: number): Promise<MaterialRecord[][]> {
    const rows = await this.session.records<MaterialRow & { asked: string }>(Prisma.sql`
      SELECT c.key AS asked, ${MATERIAL_COLUMNS}
      FROM compositions c
      CROSS JOIN LATERAL (SELECT * FROM materials WHERE composition_id = c.id ORDER BY id LIMIT ${limit}::int) m
      WHERE c.key = ANY(${keys}::text[])
      ORDER BY m.id`);
    const sources = await this.sourceReader.of(rows);
    return grouped(keys, rows, (row) => materialOf(row, sources));
  }

  async structuresByMaterialIds(ids: readonly string[]): Promise<(StructureRecord | null)[]> {
    const rows = await this.session.records<StructureRow>(Prisma.sql`
      SELECT material_id, a, b, c, alpha, beta, gamma, volume, sites
      FROM structures WHERE material_id = ANY(${ids}::uuid[])`);
    return inOrder(ids, rows, 'material_id', structureOf);
  }

  async measurementsByIds(ids: readonly string[]): Promise<(MeasurementRecord | null)[]> {
    const rows = await this.session.records<MeasurementRow>(Prisma.sql`
      SELECT ${MEASUREMENT_COLUMNS}
      FROM measurements v JOIN compositions c ON c.id = v.composition_id
      WHERE v.id = ANY(${ids}::uuid[])`);
    const sources = await this.sourceReader.of(rows);
    return inOrder(ids, rows, 'id', (row) => measurementOf(row, sources));
  }

  /** Newest first, at most `limit` of each material. */
  async measurementsByMaterialIds(
    ids: readonly string[],
    property: PropertyKey | null,
    limit: number,
  ): Promise<MeasurementRecord[][]> {
    const rows = await this.session.records<MeasurementRow & { asked: string }>(Prisma.sql`
      SELECT v.material_id AS asked, ${MEASUREMENT_COLUMNS}
      FROM unnest(${[...new Set(ids)]}::uuid[]) AS wanted(id)
      CROSS JOIN LATERAL (
        SELECT * FROM measurements
        WHERE material_id = wanted.id AND (${property}::text IS NULL OR property = ${property}::text)
        ORDER BY id DESC LIMIT ${limit}::int) v
      JOIN compositions c ON c.id = v.composition_id
      ORDER BY v.id DESC`);
    const sources = await this.sourceReader.of(rows);
    return grouped(ids, rows, (row) => measurementOf(row, sources));
  }

  /** Newest first, at most `limit` of each composition: of all its materials, and of none. */
  async measurementsByCompositionKeys(
    keys: readonly string[],
    property: PropertyKey | null,
    limit: number,
  ): Promise<MeasurementRecord[][]> {
    const rows = await this.session.records<MeasurementRow & { asked: string }>(Prisma.sql`
      SELECT c.key AS asked, ${MEASUREMENT_COLUMNS}
      FROM compositions c
      CROSS JOIN LATERAL (
        SELECT * FROM measurements
        WHERE composition_id = c.id AND (${property}::text IS NULL OR property = ${property}::text)
        ORDER BY id DESC LIMIT ${limit}::int) v
      WHERE c.key = ANY(${keys}::text[])
      ORDER BY v.id DESC`);
    const sources = await this.sourceReader.of(rows);
    return grouped(keys, rows, (row) => measurementOf(row, sources));
  }

  /** Stored values of these columns, of each material in their order; one statement. */
  async storedValues(ids: readonly string[], columns: readonly ValueColumn[]): Promise<(number | null)[][]> {
    const values = new Map(ids.map((id) => [id, columns.map((): number | null => null)]));
    const selects = columns.map((column, i) => {
      const { table, on } = valueTable(column, 'w');
      return Prisma.sql`
        SELECT m.id, ${i}::int AS position, w.value
        FROM materials m JOIN compositions c ON c.id = m.composition_id JOIN ${table} ON ${on}
        WHERE m.id = ANY(${ids}::uuid[])`;
    });
    if (ids.length > 0 && selects.length > 0) {
      const rows = await this.session.$queryRaw<{ id: string; position: number; value: number }[]>(
        Prisma.join(selects, ' UNION ALL '),
      );
      for (const { id, position, value } of rows) values.get(id)![position] = value;
    }
    return ids.map((id) => values.get(id)!);
  }

  /** By id. */
  async sources(): Promise<SourceRecord[]> {
    return this.sourceReader.all();
  }

  /** Compositions with a material or a measurement. */
  async knownCompositionKeys(keys: readonly string[]): Promise<Set<string>> {
    const rows = await this.session.$queryRaw<{ key: string }[]>`
      SELECT c.key FROM compositions c
      WHERE c.key = ANY(${keys}::text[])
        AND (EXISTS (SELECT FROM materials WHERE composition_id = c.id)
          OR EXISTS (SELECT FROM measurements WHERE composition_id = c.id))`;
    return new Set(rows.map(({ key }) => key));
  }

  /** Keys of the compositions with a material or a measurement, the newest first. */
  async compositionKeys(limit: number): Promise<string[]> {
    const rows = await this.session.$queryRaw<{ key: string }[]>`
      SELECT c.key FROM compositions c
      WHERE EXISTS (SELECT FROM materials WHERE composition_id = c.id)
        OR EXISTS (SELECT FROM measurements WHERE composition_id = c.id)
      ORDER BY c.id DESC LIMIT ${limit}::int`;
    return rows.map(({ key }) => key);
  }

  /**
   * Of every composition measured in all of these properties, the median of each under its conditions (where they are set), in
   * the order asked for; at most `limit` compositions.
   */
  async measuredTogether(
    properties: readonly { readonly property: PropertyKey; readonly conditions: Conditions }[],
    limit: number,
  ): Promise<number[][]> {
    const names = properties.map(({ property }) => property);
    const conditions = properties.map((one) =>
      JSON.stringify(Object.fromEntries(Object.entries(one.conditions).filter(([, value]) => value != null))),
    );
    const rows = await this.session.$queryRaw<{ values: number[] }[]>`
      SELECT array_agg(median ORDER BY n) AS values
      FROM (
        SELECT v.composition_id, wanted.n, percentile_cont(0.5) WITHIN GROUP (ORDER BY v.value) AS median
        FROM unnest(${names}::text[], ${conditions}::text[]) WITH ORDINALITY AS wanted (property, conditions, n)
        JOIN measurements v ON v.property = wanted.property AND v.conditions @> wanted.conditions::jsonb
        GROUP BY v.composition_id, wanted.n) AS medians
      GROUP BY composition_id HAVING count(*) = ${names.length}::int
      ORDER BY composition_id LIMIT ${limit}::int`;
    return rows.map(({ values }) => values);
  }
}

function within({ since, after, to }: IdStretch): Prisma.Sql {
  const bounds = [
    since ? Prisma.sql`m.updated_at >= ${since}::timestamptz` : Prisma.sql`TRUE`,
    ...(after ? [Prisma.sql`m.id > ${after}::uuid`] : []),
    ...(to ? [Prisma.sql`m.id <= ${to}::uuid`] : []),
  ];
  return Prisma.join(bounds, ' AND ');
}

const matching = (criteria: MaterialCriteria): Prisma.Sql =>
  Prisma.sql`SELECT FROM materials m JOIN compositions c ON c.id = m.composition_id WHERE ${whereOf(criteria)}`;

function inOrder<K extends string, R extends Readonly<Record<K, string>>, T>(
  ids: readonly string[],
  rows: readonly R[],
  key: K,
  convert: (row: R) => T,
): (T | null)[] {
  const found = new Map<string, T>(rows.map((row) => [row[key], convert(row)]));
  return ids.map((id) => found.get(id) ?? null);
}

function grouped<R extends { readonly asked: string }, T>(
  keys: readonly string[],
  rows: readonly R[],
  convert: (row: R) => T,
): T[][] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.asked);
    if (group) group.push(convert(row));
    else groups.set(row.asked, [convert(row)]);
  }
  return keys.map((key) => groups.get(key) ?? []);
}
