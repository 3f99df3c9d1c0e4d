import { InputError, type FieldError, type PageRequest } from '../domain';
import type { PagingArgs } from '../../schema';

export const MAX_PAGE = 100;
const DEFAULT_PAGE = 20;

function checkCount(name: string, value: number | null | undefined, problems: FieldError[]): void {
  if (value == null || (Number.isInteger(value) && value >= 1 && value <= MAX_PAGE)) return;
  problems.push({ path: [name], message: `${value} is not between 1 and ${MAX_PAGE}` });
}

/**
 * Relay's four arguments, checked.
 * @throws InputError naming every wrong one.
 */
export function pageRequest({ first, after, last, before }: PagingArgs): PageRequest {
  const problems: FieldError[] = [];
  checkCount('first', first, problems);
  checkCount('last', last, problems);
  if (first != null && last != null) problems.push({ path: ['last'], message: 'give first or last, not both' });
  if (problems.length > 0) throw new InputError(problems);
  return last != null ? { last, after, before } : { first: first ?? DEFAULT_PAGE, after, before };
}

/**
 * The `first` of a plain list.
 * @throws InputError outside 1..100.
 */
export function listLength(first: number | null | undefined, fallback = 10): number {
  const problems: FieldError[] = [];
  checkCount('first', first, problems);
  if (problems.length > 0) throw new InputError(problems);
  return first ?? fallback;
}

/**
 * A list argument's length.
 * @throws InputError outside 1..limit.
 */
export function checkList(name: string, items: readonly unknown[], limit: number): void {
  if (items.length >= 1 && items.length <= limit) return;
  throw new InputError([{ path: [name], message: `${items.length} given; 1 to ${limit} are allowed` }]);
}
