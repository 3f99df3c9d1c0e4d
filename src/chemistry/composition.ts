/**
 * Elements and amounts, no structure. Immutable; made by `parseFormula` or `composition`.
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
  /** Reduced, ordered by electronegativity; fractional amounts stay decimal. */
  readonly formula: string;
}
