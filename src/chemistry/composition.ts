import { ELEMENTS, FORMULA_ORDER, elementBySymbol } from './elements';
import { FormulaError } from './formula-error';
import { canonicalAmounts, formatFormula } from './reduce';

/**
 * Elements and amounts, no structure. Immutable; made by `parseFormula` or `compositionOf`.
 * Arrays run in parallel and are ordered by ascending electronegativity (Pauling; ties by symbol), as `formula` is.
 */
export interface Composition {
  /** The formula as it was asked for. */
  readonly input: string;
  readonly elements: readonly string[];
  /** Per formula unit as written: `Fe4O6` has 4 and 6. */
  readonly amounts: readonly number[];
  /** Atomic fractions, sum 1. */
  readonly fractions: readonly number[];
  /** Atoms per formula unit as written. */
  readonly atoms: number;
  /** Canonical key (docs/model-package.md): the same for every way to write one composition. */
  readonly key: string;
  /** Reduced, ordered by electronegativity; fractional amounts stay decimal. A function of `key` (see reduce.ts). */
  readonly formula: string;
}

/** The largest amount of one element per formula unit. */
export const MAX_AMOUNT = 1e6;
/** Below this atomic fraction an amount is rounding noise of whoever computed it, and is dropped. */
const NOISE = 1e-9;

/** Millionths of the atomic fraction; the excess over one half makes exact ties fall one way whatever the rounding noise. */
const millionths = (fraction: number): number => Math.floor(fraction * 1e6 + 0.5001);

const tidy = (amount: number): number => (Number.isInteger(amount) ? amount : Number(amount.toPrecision(12)));

/**
 * A composition from element amounts, in any order; an element that comes twice counts twice, an amount of 0 (or below 10⁻⁹ of the
 * atoms, as differences of computed fractions leave behind) drops out. No text is parsed: the fast path of discovery.
 *
 * @param input what `Composition.input` shall say; by default the amounts as a formula.
 * @throws FormulaError for an unknown symbol, a negative or non-finite amount or one above 10⁶, nothing left, or an element below one
 *   millionth of the atoms (the resolution of the canonical key).
 */
export function compositionOf(
  amounts: Iterable<readonly [symbol: string, amount: number]>,
  input?: string,
): Composition {
  const refuse: Refusal = new Refusal(amounts, input);
  const { elements, values } = merged(amounts, refuse);
  let atoms = 0;
  for (let i = 0; i < values.length; i++) {
    values[i] = tidy(values[i] as number);
    atoms += values[i] as number;
  }
  const fractions = values.map((value) => value / atoms);
  const parts = fractions.map(millionths);
  const trace = parts.indexOf(0);
  if (trace >= 0)
    refuse.because(`${elements[trace]} below one millionth of the atoms`, 'no finer composition is told apart');
  return {
    input: input ?? formatFormula(elements, values),
    elements,
    amounts: values,
    fractions,
    atoms: tidy(atoms),
    key: compositionKey(elements, parts),
    formula: formatFormula(elements, canonicalAmounts(elements, values, parts)),
  };
}

class Refusal {
  constructor(
    private readonly amounts: Iterable<readonly [string, number]>,
    private readonly input: string | undefined,
  ) {}

  because(problem: string, hint: string): never {
    const formula = this.input ?? [...this.amounts].map(([symbol, amount]) => `${symbol}${amount}`).join('');
    throw new FormulaError(problem, formula, 0, hint);
  }
}

/** Elements ordered by electronegativity with their summed amounts; zeros and rounding noise dropped. */
function merged(
  amounts: Iterable<readonly [string, number]>,
  refuse: Refusal,
): { elements: string[]; values: number[] } {
  const elements: string[] = [];
  const values: number[] = [];
  const ranks: number[] = [];
  let atoms = 0;
  for (const [symbol, amount] of amounts) {
    const element = elementBySymbol(symbol);
    if (element === undefined)
      refuse.because(`unknown element ${JSON.stringify(symbol)}`, 'a chemical symbol, such as "Fe"');
    if (!(amount >= 0 && amount <= MAX_AMOUNT)) {
      refuse.because(`amount ${amount} of ${symbol}`, `it must lie between 0 and ${MAX_AMOUNT}`);
    }
    if (amount === 0) continue;
    atoms += amount;
    // Insertion sort: compositions have two to ten elements.
    const rank = FORMULA_ORDER[element.number] as number;
    let at = ranks.length;
    while (at > 0 && (ranks[at - 1] as number) > rank) at--;
    if (at > 0 && ranks[at - 1] === rank) {
      values[at - 1] = (values[at - 1] as number) + amount;
    } else {
      ranks.splice(at, 0, rank);
      elements.splice(at, 0, symbol);
      values.splice(at, 0, amount);
    }
  }
  if (elements.length === 0) refuse.because('no element', 'a composition has at least one, of positive amount');
  for (let i = elements.length - 1; i >= 0; i--) {
    if ((values[i] as number) >= atoms * NOISE) continue;
    elements.splice(i, 1);
    values.splice(i, 1);
  }
  return { elements, values };
}

/** Position of each symbol in alphabetical order. */
const ALPHABETICAL: ReadonlyMap<string, number> = new Map(
  ELEMENTS.map((element) => element.symbol)
    .sort()
    .map((symbol, i) => [symbol, i]),
);

function compositionKey(elements: readonly string[], parts: readonly number[]): string {
  const order: number[] = [];
  const ranks: number[] = [];
  for (let i = 0; i < elements.length; i++) {
    const rank = ALPHABETICAL.get(elements[i] as string) as number;
    let at = i;
    for (; at > 0 && (ranks[at - 1] as number) > rank; at--) {
      ranks[at] = ranks[at - 1] as number;
      order[at] = order[at - 1] as number;
    }
    ranks[at] = rank;
    order[at] = i;
  }
  let key = '';
  for (const i of order) key += `${elements[i]}${parts[i]}`;
  return key;
}
