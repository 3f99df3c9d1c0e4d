import { ChargeFilter, compositionOf, ELEMENTS, plausibility } from '../../chemistry';
import type { ElementLimits } from '../query';
import { compileAmountLimits, type Verdict } from './limits';

/** What a compound must satisfy, beside the limits of its elements. */
export interface RuleSet {
  readonly chargeBalanced: boolean;
  /** Of the balanced oxidation states: every anion more electronegative than every cation. */
  readonly electronegativityOrdered: boolean;
  readonly minPlausibility: number;
}

/** Compiles the rules for a bulk of compounds of allowed elements, with the limits of their amounts. */
export function compileRules(rules: RuleSet, limits: ElementLimits): Verdict {
  const filter = rules.chargeBalanced ? new ChargeFilter(rules.electronegativityOrdered) : null;
  const amountsFit = compileAmountLimits(limits);
  return (numbers, amounts) =>
    (amountsFit === null || amountsFit(numbers, amounts)) &&
    (filter === null || filter.accepts(numbers, amounts, numbers.length)) &&
    (rules.minPlausibility === 0 || plausibilityOf(numbers, amounts) >= rules.minPlausibility);
}

function plausibilityOf(numbers: readonly number[], amounts: readonly number[]): number {
  return plausibility(compositionOf(numbers.map((number, i) => [ELEMENTS[number - 1]!.symbol, amounts[i]!] as const)));
}
