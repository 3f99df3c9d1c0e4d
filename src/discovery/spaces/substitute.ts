import { compositionOf, ELEMENTS, oxidationStates, type Composition } from '../../chemistry';
import type { SubstituteQuery } from '../query';
import table from '../data/ion-substitution.json';

/** P(new ion | old ion, given that it is swapped), by name: `Fe3`, `O-2`; charge 0 in an intermetallic. */
export type SwapProbabilities = Readonly<Record<string, Readonly<Record<string, number>>>>;
/** Learned from the training compositions by src/discovery/tools/fit-substitution.ts. */
const LEARNED: SwapProbabilities = table.probabilities;
/** Swaps are counted this far before a space is refused; beyond it, its size is only known to be larger. */
const MAX_COUNT = 20_000_000;

interface Swap {
  readonly symbol: string;
  readonly probability: number;
}

/** A parent with what each of its ions may give way to, likeliest first. */
interface Parent {
  readonly composition: Composition;
  readonly swaps: readonly (readonly Swap[])[];
}

/** Ion names of a composition in the order of its elements; uncharged where no oxidation states balance. */
export function ionsOf(composition: Composition): string[] {
  const states = oxidationStates(composition);
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
 * several lead to it. Swapped ions have the charge of the old, so that the compound stays neutral.
 */
export function substituted(query: SubstituteQuery, probabilities = LEARNED): Composition[] {
  const parents = new Set(query.parents.map((parent) => parent.key));
  const found = new Map<string, { composition: Composition; probability: number }>();
  for (const parent of parentsOf(query, probabilities)) {
    visit(parent, query, (symbols, probability) => {
      const { amounts } = parent.composition;
      const composition = compositionOf(symbols.map((symbol, i) => [symbol, amounts[i]!] as const));
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
  return parents.map((composition) => ({
    composition,
    swaps: ionsOf(composition).map((ion) =>
      Object.entries(probabilities[ion] ?? {})
        .map(([other, probability]) => ({ symbol: other.replace(/-?\d+$/, ''), probability }))
        .filter(({ symbol }) => !composition.elements.includes(symbol) && (allowed === null || allowed.has(symbol)))
        .sort((a, b) => b.probability - a.probability),
    ),
  }));
}

/**
 * Calls `each` with the elements and the probability of every compound within reach, until it returns false.
 * @returns whether it went to the end.
 */
function visit(
  { composition, swaps }: Parent,
  { maxSwaps, minProbability }: SubstituteQuery,
  each: (symbols: readonly string[], probability: number) => boolean,
): boolean {
  const symbols = [...composition.elements];
  const descend = (from: number, left: number, probability: number): boolean => {
    for (let i = from; i < symbols.length; i++) {
      const old = symbols[i]!;
      for (const swap of swaps[i]!) {
        const product = probability * swap.probability;
        if (product < minProbability) break;
        if (symbols.includes(swap.symbol)) continue;
        symbols[i] = swap.symbol;
        if (!each(symbols, product)) return false;
        if (left > 1 && !descend(i + 1, left - 1, product)) return false;
        symbols[i] = old;
      }
      symbols[i] = old;
    }
    return true;
  };
  return descend(0, maxSwaps, 1);
}
