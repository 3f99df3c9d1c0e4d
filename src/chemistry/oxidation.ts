import type { Composition } from './composition';
import table from './data/plausibility.json';
import { ELEMENTS, elementBySymbol } from './elements';
import { OxidationSolver, type IonTable } from './oxidation-solver';
import { isIntermetallic } from './plausibility-model';

/** Mean oxidation states of well-known polyatomic anions: peroxide, superoxide, azide, disulfide, acetylide, triiodide, diboride, hexaboride … */
export const POLYANIONS: Readonly<Record<string, readonly number[]>> = {
  O: [-1, -1 / 2],
  N: [-1 / 3],
  S: [-1],
  Se: [-1],
  Te: [-1],
  C: [-1],
  B: [-1, -1 / 3],
  Br: [-1 / 3],
  I: [-1 / 3],
};

/** States that the yes-or-no rule knows: at least this likely, or common, or of a well-known polyanion. */
export const RECOGNISED = 0.02;
/** States this likely mix in one compound: Fe +2 and +3, Pb +2 and +4, but not Fe +3 and +6. */
const MIXING = 0.1;

/** Metals that form anions with less electronegative ones (Zintl phases). */
const ZINTL = new Set(['Ge', 'Sn', 'Pb', 'Sb', 'Bi']);

export interface OxidationState {
  readonly symbol: string;
  /** The mean, where an element is found in two states: 8/3 for Fe in Fe3O4. */
  readonly state: number;
}

const atomicNumber = (symbol: string): number => elementBySymbol(symbol)?.number ?? 0;

/** A solver over the recognised states. @param ordered anions must be more electronegative than cations. */
export function recognisedSolver(ions: IonTable, ordered: boolean): OxidationSolver {
  const recognised: Record<string, Record<string, number>> = {};
  for (const { symbol, commonOxidationStates } of ELEMENTS) {
    const states: Record<string, number> = {};
    for (const [state, probability] of Object.entries(ions.states[symbol] ?? {}))
      if (probability !== undefined && probability >= RECOGNISED) states[state] = probability;
    for (const state of [...commonOxidationStates, ...(POLYANIONS[symbol] ?? [])]) states[state] ??= RECOGNISED;
    recognised[symbol] = states;
  }
  return new OxidationSolver({ states: recognised, mixing: ions.mixing }, { floor: 0, mixedFloor: MIXING, ordered });
}

/**
 * Charge balance as a yes-or-no rule for bulk filtering: half a million ternaries a second and more, nothing allocated per call.
 *
 * Balanced means that recognised oxidation states sum to zero, one element at most being found in two of them. Without a nonmetal there
 * is no anion and nothing to balance: intermetallics and elements pass. SMACT (Davies et al. 2016) with learned states.
 */
export class ChargeFilter {
  private readonly solver: OxidationSolver;

  /** @param ordered also ask that every anion be more electronegative than every cation. */
  constructor(ordered = true) {
    this.solver = recognisedSolver(table.ions, ordered);
  }

  /**
   * @param elements atomic numbers, different ones.
   * @param amounts positive, in the same order; need not be integers.
   */
  accepts(elements: ArrayLike<number>, amounts: ArrayLike<number>, count: number): boolean {
    return (
      count === 1 || isIntermetallic(elements, count) || this.solver.solve(elements, amounts, count, true) > -Infinity
    );
  }
}

let filter: ChargeFilter | null = null;
let ionic: OxidationSolver | null = null;
let zintl: OxidationSolver | null = null;

/** Whether recognised oxidation states sum to zero (`ChargeFilter`); true for elements and intermetallics. */
export function isChargeBalanced(composition: Composition): boolean {
  filter ??= new ChargeFilter();
  return filter.accepts(composition.elements.map(atomicNumber), composition.amounts, composition.elements.length);
}

/**
 * The likeliest oxidation states that balance, one per element in the order of `composition.elements`; null if there are none.
 * An intermetallic has them only where its anion is one of a main-group metal (Mg2Sn, GaSb; not Cu3Au).
 */
export function oxidationStates(composition: Composition): OxidationState[] | null {
  const { elements, amounts } = composition;
  if (elements.length === 1) return [{ symbol: elements[0] as string, state: 0 }];
  const numbers = elements.map(atomicNumber);
  const metallic = isIntermetallic(numbers, numbers.length);
  if (metallic && !ZINTL.has(elements[elements.length - 1] as string)) return null;
  const solver = metallic
    ? (zintl ??= recognisedSolver(table.ions, true))
    : (ionic ??= new OxidationSolver(table.ions));
  if (solver.solve(numbers, amounts, numbers.length) === -Infinity || (metallic && solver.mixed >= 0)) return null;
  return elements.map((symbol, i) => ({ symbol, state: Number((solver.assigned[i] as number).toFixed(6)) }));
}
