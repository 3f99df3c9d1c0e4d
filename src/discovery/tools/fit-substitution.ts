/* eslint-disable no-console -- a program */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { knownCompounds } from './known-compounds';
import { learnSubstitutions } from './substitution-statistics';

/** Less likely swaps are left out of the table: a fifth of the contract's default minProbability. */
const LEAST = 0.0002;

const folder = process.argv[2];
if (folder === undefined) {
  console.error('usage: node --import tsx src/discovery/tools/fit-substitution.ts <folder with the training tasks>');
  process.exit(2);
}
const compounds = knownCompounds(folder);
const { probabilities } = learnSubstitutions(compounds, LEAST);
const target = path.join(__dirname, '../data/ion-substitution.json');
const about =
  'P(new ion | old ion, given that it is swapped), in the manner of Hautier et al., Inorg. Chem. 50, 656 (2011); ' +
  'made by src/discovery/tools/fit-substitution.ts from the training compositions';
const rows = Object.entries(probabilities).map(([ion, row]) => `    ${JSON.stringify(ion)}: ${JSON.stringify(row)}`);
writeFileSync(target, `{\n  "about": ${JSON.stringify(about)},\n  "compounds": ${compounds.length},\n  "probabilities": {\n${rows.join(',\n')}\n  }\n}\n`); // prettier-ignore
console.log(
  `${compounds.length} compounds, ${Object.keys(probabilities).length} ions → ${path.relative(process.cwd(), target)}`,
);
