export { compositionOf, MAX_AMOUNT, type Composition } from './composition';
export { formulaOfKey, fractionsOfKey } from './composition-key';
export { ELEMENTS, elementBySymbol, type Element } from './elements';
export { FormulaError } from './formula-error';
export { MAX_FORMULA_LENGTH, parseFormula } from './formula';
export {
  anonymousFormula,
  chemicalSystem,
  elementAmounts,
  type ElementAmount,
  hillFormula,
  molarMass,
  reducedAmounts,
  reducedFormula,
  wholeAnonymousFormula,
  wholeFormula,
} from './printers';
export { ChargeFilter, isChargeBalanced, oxidationStates, type OxidationState } from './oxidation';
export { PLAUSIBLE, plausibility } from './plausibility';
export {
  CompositionIndex,
  elementMoversDistance,
  moversProfiles,
  PROFILE_LENGTH,
  type ElementFractions,
  type IndexSubset,
  type NearestComposition,
} from './movers-distance';
export { KeyIndex, type NearestKey } from './key-index';
