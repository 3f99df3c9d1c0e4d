import {
  anonymousFormula,
  chemicalSystem,
  type Composition,
  molarMass,
  reducedAmounts,
  wholeAnonymousFormula,
  wholeFormula,
} from '../chemistry';
import type { CompositionRow } from '../data';

/** The columns of a composition. */
export function compositionRow(composition: Composition): CompositionRow {
  const { key, formula, elements, fractions, atoms } = composition;
  const reducedAtoms = reducedAmounts(composition).reduce((sum, amount) => sum + amount, 0);
  return {
    key,
    formula,
    anonymousFormula: anonymousFormula(composition),
    wholeFormula: wholeFormula(composition),
    wholeAnonymousFormula: wholeAnonymousFormula(composition),
    chemicalSystem: chemicalSystem(composition),
    elements,
    fractions,
    shares: sharesOf(composition),
    molarMass: (molarMass(composition) * reducedAtoms) / atoms,
  };
}

/** The parts of the canonical key: `Al400000O600000` has `Al400000` and `O600000`. */
export const sharesOf = ({ key }: Composition): string[] => key.match(/[A-Z][a-z]?\d+/g) ?? [];
