import type { Comparison, TextComparison } from '../domain';
import type { Constant, FilterSyntax, ListEntry, PropertyName, Value } from './filter-parser';
import { unsupportedFilter, wrongFilter } from './problem';

/** The data types of OPTIMADE. */
export type BasicType = 'string' | 'integer' | 'float' | 'boolean' | 'timestamp';
export interface PropertyType {
  readonly type: BasicType | 'list' | 'dictionary';
  /** Of a list. */
  readonly items?: PropertyType;
}

/** A constant in the type of what it is compared with. */
export type Operand = string | number | boolean | Date;

/** What is asked of the value of a property; of the values of several, in correlated positions, where `has` stands. */
export type Test =
  | { readonly kind: 'compare'; readonly is: Comparison; readonly value: Operand }
  | { readonly kind: 'fuzzy'; readonly is: 'CONTAINS' | 'STARTS' | 'ENDS'; readonly value: string }
  | { readonly kind: 'known'; readonly known: boolean }
  | { readonly kind: 'length'; readonly is: Comparison; readonly value: number }
  | {
      readonly kind: 'has';
      readonly quantifier: 'ALL' | 'ANY' | 'ONLY';
      readonly tuples: readonly (readonly { readonly is: TextComparison; readonly value: Operand }[])[];
    };

/** A filter whose properties exist and whose types fit; comparisons have the property on the left. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'test'; readonly properties: readonly string[]; readonly test: Test }
  /** Of a property of another provider, whose value is unknown here: `known` where the filter asks for just that. */
  | { readonly kind: 'foreign'; readonly test: Test };

/** Of this provider's own properties. */
export const PREFIX = '_beagle_';

const MIRRORED = { '=': '=', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/**
 * Checks a filter against the properties of an entry type (OPTIMADE 1.2, "Type handling and conversions in comparisons").
 *
 * @param typeOf null for a property that there is not
 * @param warn told of each property of another provider, which counts as unknown
 * @throws OptimadeProblem 400 for a property that there is not or a timestamp that cannot be read, 501 for types that do not fit and
 *   for optional features that are not there
 */
export function checkFilter(
  syntax: FilterSyntax,
  typeOf: (property: string) => PropertyType | null,
  warn: (property: string) => void,
): Filter {
  const test = (properties: readonly PropertyName[], make: (types: readonly PropertyType[]) => Test): Filter => {
    const types = properties.map(({ name, at }) => {
      const type = typeOf(name);
      if (type === null && isForeign(name)) warn(name);
      else if (type === null) throw missing(name, at, typeOf);
      return type;
    });
    if (types.every((type) => type !== null)) {
      return { kind: 'test', properties: properties.map(({ name }) => name), test: make(types) };
    }
    // Only whether the value is known matters of it.
    return { kind: 'foreign', test: make(types.map(() => ({ type: 'string' }))) };
  };
  const check = (part: FilterSyntax): Filter => {
    switch (part.kind) {
      case 'and':
      case 'or':
        return { kind: part.kind, of: part.of.map(check) };
      case 'not':
        return { kind: 'not', of: check(part.of) };
      case 'known':
        return test([part.property], () => ({ kind: 'known', known: part.known }));
      case 'true':
        return test([part.property], ([type]) =>
          comparison(part.property, type!, '=', { type: 'boolean', value: true }),
        );
      case 'compare': {
        const [property, is, value] = propertyFirst(part);
        return test([property], ([type]) => comparison(property, type!, is, value));
      }
      case 'fuzzy':
        return test([part.property], ([type]) => {
          const value = constant(part.value);
          requireType(part.property, type!, 'string', value, part.is);
          return { kind: 'fuzzy', is: part.is, value: value.value as string };
        });
      case 'length':
        return test([part.property], ([type]) => {
          const value = constant(part.value);
          if (type!.type !== 'list' || value.type !== 'number')
            throw unsupportedFilter(`${place(part.property)}: LENGTH compares the length of a list with a number`);
          return { kind: 'length', is: part.is, value: finite(value) };
        });
      case 'has':
        return test(part.properties, (types) => ({
          kind: 'has',
          quantifier: part.quantifier,
          tuples: part.tuples.map((tuple) => listTuple(part.properties, types, tuple)),
        }));
    }
  };
  return check(syntax);
}

/** `_exmpl_band_gap`: of a provider with another prefix. */
const isForeign = (name: string): boolean => /^_[a-z0-9]+_/.test(name) && !name.startsWith(PREFIX);

const place = ({ name, at }: PropertyName): string => `"${name}" at position ${at}`;

function missing(name: string, at: number, typeOf: (property: string) => PropertyType | null) {
  const [root = '', ...nested] = name.split('.');
  if (nested.length > 0 && typeOf(root) !== null)
    return unsupportedFilter(`${place({ type: 'property', name, at })}: parts of a property cannot be asked for`);
  return wrongFilter(`there is no property "${name}" (position ${at}); /info lists them`);
}

function propertyFirst(part: FilterSyntax & { kind: 'compare' }): [PropertyName, Comparison, Constant] {
  const { left, is, right } = part;
  if (left.type === 'property') return [left, is, constant(right)];
  if (right.type === 'property') return [right, MIRRORED[is], left];
  throw unsupportedFilter('a comparison of two constants is not supported: compare a property with a constant');
}

function constant(value: Value): Constant {
  if (value.type !== 'property') return value;
  throw unsupportedFilter(
    `${place(value)}: comparing a property with another one is not supported: compare it with a constant`,
  );
}

function comparison(property: PropertyName, type: PropertyType, is: Comparison, value: Constant): Test {
  if (type.type === 'list' || type.type === 'dictionary')
    throw unsupportedFilter(
      type.type === 'list'
        ? `${place(property)} is a list: ask by HAS, HAS ALL, HAS ANY, HAS ONLY or LENGTH`
        : `${place(property)} is a dictionary, which cannot be compared`,
    );
  return { kind: 'compare', is, value: operand(property, type.type, is, value) };
}

function listTuple(
  properties: readonly PropertyName[],
  types: readonly PropertyType[],
  tuple: readonly ListEntry[],
): { is: TextComparison; value: Operand }[] {
  if (tuple.length !== properties.length)
    throw wrongFilter(`HAS compares ${properties.length} lists with ${tuple.length} values at once`);
  return tuple.map((entry, i) => {
    const [property, type] = [properties[i]!, types[i]!];
    const items = type.items?.type;
    // A property of another provider may be a list of anything.
    if (type.type !== 'list' && !isForeign(property.name))
      throw unsupportedFilter(`${place(property)} is no list: compare it by =, !=, <, <=, > or >=`);
    if (items === 'list' || items === 'dictionary')
      throw unsupportedFilter(`${place(property)} holds more than plain values, which cannot be compared`);
    const value = constant(entry.value);
    const plain = items ?? (value.type === 'number' ? 'float' : value.type);
    if (entry.is === 'CONTAINS' || entry.is === 'STARTS' || entry.is === 'ENDS')
      requireType(property, { type: plain }, 'string', value, entry.is);
    return { is: entry.is, value: operand(property, plain, entry.is, value) };
  });
}

function requireType(
  property: PropertyName,
  { type }: PropertyType,
  needed: 'string',
  value: Constant,
  is: string,
): void {
  if (isForeign(property.name) || (type === needed && value.type === needed)) return;
  throw unsupportedFilter(`${place(property)}: ${is} compares a string with a string`);
}

function operand(property: PropertyName, type: BasicType, is: TextComparison, value: Constant): Operand {
  if (isForeign(property.name)) return value.value;
  const expected = type === 'integer' || type === 'float' ? 'number' : type === 'timestamp' ? 'string' : type;
  if (value.type !== expected)
    throw unsupportedFilter(`${place(property)} is a ${type}, which cannot be compared with a ${value.type}`);
  if (type === 'boolean' && is !== '=' && is !== '!=')
    throw unsupportedFilter(`${place(property)} is a boolean: compare it by = or !=`);
  if (type === 'timestamp') return timestamp(property, value.value as string);
  return value.type === 'number' ? finite(value) : value.value;
}

function finite({ value, text }: Constant & { type: 'number' }): number {
  if (Number.isFinite(value)) return value;
  throw unsupportedFilter(`${text} is out of range: numbers lie between -1.7e308 and 1.7e308`);
}

/** RFC 3339, section 5.6. */
const RFC3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

function timestamp(property: PropertyName, text: string): Date {
  const time = new Date(text.replace(' ', 'T').toUpperCase());
  if (RFC3339.test(text) && !Number.isNaN(time.getTime())) return time;
  throw wrongFilter(
    `${place(property)}: "${text.slice(0, 40)}" is no timestamp such as "2026-01-31T12:00:00Z" (RFC 3339)`,
  );
}
