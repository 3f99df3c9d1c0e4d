import { ChargeFilter, compositionOf, ELEMENTS, plausibility } from '../../chemistry';

/** What a compound must satisfy, beside the element limits. */
export interface RuleSet {
  readonly chargeBalanced: boolean;
  /** Of the balanced oxidation states: every anion more electronegative than every cation. */
  readonly electronegativityOrdered: boolean;
  readonly minPlausibility: number;
}

/**
 * Compiles the rules for a bulk of compounds.
 * @returns a verdict on atomic numbers (different ones) and amounts in the same order.
 */
export function compileRules(rules: RuleSet): (numbers: readonly number[], amounts: readonly number[]) => boolean {
  const filter = rules.chargeBalanced ? new ChargeFilter(rules.electronegativityOrdered) : null;
  return (numbers, amounts) =>
    (filter === null || filter.accepts(numbers, amounts, numbers.length)) &&
    (rules.minPlausibility === 0 || plausibilityOf(numbers, amounts) >= rules.minPlausibility);
}

function plausibilityOf(numbers: readonly number[], amounts: readonly number[]): number {
  return plausibility(compositionOf(numbers.map((number, i) => [ELEMENTS[number - 1]!.symbol, amounts[i]!] as const)));
}
