/* eslint-disable no-console -- a program */
import { elementBySymbol, type Composition } from '../../chemistry';
import { substituted } from '../spaces/substitute';
import { knownCompounds } from './known-compounds';
import { learnSubstitutions } from './substitution-statistics';

/**
 * Hides every compound of an element X, and asks `substitute` for the ternary oxides of X from the compounds that are left. The swap probabilities
 * are learned without the hidden oxides. Prints how many of them are among the suggestions, and how many suggestions there are.
 */
const HIDDEN = ['Li', 'Mg', 'Al', 'Ti', 'V', 'Fe', 'Co', 'Zn', 'Nb', 'La'];

const folder = process.argv[2];
if (folder === undefined) {
  console.error('usage: node --import tsx src/discovery/tools/rediscover.ts <folder with the training tasks>');
  process.exit(2);
}
const known = knownCompounds(folder);
const isTernaryOxide = ({ elements }: Composition): boolean => elements.length === 3 && elements.includes('O');
const numberOf = (symbol: string): number => elementBySymbol(symbol)!.number;

const totals = { hidden: 0, one: 0, two: 0 };
console.log(
  '| hidden | its ternary oxides | found by one swap | of suggestions | found by up to two | of suggestions |',
);
console.log('|---|---|---|---|---|---|');
for (const symbol of HIDDEN) {
  const hidden = known.filter((compound) => isTernaryOxide(compound) && compound.elements.includes(symbol));
  const hiddenKeys = new Set(hidden.map(({ key }) => key));
  const learnedFrom = known.filter(({ key }) => !hiddenKeys.has(key));
  const { probabilities } = learnSubstitutions(learnedFrom, 0.0001);
  const parents = known.filter((compound) => isTernaryOxide(compound) && !compound.elements.includes(symbol));
  const suggest = (elements: readonly string[], maxSwaps: number): Composition[] => {
    const space = {
      kind: 'substitute',
      parents,
      elements: elements.map(numberOf),
      minProbability: 0.001,
      maxSwaps,
    } as const;
    return substituted(space, probabilities).filter((c) => isTernaryOxide(c) && c.elements.includes(symbol));
  };
  const one = new Set(suggest([symbol], 1).map(({ key }) => key));
  // Chemical system by chemical system, X–M–O for every M that has an oxide.
  const partners = new Set(parents.flatMap(({ elements }) => elements).filter((element) => element !== 'O'));
  const two = new Set([...partners].flatMap((partner) => suggest([symbol, partner], 2).map(({ key }) => key)));
  const count = (keys: Set<string>): number => hidden.filter(({ key }) => keys.has(key)).length;
  const percent = (n: number): string => `${n} (${((100 * n) / hidden.length).toFixed(0)} %)`;
  console.log(
    `| ${symbol} | ${hidden.length} | ${percent(count(one))} | ${one.size} | ${percent(count(two))} | ${two.size} |`,
  );
  totals.hidden += hidden.length;
  totals.one += count(one);
  totals.two += count(two);
}
const share = (found: number): string => `${found} (${((100 * found) / totals.hidden).toFixed(0)} %)`;
console.log(`all: ${share(totals.one)} by one swap, ${share(totals.two)} by up to two, of ${totals.hidden}`);
