import { elementBySymbol, ELEMENTS, type Composition, type Element } from '../../chemistry';
import type { DiscoverInput } from '../../domain';
import type { ElementLimits } from '../query';

/** A verdict on atomic numbers (different ones) and amounts in the same order. */
export type Verdict = (numbers: readonly number[], amounts: readonly number[]) => boolean;

/** Compositions are told apart to a millionth of the atoms; within half of that a fraction meets its bound, so 0.333333 means a third. */
const SLACK = 5e-7;

/** The field of the input that keeps an element out of every candidate; null if none does. */
export function exclusionOf(element: Element, limits: ElementLimits): keyof DiscoverInput | null {
  if (limits.excluded.includes(element.number)) return 'excludeElements';
  if (limits.excludeRadioactive && element.radioactive) return 'excludeRadioactive';
  if (limits.excludeToxic && element.toxic) return 'excludeToxic';
  if (limits.minAbundance !== null && (element.crustalAbundance ?? 0) < limits.minAbundance) return 'minAbundance';
  if (limits.costBelow !== null && element.price === null) return 'maxCostClass';
  if (limits.fractions.some((limit) => limit.element === element.number && limit.max === 0)) return 'elementLimits';
  return null;
}

/** Which elements may appear, by atomic number (entry 0 unused). */
export function allowedElements(limits: ElementLimits): Uint8Array {
  const allowed = new Uint8Array(ELEMENTS.length + 1);
  for (const element of ELEMENTS) if (exclusionOf(element, limits) === null) allowed[element.number] = 1;
  return allowed;
}

/** Atomic numbers of what every candidate holds: some of it is wanted. */
export function wantedElements({ fractions }: ElementLimits): number[] {
  return fractions.filter(({ min }) => min > SLACK).map(({ element }) => element);
}

/**
 * What is limited beyond the elements that may appear. A bound on an atomic fraction or on a mean over the mass is linear in the
 * amounts n: Σ nᵢ·c(i) > 0, with one coefficient an element. So each limit is a row of coefficients, and a candidate costs a sum.
 * @returns null if nothing is.
 */
export function compileAmountLimits({ fractions, costBelow }: ElementLimits): Verdict | null {
  const rows: Float64Array[] = [];
  const limit = (coefficient: (element: Element) => number): void => {
    rows.push(Float64Array.from([0, ...ELEMENTS.map(coefficient)]));
  };
  for (const { element, min, max } of fractions) {
    const isIt = ({ number }: Element): number => (number === element ? 1 : 0);
    if (min > 0) limit((other) => isIt(other) - min + SLACK);
    if (max < 1) limit((other) => max - isIt(other) + SLACK);
  }
  if (costBelow !== null) limit(({ atomicMass, price }) => atomicMass * (costBelow - (price ?? Infinity)));
  if (rows.length === 0) return null;
  return (numbers, amounts) => {
    for (const row of rows) {
      let sum = 0;
      for (let i = 0; i < numbers.length; i++) sum += amounts[i]! * row[numbers[i]!]!;
      if (!(sum > 0)) return false;
    }
    return true;
  };
}

/**
 * All element limits as one verdict on a composition of these elements.
 * @returns null if every one of them passes.
 */
export function compileLimits(
  limits: ElementLimits,
  symbols: readonly string[],
): ((composition: Composition) => boolean) | null {
  const allowed = allowedElements(limits);
  const amountsFit = compileAmountLimits(limits);
  const numberOf = (symbol: string): number => elementBySymbol(symbol)!.number;
  if (amountsFit === null && symbols.every((symbol) => allowed[numberOf(symbol)] === 1)) return null;
  return ({ elements, amounts }) => {
    const numbers = elements.map(numberOf);
    return numbers.every((number) => allowed[number] === 1) && (amountsFit === null || amountsFit(numbers, amounts));
  };
}
