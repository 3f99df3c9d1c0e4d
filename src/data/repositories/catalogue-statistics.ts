import type { FacetCount, PropertyKey } from '../../domain';
import { Prisma } from '../generated/client';
import type { ReadingSession } from '../reading';
import { type MaterialCriteria, whereOf } from './material-criteria';
import { type PredictedColumn, type ValueColumn, valueTable } from './property-values';

/** Values in `bins` bins of equal width from the lowest to the highest; those of one bin, which is not empty. */
export interface Bin {
  readonly bin: number;
  readonly count: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Where a coordinate comes from: measured, or for want of that predicted. */
export interface Coordinate {
  readonly property: PropertyKey;
  readonly predicted: PredictedColumn | null;
}

/** Columns of equal length. */
export interface PointColumns {
  readonly ids: readonly string[];
  readonly formulas: readonly string[];
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly color: readonly (number | null)[];
  readonly xPredicted: readonly boolean[];
  readonly yPredicted: readonly boolean[];
}

/** What a filter finds, taken together. Every method is one statement. */
export class CatalogueStatistics {
  constructor(private readonly session: ReadingSession) {}

  /** Those that any material has a measured value of, in alphabetical order: as many steps through the index as there are. */
  async measuredProperties(): Promise<PropertyKey[]> {
    const rows = await this.session.$queryRaw<{ property: PropertyKey }[]>`
      WITH RECURSIVE found (property) AS (
        SELECT min(property) FROM measured_values
        UNION ALL
        SELECT (SELECT min(property) FROM measured_values v WHERE v.property > found.property)
        FROM found WHERE found.property IS NOT NULL)
      SELECT property FROM found WHERE property IS NOT NULL`;
    return rows.map(({ property }) => property);
  }

  /** By the ids of their materials, those that have any. */
  async measuredValues(ids: readonly string[]): Promise<ReadonlyMap<string, ReadonlyMap<PropertyKey, number>>> {
    const rows = await this.session.$queryRaw<{ id: string; property: PropertyKey; value: number }[]>`
      SELECT material_id AS id, property, value FROM measured_values WHERE material_id = ANY(${ids}::uuid[])`;
    const found = new Map<string, Map<PropertyKey, number>>();
    for (const { id, property, value } of rows) found.set(id, (found.get(id) ?? new Map()).set(property, value));
    return found;
  }

  /** Materials with each element; the most frequent first. */
  elements(criteria: MaterialCriteria): Promise<FacetCount[]> {
    return this.session.$queryRaw`
      SELECT value, count(*)::int AS count
      FROM materials m JOIN compositions c ON c.id = m.composition_id CROSS JOIN LATERAL unnest(m.elements) AS e (value)
      WHERE ${whereOf(criteria)} GROUP BY value ORDER BY count DESC, value`;
  }

  /** Materials by space group number, in its order; those without one are left out. */
  spaceGroups(criteria: MaterialCriteria): Promise<{ readonly number: number; readonly count: number }[]> {
    return this.session.$queryRaw`
      SELECT m.space_group_number::int AS number, count(*)::int AS count
      FROM materials m JOIN compositions c ON c.id = m.composition_id
      WHERE ${whereOf(criteria, [Prisma.sql`m.space_group_number IS NOT NULL`])} GROUP BY 1 ORDER BY 1`;
  }

  /** The most frequent first. */
  sources(criteria: MaterialCriteria): Promise<FacetCount[]> {
    return this.session.$queryRaw`
      SELECT s.name AS value, f.count
      FROM (
        SELECT m.source_id, count(*)::int AS count
        FROM materials m JOIN compositions c ON c.id = m.composition_id
        WHERE ${whereOf(criteria)} GROUP BY 1) AS f
      JOIN sources s ON s.id = f.source_id ORDER BY f.count DESC, s.name`;
  }

  /** Ascending. */
  elementCounts(criteria: MaterialCriteria): Promise<FacetCount[]> {
    return this.session.$queryRaw`
      SELECT m.element_count::text AS value, count(*)::int AS count
      FROM materials m JOIN compositions c ON c.id = m.composition_id
      WHERE ${whereOf(criteria)} GROUP BY m.element_count ORDER BY m.element_count`;
  }

  /** Ascending; bins from 0. */
  histogram(criteria: MaterialCriteria, column: ValueColumn, bins: number): Promise<Bin[]> {
    const { table, on } = valueTable(column, 'h');
    return this.session.$queryRaw`
      WITH found AS MATERIALIZED (
        SELECT h.value FROM materials m JOIN compositions c ON c.id = m.composition_id JOIN ${table} ON ${on}
        WHERE ${whereOf(criteria)}),
      ends AS (SELECT min(value) AS lowest, max(value) AS highest FROM found)
      SELECT lowest, highest, count(*)::int AS count,
        LEAST(COALESCE(floor((value - lowest) / NULLIF(highest - lowest, 0) * ${bins}::int), 0), ${bins}::int - 1)::int AS bin
      FROM found CROSS JOIN ends GROUP BY lowest, highest, bin ORDER BY bin`;
  }

  /** Materials with both coordinates, in the order of their ids. */
  async points(
    criteria: MaterialCriteria,
    axes: { readonly x: Coordinate; readonly y: Coordinate; readonly color: Coordinate | null },
    limit: number,
  ): Promise<PointColumns> {
    const x = coordinate(axes.x, 'x');
    const y = coordinate(axes.y, 'y');
    const color = axes.color && coordinate(axes.color, 'z');
    const present = [Prisma.sql`${x.value} IS NOT NULL`, Prisma.sql`${y.value} IS NOT NULL`];
    // One row of arrays: a hundred thousand rows would take longer to decode than to find.
    const [row] = await this.session.$queryRaw<{ columns: PointColumns }[]>`
      SELECT json_build_object(
        'ids', COALESCE(json_agg(id), '[]'), 'formulas', COALESCE(json_agg(formula), '[]'),
        'x', COALESCE(json_agg(x), '[]'), 'y', COALESCE(json_agg(y), '[]'), 'color', COALESCE(json_agg(color), '[]'),
        'xPredicted', COALESCE(json_agg(x_predicted), '[]'), 'yPredicted', COALESCE(json_agg(y_predicted), '[]')) AS columns
      FROM (
        SELECT m.id, c.formula, ${x.value} AS x, ${y.value} AS y, ${color ? color.value : Prisma.sql`NULL::float8`} AS color,
          ${x.predicted} AS x_predicted, ${y.predicted} AS y_predicted
        FROM materials m JOIN compositions c ON c.id = m.composition_id
        ${Prisma.join([x.joins, y.joins, color ? color.joins : Prisma.empty], ' ')}
        WHERE ${whereOf(criteria, present)} ORDER BY m.id LIMIT ${limit}::int) AS points`;
    return row!.columns;
  }
}

function coordinate({ property, predicted }: Coordinate, name: string) {
  const measured = valueTable({ kind: 'MEASURED', property }, `${name}_measured`);
  const joins = Prisma.sql`LEFT JOIN ${measured.table} ON ${measured.on}`;
  const value = Prisma.raw(`${name}_measured.value`);
  if (predicted === null) return { joins, value, predicted: Prisma.sql`FALSE` };
  const stored = valueTable({ kind: 'PREDICTED', ...predicted }, `${name}_predicted`);
  return {
    joins: Prisma.sql`${joins} LEFT JOIN ${stored.table} ON ${stored.on}`,
    value: Prisma.sql`COALESCE(${value}, ${Prisma.raw(`${name}_predicted.value`)})`,
    predicted: Prisma.sql`${value} IS NULL`,
  };
}
