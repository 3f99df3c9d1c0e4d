import { Prisma } from '../generated/client';
import type { Prepared } from '../reading';
import { type MaterialCriteria, type ValueCriterion, whereOf } from './material-criteria';
import type { OrderTerm } from './material-order';

/**
 * The conditions, and whether their plan is good for all values of a statement with them. The best plan depends on the values (elements are
 * of very different frequency), so they stand in the text, and the plan is for them alone, whatever page is asked for. All in one order, or
 * a chemical system by id, is one plan: an index delivers them in it, however many there are.
 */
export function planned(
  criteria: MaterialCriteria,
  terms: readonly OrderTerm[],
  ranges: readonly ValueCriterion[],
): { readonly conditions: Prisma.Sql; readonly prepared: Prepared } {
  const conditions = whereOf(criteria);
  const { chemicalSystems, values, ...others } = criteria;
  if (values!.length === 0 && Object.keys(others).length === 0) {
    if (chemicalSystems === undefined ? terms.length <= 1 : chemicalSystems.length === 1 && terms.length === 0)
      return { conditions, prepared: 'always' };
  }
  const written = ranges.length === 0 ? withValues(conditions) : null;
  return written ? { conditions: written, prepared: 'repeated' } : { conditions, prepared: 'never' };
}

/** No character of these means anything in a literal of SQL or of an array, wherever it stands. */
const PLAIN = /^[A-Za-z0-9.-]+$/;
const LONGEST = 2_000;
/** As an item of an array it would be no text. */
const isNull = (word: string): boolean => word.toUpperCase() === 'NULL';

/** SQL with its values in the text; null if one of them is anything but a number, a plain word or a list of those, or if it becomes long. */
export function withValues(sql: Prisma.Sql): Prisma.Sql | null {
  let text = sql.strings[0]!;
  for (const [i, value] of sql.values.entries()) {
    const items = Array.isArray(value) ? (value as unknown[]) : [value];
    const words = items.map((item) => (typeof item === 'string' || typeof item === 'number' ? String(item) : ''));
    if (!words.every((word) => PLAIN.test(word)) || words.some(isNull)) return null;
    text += `'${Array.isArray(value) ? `{${words.join()}}` : words[0]!}'${sql.strings[i + 1]!}`;
  }
  return text.length <= LONGEST ? Prisma.raw(text) : null;
}
