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

let foundInAll = 0;
let hiddenInAll = 0;
console.log('| hidden | its ternary oxides | found | suggestions | found, one swap likelier than 1 % |');
console.log('|---|---|---|---|---|');
for (const symbol of HIDDEN) {
  const hidden = known.filter((compound) => isTernaryOxide(compound) && compound.elements.includes(symbol));
  const hiddenKeys = new Set(hidden.map(({ key }) => key));
  const { probabilities } = learnSubstitutions(known.filter(({ key }) => !hiddenKeys.has(key)), 0.0001); // prettier-ignore
  const parents = known.filter((compound) => isTernaryOxide(compound) && !compound.elements.includes(symbol));
  const suggest = (minProbability: number, maxSwaps: number): Set<string> => {
    const elements = [elementBySymbol(symbol)!.number];
    const suggestions = substituted({ kind: 'substitute', parents, elements, minProbability, maxSwaps }, probabilities);
    return new Set(suggestions.filter(isTernaryOxide).map(({ key }) => key));
  };
  const suggestions = suggest(0.001, 1);
  const likely = suggest(0.01, 1);
  const count = (keys: Set<string>): number => hidden.filter(({ key }) => keys.has(key)).length;
  const percent = (n: number): string => `${n} (${((100 * n) / hidden.length).toFixed(0)} %)`;
  console.log(`| ${symbol} | ${hidden.length} | ${percent(count(suggestions))} | ${suggestions.size} | ${percent(count(likely))} of ${likely.size} |`); // prettier-ignore
  foundInAll += count(suggestions);
  hiddenInAll += hidden.length;
}
console.log(`all: ${foundInAll} of ${hiddenInAll} found (${((100 * foundInAll) / hiddenInAll).toFixed(0)} %)`);
