import type { PropertyKey } from './properties';

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';
export type TextComparison = Comparison | 'CONTAINS' | 'STARTS' | 'ENDS';

/** A property's value of a material: measured, or the default model's stored prediction under default conditions. */
export interface PropertyValue {
  readonly kind: 'MEASURED' | 'PREDICTED';
  readonly property: PropertyKey;
}

/** Facts of a material and its composition that a condition may compare. */
export const NUMBER_FIELDS = ['ELEMENT_COUNT', 'SITE_COUNT', 'SPACE_GROUP_NUMBER', 'DENSITY'] as const;
export type NumberField = (typeof NUMBER_FIELDS)[number];
export const TEXT_FIELDS = [
  'ID',
  'EXTERNAL_ID',
  'NAME',
  'SOURCE_ID',
  'SOURCE_NAME',
  'FORMULA',
  'WHOLE_FORMULA',
  'WHOLE_ANONYMOUS_FORMULA',
  'SPACE_GROUP_SYMBOL',
] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

/** What one element of a composition, with its atomic fraction, has to satisfy. */
export interface ShareTest {
  readonly element: readonly { readonly is: TextComparison; readonly value: string }[];
  readonly fraction: readonly { readonly is: Comparison; readonly value: number }[];
}

/** The element that the test asks for by equality. */
export const namedSymbol = ({ element }: ShareTest): string | null =>
  element.find(({ is }) => is === '=')?.value ?? null;
/** The element, if being this one is all that the test asks for. */
export const plainSymbol = (test: ShareTest): string | null =>
  test.fraction.length === 0 && test.element.length === 1 ? namedSymbol(test) : null;

/**
 * A condition on a material, as a tree. Its logic has three values, as SQL's: a comparison with what is unknown is neither true nor
 * false, so that neither it nor its negation matches. There is no node for NOT: whoever builds the tree negates its leaves (De Morgan's
 * laws hold for three values too), which keeps every leaf one that an index can answer.
 *
 * @typeParam V how values of properties are named: by the property, or by where they are stored
 */
export type MaterialCondition<V = PropertyValue> =
  | { readonly kind: 'ALL' | 'ANY'; readonly of: readonly MaterialCondition<V>[] }
  | { readonly kind: 'CONSTANT'; readonly holds: boolean }
  | { readonly kind: 'NUMBER'; readonly field: NumberField; readonly is: Comparison; readonly value: number }
  | { readonly kind: 'TIME'; readonly field: 'UPDATED_AT'; readonly is: Comparison; readonly value: Date }
  | {
      readonly kind: 'TEXT';
      readonly field: TextField;
      readonly is: TextComparison;
      readonly value: string;
      readonly negated: boolean;
    }
  | { readonly kind: 'KNOWN'; readonly field: NumberField | TextField; readonly known: boolean }
  | { readonly kind: 'VALUE'; readonly of: V; readonly is: Comparison; readonly value: number }
  | { readonly kind: 'VALUE_KNOWN'; readonly of: V; readonly known: boolean }
  /** Whether some (SOME), or every (EVERY), element of the composition passes one of the tests. */
  | {
      readonly kind: 'SHARES';
      readonly quantifier: 'SOME' | 'EVERY';
      readonly tests: readonly ShareTest[];
      readonly negated: boolean;
    }
  | { readonly kind: 'CHEMICAL_SYSTEM'; readonly of: readonly string[] }
  /** The formula unit as written: a composition with so many atoms, of whole numbers alone. */
  | {
      readonly kind: 'FORMULA_UNIT';
      readonly compositionKey: string;
      readonly atoms: number;
      readonly negated: boolean;
    }
  | { readonly kind: 'FORMULA_UNIT_KNOWN'; readonly known: boolean }
  | { readonly kind: 'DISORDERED'; readonly holds: boolean };

export const NOTHING: MaterialCondition<never> = { kind: 'CONSTANT', holds: false };
export const EVERYTHING: MaterialCondition<never> = { kind: 'CONSTANT', holds: true };

/** Conditions joined, constants folded: an empty ALL holds, an empty ANY does not. */
export function joined<V>(kind: 'ALL' | 'ANY', conditions: readonly MaterialCondition<V>[]): MaterialCondition<V> {
  const decisive = kind === 'ANY';
  const open: MaterialCondition<V>[] = [];
  for (const condition of conditions) {
    if (condition.kind !== 'CONSTANT') open.push(condition);
    else if (condition.holds === decisive) return condition;
  }
  if (open.length === 0) return { kind: 'CONSTANT', holds: !decisive };
  return open.length === 1 ? open[0]! : { kind, of: open };
}

const OPPOSITE = { '=': '!=', '!=': '=', '<': '>=', '>=': '<', '>': '<=', '<=': '>' } as const;
/** What holds of two known values exactly if the comparison does not. */
export const opposite = (is: Comparison): Comparison => OPPOSITE[is];
