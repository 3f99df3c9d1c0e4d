import type { Composition } from '../composition';
import { ELEMENTS, elementBySymbol } from '../elements';
import { OxidationSolver, type IonTable } from '../oxidation-solver';
import { POLYANIONS, RECOGNISED } from '../oxidation';

/** Pseudo-counts of a common and of any other known state, and rounds of counting. */
const PRIOR = { common: 2, known: 0.1 };
/** Pseudo-counts of compounds in which an element has mixed valence, and of all. */
const MIXING_PRIOR = { mixed: 1, all: 40 };
const ROUNDS = 5;
/** States less likely than this are left out. */
const LEAST = 0.0003;
/** Means of chains, rings and cages that compounds hold beside the ions that POLYANIONS names; 0 as in glucose. */
const FURTHER: Readonly<Record<string, readonly number[]>> = {
  N: [-2, -1], Te: [-1 / 3], Se: [-1 / 3], S: [-1 / 3], B: [-3, -2], C: [-3, -2, -1 / 2, 0], Si: [-3, -2, -1, -1 / 2], P: [-2, -1, -1 / 3],
  As: [-2, -1, -1 / 3], Sb: [-2, -1, -1 / 3], Ge: [-3, -2, -1, -1 / 2], Sn: [-3, -2, -1, -1 / 2], Bi: [-2, -1],
}; // prettier-ignore

type Counts = Record<string, Record<string, number>>;

function priors(): Counts {
  const counts: Counts = {};
  for (const { symbol, oxidationStates, commonOxidationStates } of ELEMENTS) {
    const states: Record<string, number> = {};
    for (const state of [...oxidationStates, ...(POLYANIONS[symbol] ?? []), ...(FURTHER[symbol] ?? [])]) {
      states[state] = commonOxidationStates.includes(state) ? PRIOR.common : PRIOR.known;
    }
    counts[symbol] = states;
  }
  return counts;
}

/** @param least states less likely than this are left out; those of well-known polyanions stay and are at least recognised. */
function probabilities(counts: Counts, least: number): IonTable['states'] {
  const table: Record<string, Record<string, number>> = {};
  for (const [symbol, states] of Object.entries(counts)) {
    const total = Object.values(states).reduce((sum, count) => sum + count, 0);
    const row: Record<string, number> = {};
    for (const [state, count] of Object.entries(states)) {
      const floor = POLYANIONS[symbol]?.includes(Number(state)) ? RECOGNISED : 0;
      const probability = Math.max(floor, count / total);
      if (probability >= least) row[state] = Number(probability.toPrecision(4));
    }
    table[symbol] = row;
  }
  return table;
}

/** P(state | element) and P(mixed | element) by hard expectation-maximisation: assign the likeliest balanced states, count, repeat. */
export function fitIons(compounds: readonly Composition[]): IonTable {
  let table: IonTable = { states: probabilities(priors(), 0), mixing: {} };
  for (let round = 1; round <= ROUNDS; round++) {
    const solver = new OxidationSolver(table);
    const counts = priors();
    const seen: Record<string, { mixed: number; all: number }> = {};
    const add = (symbol: string, state: number, share: number): void => {
      const states = counts[symbol] as Record<string, number>;
      const name = Object.keys(states).find((key) => Math.abs(Number(key) - state) < 1e-3);
      if (name !== undefined) states[name] = (states[name] as number) + share;
    };
    for (const { elements, amounts } of compounds) {
      const numbers = elements.map((symbol) => elementBySymbol(symbol)?.number ?? 0);
      if (solver.solve(numbers, amounts, elements.length) === -Infinity) continue;
      elements.forEach((symbol, i) => {
        const state = solver.assigned[i] as number;
        const valence = (seen[symbol] ??= { ...MIXING_PRIOR });
        valence.all++;
        if (i !== solver.mixed) return add(symbol, state, 1);
        valence.mixed++;
        const share = (state - solver.mixedLow) / (solver.mixedHigh - solver.mixedLow);
        add(symbol, solver.mixedLow, 1 - share);
        add(symbol, solver.mixedHigh, share);
      });
    }
    const mixing = Object.entries(seen).map(([symbol, { mixed, all }]) => [
      symbol,
      Number((mixed / all).toPrecision(3)),
    ]);
    table = { states: probabilities(counts, round === ROUNDS ? LEAST : 0), mixing: Object.fromEntries(mixing) };
  }
  return table;
}
