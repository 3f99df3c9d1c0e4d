import { ELEMENTS } from '../../chemistry';

/** What a compound must satisfy, beside the element limits. */
export interface RuleSet {
  readonly chargeBalanced: boolean;
  readonly electronegativityOrdered: boolean;
  readonly minPlausibility: number;
}

/** Rules prepared for many stoichiometries of the same elements, so that what depends on the elements alone is done once. */
export interface Rules {
  /** @param numbers atomic numbers. @returns a verdict on amounts, in the order of the numbers. */
  forElements(numbers: readonly number[]): (amounts: readonly number[]) => boolean;
}

export function compileRules(rules: RuleSet): Rules {
  if (!rules.chargeBalanced) return { forElements: () => () => true };
  return {
    forElements(numbers) {
      const assignments = chargeAssignments(numbers, rules.electronegativityOrdered);
      const k = numbers.length;
      return (amounts) => {
        for (let i = 0; i < assignments.length; i += k) {
          let charge = 0;
          for (let j = 0; j < k; j++) charge += assignments[i + j]! * amounts[j]!;
          if (charge === 0) return true;
        }
        return false;
      };
    },
  };
}

/**
 * One known oxidation state per element, cations and anions both present and, if asked, no cation more electronegative than an anion
 * (SMACT: Davies et al., Chem 1, 617 (2016)). Row by row.
 */
function chargeAssignments(numbers: readonly number[], ordered: boolean): Int8Array {
  const elements = numbers.map((number) => ELEMENTS[number - 1]!);
  const rows: number[] = [];
  const states: number[] = [];
  const extend = (lowestAnion: number, highestCation: number): void => {
    const element = elements[states.length];
    if (element === undefined) {
      if (lowestAnion < Infinity && highestCation > -Infinity) rows.push(...states);
      return;
    }
    const chi = element.electronegativity ?? 0;
    for (const state of element.oxidationStates) {
      const anion = state < 0 ? Math.min(lowestAnion, chi) : lowestAnion;
      const cation = state > 0 ? Math.max(highestCation, chi) : highestCation;
      if (ordered && cation > anion) continue;
      states.push(state);
      extend(anion, cation);
      states.pop();
    }
  };
  extend(Infinity, -Infinity);
  return Int8Array.from(rows);
}
