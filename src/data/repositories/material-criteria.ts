import type { MaterialCondition } from '../../domain';
import { Prisma } from '../generated/client';
import { conditionSql } from './material-condition';
import { type ValueColumn, valueTable } from './property-values';

/** What a material must satisfy; every given part. Symbols and formulas are valid and canonical already. */
export interface MaterialCriteria {
  readonly allElements?: readonly string[];
  readonly anyElements?: readonly string[];
  readonly noneElements?: readonly string[];
  readonly onlyElements?: readonly string[];
  readonly minElementCount?: number;
  readonly maxElementCount?: number;
  /** Canonical composition key. */
  readonly compositionKey?: string;
  /** "O600000": elements with their share in millionths, as in the canonical key. */
  readonly shares?: readonly string[];
  /** All of them have to hold: a formula with wildcards implies one too. */
  readonly anonymousFormulas?: readonly string[];
  /** Alphabetical, "Fe-Li-O"; one of these. */
  readonly chemicalSystems?: readonly string[];
  readonly spaceGroupNumbers?: readonly number[];
  readonly sourceNames?: readonly string[];
  readonly values?: readonly ValueCriterion[];
  readonly condition?: MaterialCondition<ValueColumn>;
}

/** The material has a value in this column, within the range; both ends inclusive. */
export interface ValueCriterion {
  readonly column: ValueColumn;
  readonly min?: number;
  readonly max?: number;
}

/** The condition over materials (m) and compositions (c), joined with `further` ones. Each part has an index behind it. */
export function whereOf(criteria: MaterialCriteria, further: readonly Prisma.Sql[] = []): Prisma.Sql {
  const { allElements, anyElements, noneElements, onlyElements, shares } = criteria;
  const { minElementCount, maxElementCount, compositionKey, anonymousFormulas, chemicalSystems } = criteria;
  const { spaceGroupNumbers, sourceNames, values, condition } = criteria;
  // Where they are tested row by row, Postgres keeps their order: those that are a comparison of two numbers or texts come first.
  const conditions = [
    minElementCount !== undefined && Prisma.sql`m.element_count >= ${minElementCount}::int`,
    maxElementCount !== undefined && Prisma.sql`m.element_count <= ${maxElementCount}::int`,
    chemicalSystems && oneOf(Prisma.sql`m.chemical_system`, chemicalSystems, Prisma.sql`text`),
    spaceGroupNumbers && oneOf(Prisma.sql`m.space_group_number`, spaceGroupNumbers, Prisma.sql`int`),
    ...(anonymousFormulas ?? []).map((formula) => Prisma.sql`m.anonymous_formula = ${formula}`),
    allElements && Prisma.sql`m.elements @> ${allElements}::text[]`,
    anyElements && Prisma.sql`m.elements && ${anyElements}::text[]`,
    noneElements && Prisma.sql`NOT m.elements && ${noneElements}::text[]`,
    onlyElements && Prisma.sql`m.elements <@ ${onlyElements}::text[]`,
    compositionKey !== undefined && Prisma.sql`c.key = ${compositionKey}`,
    shares && Prisma.sql`c.shares @> ${shares}::text[]`,
    sourceNames && Prisma.sql`m.source_id IN (SELECT id FROM sources WHERE name = ANY(${sourceNames}::text[]))`,
    ...(values ?? []).map(hasValue),
    condition && conditionSql(condition),
  ].filter((part): part is Prisma.Sql => Boolean(part));
  const all = [...conditions, ...further];
  return all.length === 0 ? Prisma.sql`TRUE` : Prisma.join(all, ' AND ');
}

/** Of one alone, the index delivers the rows in the order of their ids. */
function oneOf(column: Prisma.Sql, values: readonly (string | number)[], type: Prisma.Sql): Prisma.Sql {
  if (values.length === 1) return Prisma.sql`${column} = ${values[0]!}::${type}`;
  return Prisma.sql`${column} = ANY(${values}::${type}[])`;
}

function hasValue({ column, min, max }: ValueCriterion): Prisma.Sql {
  const { table, on } = valueTable(column, 'w');
  const bounds = [
    ...(min === undefined ? [] : [Prisma.sql` AND w.value >= ${min}::float8`]),
    ...(max === undefined ? [] : [Prisma.sql` AND w.value <= ${max}::float8`]),
  ];
  return Prisma.sql`EXISTS (SELECT FROM ${table} WHERE ${on}${Prisma.join([Prisma.empty, ...bounds], '')})`;
}
