import type { TextComparison } from '../domain';
import type { Filter, Operand, Test } from './filter';

/** True, false, or unknown: what a comparison with a value that is not known comes to. */
export type Truth = boolean | null;

const not = (truth: Truth): Truth => (truth === null ? null : !truth);

/** Whether an entry matches, read property by property. For lists small enough to be held in memory. */
export function evaluate(filter: Filter, valueOf: (property: string) => unknown): Truth {
  switch (filter.kind) {
    case 'and':
      return conjunction(filter.of.map((part) => evaluate(part, valueOf)));
    case 'or':
      return not(conjunction(filter.of.map((part) => not(evaluate(part, valueOf)))));
    case 'not':
      return not(evaluate(filter.of, valueOf));
    case 'foreign':
      return testValues(filter.test, [null]);
    case 'test':
      return testValues(filter.test, filter.properties.map(valueOf));
  }
}

function conjunction(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes(null) ? null : true;
}

/** @param values of the properties that the test is of; more than one where lists are correlated */
export function testValues(test: Test, values: readonly unknown[]): Truth {
  const [value] = values;
  if (test.kind === 'known') return (value != null) === test.known;
  if (values.some((one) => one == null)) return null;
  switch (test.kind) {
    case 'compare':
    case 'fuzzy':
      return compares(value, test.is, test.value);
    case 'length':
      return compares((value as unknown[]).length, test.is, test.value);
    case 'has': {
      const lists = values as unknown[][];
      const rows = lists[0]!.map((_, i) => lists.map((list) => list[i]));
      const fits = (row: unknown[], tuple: (typeof test.tuples)[number]): boolean =>
        tuple.every(({ is, value: wanted }, i) => compares(row[i], is, wanted));
      switch (test.quantifier) {
        case 'ALL':
          return test.tuples.every((tuple) => rows.some((row) => fits(row, tuple)));
        case 'ANY':
          return test.tuples.some((tuple) => rows.some((row) => fits(row, tuple)));
        case 'ONLY':
          return rows.every((row) => test.tuples.some((tuple) => fits(row, tuple)));
      }
    }
  }
}

function compares(value: unknown, is: TextComparison, wanted: Operand): boolean {
  const given = wanted instanceof Date ? wanted.getTime() : wanted;
  const found = (wanted instanceof Date ? new Date(value as string).getTime() : value) as string | number | boolean;
  switch (is) {
    case '=':
      return found === given;
    case '!=':
      return found !== given;
    case 'CONTAINS':
      return (found as string).includes(given as string);
    case 'STARTS':
      return (found as string).startsWith(given as string);
    case 'ENDS':
      return (found as string).endsWith(given as string);
    case '<':
      return found < given;
    case '<=':
      return found <= given;
    case '>':
      return found > given;
    case '>=':
      return found >= given;
  }
}
