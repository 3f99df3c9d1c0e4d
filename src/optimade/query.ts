import type { MaterialOrder } from '../domain';
import { PREFIX } from './filter';
import { OptimadeProblem } from './problem';

/** A page holds no more entries than this. */
export const MAX_PAGE = 500;
export const DEFAULT_PAGE = 20;
/** Passing over rows costs as much as reading them; deeper pages are reached by their cursors. */
const MAX_OFFSET = 10_000;

/** Query parameters of an entry listing, read and checked (OPTIMADE 1.2, "Entry Listing URL Query Parameters"). */
export interface ListingQuery {
  readonly filter: string | null;
  readonly limit: number;
  readonly cursor: string | null;
  readonly offset: number;
  readonly sort: readonly { readonly field: string; readonly descending: boolean }[];
}
export interface FieldsQuery {
  /** Null: those of an answer without the parameter. */
  readonly fields: readonly string[] | null;
  readonly includeReferences: boolean;
}

const LISTING = ['filter', 'page_limit', 'page_cursor', 'page_offset', 'page_number', 'sort'] as const;
const COMMON = ['include', 'response_format', 'response_fields', 'email_address', 'api_hint'] as const;

/**
 * @throws OptimadeProblem 400 for a parameter that is not there, is given twice or cannot be read; 403 for a page that is too large
 */
export function readListing(query: URLSearchParams, warn: (parameter: string) => void): ListingQuery {
  for (const name of new Set(query.keys())) {
    if (LISTING.some((known) => known === name) || COMMON.some((known) => known === name)) continue;
    if (/^_[a-z0-9]+_/.test(name) && !name.startsWith(PREFIX)) warn(name);
    else throw bad(name, `there is no such parameter; there are ${[...LISTING, ...COMMON].join(', ')}`);
  }
  const limit = wholeNumber(query, 'page_limit') ?? DEFAULT_PAGE;
  if (limit < 1) throw bad('page_limit', `is ${limit}; a page has at least 1 entry`);
  if (limit > MAX_PAGE)
    throw new OptimadeProblem(403, `is ${limit}; a page has at most ${MAX_PAGE} entries`, 'page_limit');
  const number = wholeNumber(query, 'page_number');
  if (number === 0) throw bad('page_number', 'is 0; the first page has the number 1');
  const offset = wholeNumber(query, 'page_offset') ?? (number === null ? 0 : (number - 1) * limit);
  if (offset > MAX_OFFSET)
    throw bad(
      number === null ? 'page_offset' : 'page_number',
      `leads ${offset} entries deep; pages beyond ${MAX_OFFSET} are reached by links.next`,
    );
  const cursor = single(query, 'page_cursor');
  if (cursor !== null && offset > 0)
    throw bad('page_cursor', 'is given together with page_offset or page_number; one of them names a page');
  const sort = list(single(query, 'sort')).map((key) => ({
    field: key.replace(/^-/, ''),
    descending: key.startsWith('-'),
  }));
  if (sort.length > 0 && offset > 0)
    throw new OptimadeProblem(501, 'a sorted list is paged through by links.next alone', 'page_offset');
  return { filter: single(query, 'filter'), limit, cursor, offset, sort };
}

/** @throws OptimadeProblem 400 */
export function readFields(query: URLSearchParams): FieldsQuery {
  const format = single(query, 'response_format');
  if (format !== null && format !== 'json') throw bad('response_format', 'there is only the format "json"');
  const include = single(query, 'include');
  const included = include === null ? ['references'] : list(include);
  const unknown = included.find((path) => path !== 'references');
  if (unknown !== undefined)
    throw bad('include', `"${unknown.slice(0, 40)}" is no relationship; there is "references"`);
  const fields = single(query, 'response_fields');
  return { fields: fields === null ? null : list(fields), includeReferences: included.length > 0 };
}

/** @param orderOf null for what cannot be sorted by, undefined for what there is not */
export function orderOf(
  sort: ListingQuery['sort'],
  orderOf: (field: string) => Omit<MaterialOrder, 'direction'> | null | undefined,
): MaterialOrder[] {
  return sort.map(({ field, descending }) => {
    const order = orderOf(field);
    if (order === undefined) throw bad('sort', `there is no property "${field.slice(0, 60)}"`);
    if (order === null)
      throw bad('sort', `entries cannot be sorted by ${field}; /info tells which properties are sortable`);
    return { ...order, direction: descending ? 'DESC' : 'ASC' };
  });
}

export const bad = (parameter: string, detail: string): OptimadeProblem => new OptimadeProblem(400, detail, parameter);

function single(query: URLSearchParams, name: string): string | null {
  const values = query.getAll(name);
  if (values.length > 1) throw bad(name, `is given ${values.length} times; once is enough`);
  return values[0] ?? null;
}

const list = (text: string | null): string[] =>
  (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

function wholeNumber(query: URLSearchParams, name: string): number | null {
  const text = single(query, name);
  if (text === null) return null;
  if (!/^\d{1,9}$/.test(text)) throw bad(name, `${JSON.stringify(text.slice(0, 20))} is no whole number`);
  return Number(text);
}
