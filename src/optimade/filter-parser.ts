import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'peggy';
import type { Comparison, TextComparison } from '../domain';
import { wrongFilter } from './problem';

/** A constant of a filter; timestamps are strings. */
export type Constant =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'number'; readonly value: number; readonly text: string }
  | { readonly type: 'boolean'; readonly value: boolean };
/** `a.b` is one name; `at` is its position in the filter. */
export interface PropertyName {
  readonly type: 'property';
  readonly name: string;
  readonly at: number;
}
export type Value = Constant | PropertyName;
export interface ListEntry {
  readonly is: TextComparison;
  readonly value: Value;
}

/** A filter as it was written (filter.peggy). */
export type FilterSyntax =
  | { readonly kind: 'and' | 'or'; readonly of: readonly FilterSyntax[] }
  | { readonly kind: 'not'; readonly of: FilterSyntax }
  | { readonly kind: 'compare'; readonly left: Value; readonly is: Comparison; readonly right: Value }
  | { readonly kind: 'known'; readonly property: PropertyName; readonly known: boolean }
  | {
      readonly kind: 'fuzzy';
      readonly property: PropertyName;
      readonly is: 'CONTAINS' | 'STARTS' | 'ENDS';
      readonly value: Value;
    }
  | {
      readonly kind: 'has';
      readonly properties: readonly PropertyName[];
      readonly quantifier: 'ALL' | 'ANY' | 'ONLY';
      /** As long as `properties`, each of them. */
      readonly tuples: readonly (readonly ListEntry[])[];
    }
  | { readonly kind: 'length'; readonly property: PropertyName; readonly is: Comparison; readonly value: Value }
  /** A property alone: it is true. */
  | { readonly kind: 'true'; readonly property: PropertyName };

/** What one request may ask for; a URL holds no more than some 16,000 characters anyway. */
const MAX_LENGTH = 8_000;
const MAX_DEPTH = 50;

/** Rules are cached by position, so that no filter takes more than linear time. */
const compile = () => generate(readFileSync(join(__dirname, 'filter.peggy'), 'utf8'), { cache: true });
let compiled: ReturnType<typeof compile> | undefined;

/** @throws OptimadeProblem 400 naming the place of the first mistake */
export function parseFilter(text: string): FilterSyntax {
  if (text.length > MAX_LENGTH) throw wrongFilter(`${text.length} characters; at most ${MAX_LENGTH} are read`);
  checkDepth(text);
  try {
    return (compiled ??= compile()).parse(text) as FilterSyntax;
  } catch (error) {
    if (!isSyntaxError(error)) throw error;
    const at = error.location.start.offset;
    const found = at >= text.length ? 'the end' : JSON.stringify(text.slice(at, at + 20));
    throw wrongFilter(`at position ${at}: expected ${expectedOf(error)} but found ${found}`);
  }
}

/** The parser calls itself for every brace: a filter of nothing but braces must not overflow its stack. */
function checkDepth(text: string): void {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[()]/g)) {
    if (token === '(' && ++depth > MAX_DEPTH) throw wrongFilter(`braces are nested more than ${MAX_DEPTH} deep`);
    if (token === ')') depth--;
  }
}

interface SyntaxFailure {
  readonly location: { readonly start: { readonly offset: number } };
  readonly expected: readonly { readonly type: string; readonly description?: string; readonly text?: string }[] | null;
}

const isSyntaxError = (error: unknown): error is SyntaxFailure =>
  error instanceof Error && error.name === 'SyntaxError' && 'location' in error && 'expected' in error;

function expectedOf({ expected }: SyntaxFailure): string {
  const names = (expected ?? []).map(({ type, description, text }) =>
    type === 'end' ? 'the end' : (description ?? JSON.stringify(text ?? 'another character')),
  );
  const distinct = [...new Set(names)].filter((name) => name !== 'a space').sort();
  return distinct.length < 2 ? distinct.join() : `${distinct.slice(0, -1).join(', ')} or ${distinct.at(-1)}`;
}
