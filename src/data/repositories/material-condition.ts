import {
  namedSymbol,
  plainSymbol,
  type Comparison,
  type MaterialCondition,
  type NumberField,
  type ShareTest,
  type TextComparison,
  type TextField,
} from '../../domain';
import { Prisma } from '../generated/client';
import { type ValueColumn, valueTable } from './property-values';

/** A tree of conditions over materials (m) and compositions (c). */
export function conditionSql(condition: MaterialCondition<ValueColumn>): Prisma.Sql {
  switch (condition.kind) {
    case 'ALL': {
      const { symbols, others } = demandedSymbols(condition.of);
      const all = others.map(conditionSql);
      if (symbols.length > 0) all.unshift(Prisma.sql`m.elements @> ${symbols}::text[]`);
      return Prisma.sql`(${Prisma.join(all, ' AND ')})`;
    }
    case 'ANY':
      return Prisma.sql`(${Prisma.join(condition.of.map(conditionSql), ' OR ')})`;
    case 'CONSTANT':
      return condition.holds ? Prisma.sql`TRUE` : Prisma.sql`FALSE`;
    case 'NUMBER':
      return compared(NUMBERS[condition.field], condition.is, numberFor(condition.field, condition.value));
    case 'TIME':
      return compared(
        Prisma.sql`m.updated_at`,
        condition.is,
        Prisma.sql`${condition.value.toISOString()}::timestamptz`,
      );
    case 'TEXT':
      return negatedIf(condition.negated, textTest(condition.field, condition.is, condition.value));
    case 'KNOWN':
      return Prisma.sql`${columnOf(condition.field)} ${condition.known ? Prisma.sql`IS NOT NULL` : Prisma.sql`IS NULL`}`;
    case 'VALUE': {
      const { table, on } = valueTable(condition.of, 'w');
      const test = compared(Prisma.sql`w.value`, condition.is, Prisma.sql`${condition.value}::float8`);
      return Prisma.sql`EXISTS (SELECT FROM ${table} WHERE ${on} AND ${test})`;
    }
    case 'VALUE_KNOWN': {
      const { table, on } = valueTable(condition.of, 'w');
      return negatedIf(!condition.known, Prisma.sql`EXISTS (SELECT FROM ${table} WHERE ${on})`);
    }
    case 'SHARES':
      return negatedIf(condition.negated, sharesTest(condition.quantifier, condition.tests));
    case 'CHEMICAL_SYSTEM':
      return Prisma.sql`m.chemical_system = ANY(${condition.of}::text[])`;
    case 'FORMULA_UNIT': {
      const unit = Prisma.sql`(c.key = ${condition.compositionKey} AND m.atoms = ${condition.atoms}::float8)`;
      return condition.negated ? Prisma.sql`(NOT ${unit} AND ${WHOLE_UNIT})` : Prisma.sql`(${unit} AND ${WHOLE_UNIT})`;
    }
    case 'FORMULA_UNIT_KNOWN':
      return negatedIf(!condition.known, WHOLE_UNIT);
    case 'DISORDERED':
      return negatedIf(!condition.holds, Prisma.sql`m.disordered`);
  }
}

const NUMBERS = {
  ELEMENT_COUNT: Prisma.sql`m.element_count`,
  SITE_COUNT: Prisma.sql`m.site_count`,
  SPACE_GROUP_NUMBER: Prisma.sql`m.space_group_number`,
  DENSITY: Prisma.sql`m.density`,
} as const satisfies Record<NumberField, Prisma.Sql>;

/** An index over whole numbers answers only for whole numbers. */
const numberFor = (field: NumberField, value: number): Prisma.Sql =>
  field !== 'DENSITY' && Number.isInteger(value) && Math.abs(value) < 2 ** 31
    ? Prisma.sql`${value}::int`
    : Prisma.sql`${value}::float8`;

/** Texts are compared by code points, whatever the collation of the database. */
const TEXTS = {
  ID: Prisma.sql`m.id::text`,
  EXTERNAL_ID: Prisma.sql`m.external_id`,
  NAME: Prisma.sql`m.name`,
  SOURCE_ID: Prisma.sql`m.source_id::text`,
  SOURCE_NAME: Prisma.sql`(SELECT s.name FROM sources s WHERE s.id = m.source_id)`,
  FORMULA: Prisma.sql`c.formula`,
  WHOLE_FORMULA: Prisma.sql`c.whole_formula`,
  WHOLE_ANONYMOUS_FORMULA: Prisma.sql`c.whole_anonymous_formula`,
  SPACE_GROUP_SYMBOL: Prisma.sql`m.space_group_symbol`,
} as const satisfies Record<TextField, Prisma.Sql>;

const columnOf = (field: NumberField | TextField): Prisma.Sql =>
  field in NUMBERS ? NUMBERS[field as NumberField] : TEXTS[field as TextField];

const WHOLE_UNIT = Prisma.sql`(SELECT bool_and(amount = floor(amount)) FROM unnest(m.amounts) AS amount)`;

const OPERATORS: Readonly<Record<Comparison, Prisma.Sql>> = {
  '=': Prisma.sql`=`,
  '!=': Prisma.sql`<>`,
  '<': Prisma.sql`<`,
  '<=': Prisma.sql`<=`,
  '>': Prisma.sql`>`,
  '>=': Prisma.sql`>=`,
};

const compared = (left: Prisma.Sql, is: Comparison, right: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`${left} ${OPERATORS[is]} ${right}`;

const negatedIf = (negated: boolean, test: Prisma.Sql): Prisma.Sql => (negated ? Prisma.sql`NOT (${test})` : test);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function textTest(field: TextField, is: TextComparison, value: string): Prisma.Sql {
  // The index is over the identifier, not over its text.
  if (is === '=' && UUID.test(value)) {
    if (field === 'ID') return Prisma.sql`m.id = ${value}::uuid`;
    if (field === 'SOURCE_ID') return Prisma.sql`m.source_id = ${value}::uuid`;
  }
  if (is === '=' && field === 'SOURCE_NAME')
    return Prisma.sql`m.source_id = (SELECT s.id FROM sources s WHERE s.name = ${value})`;
  return comparedText(TEXTS[field], is, value);
}

function comparedText(text: Prisma.Sql, is: TextComparison, value: string): Prisma.Sql {
  const given = Prisma.sql`${value}::text`;
  switch (is) {
    case 'CONTAINS':
      return Prisma.sql`strpos(${text}, ${given}) > 0`;
    case 'STARTS':
      return Prisma.sql`starts_with(${text}, ${given})`;
    case 'ENDS':
      return Prisma.sql`right(${text}, length(${given})) = ${given}`;
    case '=':
    case '!=':
      return compared(text, is, given);
    default:
      return Prisma.sql`${text} COLLATE "C" ${OPERATORS[is]} ${given}`;
  }
}

/** Elements that all have to be there are one question to the index. */
function demandedSymbols(conditions: readonly MaterialCondition<ValueColumn>[]) {
  const symbols: string[] = [];
  const others = conditions.filter((condition) => {
    const symbol =
      condition.kind === 'SHARES' &&
      condition.quantifier === 'SOME' &&
      !condition.negated &&
      condition.tests.length === 1
        ? plainSymbol(condition.tests[0]!)
        : null;
    if (symbol !== null) symbols.push(symbol);
    return symbol === null;
  });
  return { symbols, others };
}

/** Where only symbols are asked for, and by equality, the index over the elements answers. */
function sharesTest(quantifier: 'SOME' | 'EVERY', tests: readonly ShareTest[]): Prisma.Sql {
  const symbols = tests.map(plainSymbol);
  if (symbols.every((symbol) => symbol !== null)) {
    return quantifier === 'SOME'
      ? Prisma.sql`m.elements && ${symbols}::text[]`
      : Prisma.sql`m.elements <@ ${symbols}::text[]`;
  }
  const alternatives = Prisma.join(tests.map(shareTest), ' OR ');
  const shares = Prisma.sql`unnest(c.elements, c.fractions) AS share (element, fraction)`;
  if (quantifier === 'EVERY') return Prisma.sql`NOT EXISTS (SELECT FROM ${shares} WHERE NOT (${alternatives}))`;
  const named = tests.map(namedSymbol);
  const indexed = named.every((symbol) => symbol !== null)
    ? Prisma.sql`m.elements && ${named}::text[] AND `
    : Prisma.empty;
  return Prisma.sql`(${indexed}EXISTS (SELECT FROM ${shares} WHERE ${alternatives}))`;
}

function shareTest({ element, fraction }: ShareTest): Prisma.Sql {
  const all = [
    ...element.map(({ is, value }) => comparedText(Prisma.sql`share.element`, is, value)),
    ...fraction.map(({ is, value }) => compared(Prisma.sql`share.fraction`, is, Prisma.sql`${value}::float8`)),
  ];
  return all.length === 0 ? Prisma.sql`TRUE` : Prisma.sql`(${Prisma.join(all, ' AND ')})`;
}
