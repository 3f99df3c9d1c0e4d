import { Prisma } from '../generated/client';
import type { Prepared } from '../reading';
import { type MaterialCriteria, whereOf } from './material-criteria';
import type { OrderTerm } from './material-order';

/** The parts of a search that are the same on each of its pages, and how long their plan is kept. */
export interface PlannedSearch {
  readonly joins: Prisma.Sql;
  readonly conditions: Prisma.Sql;
  readonly prepared: Prepared;
}

/**
 * The best plan depends on the values (elements are of very different frequency), so they stand in the text where they can, and the plan is
 * for them alone, whatever page is asked for. All in one order, or a chemical system by id, is one plan: an index delivers them in it,
 * however many there are.
 *
 * @param joins of the order
 * @param within further conditions, of the order as well
 */
export function planned(
  joins: Prisma.Sql,
  criteria: MaterialCriteria,
  terms: readonly OrderTerm[],
  within: readonly Prisma.Sql[],
): PlannedSearch {
  const conditions = Prisma.join([whereOf(criteria), ...within], ' AND ');
  const { chemicalSystems, values, ...others } = criteria;
  const system = chemicalSystems?.length === 1 && terms.length === 0;
  if (system && values!.length === 0 && Object.keys(others).length === 0) {
    return { joins, conditions, prepared: 'always' };
  }
  const written = { joins: withValues(joins), conditions: withValues(conditions) };
  if (written.joins === null || written.conditions === null) return { joins, conditions, prepared: 'never' };
  return { joins: written.joins, conditions: written.conditions, prepared: 'repeated' };
}

/** No character of these means anything in a literal of SQL; those of a list's items mean nothing in an array's either. */
const PLAIN = /^[\x20-\x26\x28-\x5b\x5d-\x7e]*$/;
const PLAIN_ITEM = /^[A-Za-z0-9.-]+$/;
const LONGEST = 2_000;

/** SQL with its values in the text; null if one of them is anything but a number, plain text or a list of words, or if it becomes long. */
export function withValues(sql: Prisma.Sql): Prisma.Sql | null {
  let text = sql.strings[0]!;
  for (const [i, value] of sql.values.entries()) {
    const literal = Array.isArray(value) ? listOf(value as unknown[]) : plain(value, PLAIN);
    if (literal === null) return null;
    text += `'${literal}'${sql.strings[i + 1]!}`;
  }
  return text.length <= LONGEST ? Prisma.raw(text) : null;
}

function plain(value: unknown, form: RegExp): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  return form.test(String(value)) ? String(value) : null;
}

function listOf(values: readonly unknown[]): string | null {
  const items = values.map((value) => plain(value, PLAIN_ITEM));
  // NULL would be no text.
  if (items.some((item) => item === null || item.toUpperCase() === 'NULL')) return null;
  return `{${items.join()}}`;
}
