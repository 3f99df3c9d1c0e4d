import { compositionOf, ELEMENTS, oxidationStates, type Composition } from '../../chemistry';
import type { SubstituteQuery } from '../query';
import table from '../data/ion-substitution.json';

/** P(new ion | old ion, given that it is swapped), by name: `Fe3`, `O-2`; charge 0 in an intermetallic. */
export type SwapProbabilities = Readonly<Record<string, Readonly<Record<string, number>>>>;
/** Learned from the training compositions by src/discovery/tools/fit-substitution.ts. */
const LEARNED: SwapProbabilities = table.probabilities;
/** Swaps are counted this far before a space is refused; beyond it, its size is only known to be larger. */
const MAX_COUNT = 20_000_000;

/** An ion that may come in. */
interface Swap {
  readonly symbol: string;
  readonly charge: number;
  readonly probability: number;
}

/** A parent with what each of its ions may give way to, likeliest first. */
interface Parent {
  readonly composition: Composition;
  readonly ions: readonly { readonly charge: number; readonly state: number; readonly swaps: readonly Swap[] }[];
}

/** `amount / divisor` of an element. */
interface Share {
  readonly amount: number;
  readonly divisor: number;
}

/** Ion names of a composition in the order of its elements; uncharged where no oxidation states balance. */
export function ionsOf(composition: Composition, states = oxidationStates(composition)): string[] {
  return composition.elements.map((symbol, i) => `${symbol}${Math.round(states?.[i]?.state ?? 0)}`);
}

/** How many swaps are likely enough, those that lead to one composition counted each; at most 20 million. */
export function countSubstitute(query: SubstituteQuery): number {
  let count = 0;
  for (const parent of parentsOf(query, LEARNED)) {
    if (!visit(parent, query, () => ++count <= MAX_COUNT)) break;
  }
  return count;
}

/**
 * The parents with one or more ions swapped, likeliest first, each composition once, parents left out. The probability of a compound is the
 * product over its swaps (Hautier, Fischer, Ehrlacher, Jain and Ceder, Inorg. Chem. 50, 656 (2011)), the best way counting where
 * several lead to it. An ion of another charge comes in as much of as keeps the compound neutral: CaCO3 gives Li2CO3.
 */
export function substituted(query: SubstituteQuery, probabilities = LEARNED): Composition[] {
  const parents = new Set(query.parents.map((parent) => parent.key));
  const found = new Map<string, { composition: Composition; probability: number }>();
  for (const parent of parentsOf(query, probabilities)) {
    visit(parent, query, (swapped, probability) => {
      const composition = compoundOf(parent, swapped);
      const best = found.get(composition.key);
      if (!parents.has(composition.key) && (best === undefined || best.probability < probability)) {
        found.set(composition.key, { composition, probability });
      }
      return true;
    });
  }
  return [...found.values()]
    .sort((a, b) => b.probability - a.probability || (a.composition.formula < b.composition.formula ? -1 : 1))
    .map(({ composition }) => composition);
}

function parentsOf({ parents, elements }: SubstituteQuery, probabilities: SwapProbabilities): Parent[] {
  const allowed = elements === null ? null : new Set(elements.map((number) => ELEMENTS[number - 1]!.symbol));
  const known = new Map<string, readonly Swap[]>();
  const swapsOf = (ion: string): readonly Swap[] => {
    let swaps = known.get(ion);
    if (!swaps) {
      swaps = Object.entries(probabilities[ion] ?? {})
        .map(([other, probability]) => ({ ...partsOf(other), probability }))
        .filter(({ symbol }) => allowed === null || allowed.has(symbol))
        .sort((a, b) => b.probability - a.probability);
      known.set(ion, swaps);
    }
    return swaps;
  };
  return parents.map((composition) => {
    const states = oxidationStates(composition);
    const ions = ionsOf(composition, states).map((ion, i) => ({
      charge: partsOf(ion).charge,
      state: states?.[i]?.state ?? 0,
      swaps: swapsOf(ion).filter(({ symbol }) => !composition.elements.includes(symbol)),
    }));
    return { composition, ions };
  });
}

function partsOf(ion: string): { symbol: string; charge: number } {
  const symbol = ion.replace(/-?\d+$/, '');
  return { symbol, charge: Number(ion.slice(symbol.length)) };
}

function compoundOf({ composition, ions }: Parent, swapped: readonly (Swap | null)[]): Composition {
  const shares = composition.amounts.map((amount, i) => shareOf(amount, ions[i]!, swapped[i]!));
  const amounts = wholeAmounts(shares);
  return compositionOf(composition.elements.map((old, i) => [swapped[i]?.symbol ?? old, amounts[i]!] as const));
}

/** As much of an ion as has the charge of the old one. Equal charges keep the amount, also where a state is a mean (Fe +8/3 counts as Fe3). */
function shareOf(amount: number, old: Parent['ions'][number], swap: Swap | null): Share {
  if (swap === null || swap.charge === old.charge) return { amount, divisor: 1 };
  return { amount: tidy(amount * Math.abs(old.state)), divisor: Math.abs(swap.charge) };
}

/** Charges are whole where amounts are; a mean state is given to six decimals only. */
const tidy = (charge: number): number => (Math.abs(charge - Math.round(charge)) < 1e-3 ? Math.round(charge) : charge);

/** The smallest whole amounts in these proportions; those of a solid solution stay fractions. */
function wholeAmounts(shares: readonly Share[]): number[] {
  if (shares.every(({ divisor }) => divisor === 1)) return shares.map(({ amount }) => amount);
  const common = shares.reduce((all, { divisor }) => all * divisor, 1);
  const amounts = shares.map(({ amount, divisor }) => amount * (common / divisor));
  const unit = amounts.every(Number.isInteger) ? amounts.reduce(greatestDivisor) : common;
  return amounts.map((amount) => amount / unit);
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));

/**
 * Calls `each` with the swaps (null where the ion stays) and the probability of every compound within reach, until it returns false.
 * @returns whether it went to the end.
 */
function visit(
  { composition, ions }: Parent,
  { maxSwaps, minProbability }: SubstituteQuery,
  each: (swapped: readonly (Swap | null)[], probability: number) => boolean,
): boolean {
  const symbols = [...composition.elements];
  const swapped = symbols.map((): Swap | null => null);
  const descend = (from: number, left: number, probability: number): boolean => {
    for (let i = from; i < symbols.length; i++) {
      const old = symbols[i]!;
      for (const swap of ions[i]!.swaps) {
        const product = probability * swap.probability;
        if (product < minProbability) break;
        if (symbols.includes(swap.symbol)) continue;
        symbols[i] = swap.symbol;
        swapped[i] = swap;
        if (!each(swapped, product)) return false;
        if (left > 1 && !descend(i + 1, left - 1, product)) return false;
        symbols[i] = old;
      }
      swapped[i] = null;
    }
    return true;
  };
  return descend(0, maxSwaps, 1);
}
