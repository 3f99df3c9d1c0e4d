import type { Composition } from './composition';
import { elementBySymbol } from './elements';
import { fractionsOfKey } from './composition-key';
import { formatAmount, formatFormula, wholeNumbers } from './reduce';

/** Canonical formula: smallest whole amounts or decimals (reduce.ts), ordered by electronegativity. `Fe4O6` → `Fe2O3`. */
export function reducedFormula(composition: Composition): string {
  return composition.formula;
}

/** Amounts of the reduced formula, in the order of `composition.elements`. */
export function reducedAmounts(composition: Composition): number[] {
  const { formula, elements } = composition;
  let position = 0;
  return elements.map((symbol) => {
    const text = /^[0-9.]*/.exec(formula.slice(position + symbol.length))?.[0] ?? '';
    position += symbol.length + text.length;
    return text === '' ? 1 : Number(text);
  });
}

/** A, B, … Z, AA, AB, …: letters of the anonymous formula. */
function letter(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letter(Math.floor(index / 26) - 1) + last;
}

/** Stoichiometry alone: letters in place of elements, by ascending amount. `Fe2O3` → `A2B3`, `LiFePO4` → `ABCD4`. */
export function anonymousFormula(composition: Composition): string {
  const amounts = reducedAmounts(composition).sort((a, b) => a - b);
  return formatFormula(
    amounts.map((_, i) => letter(i)),
    amounts,
  );
}

/** Whole amounts, however the formula is written, in alphabetical order of the elements. */
function wholeAmounts({ key }: Pick<Composition, 'key'>): { elements: readonly string[]; amounts: readonly number[] } {
  const { elements, fractions } = fractionsOfKey(key);
  return { elements, amounts: wholeNumbers(fractions.map((fraction) => Math.round(fraction * 1e6))) };
}

/**
 * Smallest whole numbers, elements in alphabetical order: `AsGa`, `Ga3In7As10` as `As10Ga3In7` (chemical_formula_reduced of the OPTIMADE
 * specification). A function of the key.
 */
export function wholeFormula(composition: Pick<Composition, 'key'>): string {
  const { elements, amounts } = wholeAmounts(composition);
  return formatFormula(elements, amounts);
}

/** A, B, … Z, Aa, Ba, …: the symbols of OPTIMADE's anonymous formula. */
const symbolAt = (index: number): string =>
  String.fromCharCode(65 + (index % 26)) + (index < 26 ? '' : String.fromCharCode(96 + Math.floor(index / 26)));

/** Stoichiometry by descending whole amounts: `Fe2O3` → `A3B2` (chemical_formula_anonymous of the OPTIMADE specification). */
export function wholeAnonymousFormula(composition: Pick<Composition, 'key'>): string {
  const amounts = [...wholeAmounts(composition).amounts].sort((a, b) => b - a);
  return formatFormula(
    amounts.map((_, i) => symbolAt(i)),
    amounts,
  );
}

/**
 * Hill order (J. Am. Chem. Soc. 22, 478 (1900)): C, then H, then the others by symbol; without C all by symbol.
 * Amounts as written, so that hydrates and molecules keep their unit: `C6H12O6`, `CuSO4·5H2O` → `CuH10O9S`.
 */
export function hillFormula(composition: Composition): string {
  const { elements, amounts } = composition;
  const organic = elements.includes('C');
  const rank = (symbol: string): string => (organic && symbol === 'C' ? '0' : organic && symbol === 'H' ? '1' : symbol);
  const order = elements
    .map((_, i) => i)
    .sort((a, b) => (rank(elements[a] as string) < rank(elements[b] as string) ? -1 : 1));
  return order.map((i) => (elements[i] as string) + formatAmount(amounts[i] as number)).join('');
}

/** Element symbols in alphabetical order: `As-Ga`. */
export function chemicalSystem(composition: Composition): string {
  return [...composition.elements].sort().join('-');
}

/** g/mol of the formula unit as written. */
export function molarMass(composition: Composition): number {
  return composition.elements.reduce(
    (sum, symbol, i) => sum + (elementBySymbol(symbol)?.atomicMass ?? NaN) * (composition.amounts[i] as number),
    0,
  );
}

/** An element of a composition: amount per formula unit as written, and atomic fraction. */
export interface ElementAmount {
  readonly symbol: string;
  /** IUPAC name. */
  readonly name: string;
  readonly amount: number;
  readonly fraction: number;
}

/** The elements in the order of the formula. */
export function elementAmounts(composition: Composition): ElementAmount[] {
  return composition.elements.map((symbol, i) => ({
    symbol,
    name: elementBySymbol(symbol)?.name ?? symbol,
    amount: composition.amounts[i] as number,
    fraction: composition.fractions[i] as number,
  }));
}
