import { parseFormula, type Composition } from '../../src/chemistry';

const METALS = 'Li Na K Mg Ca Sr Ba Al Ga In Ti V Cr Mn Fe Co Ni Cu Zn Y Zr Nb Mo La Ce Nd Sn Pb Bi'.split(' ');
const ANIONS = 'N O F P S Cl As Se Br Sb Te I'.split(' ');
let compositionSerial = 0;
/** Compositions of 2 to 5 elements that nobody has asked for yet. */
export function unseen(count: number): Composition[] {
  return Array.from({ length: count }, () => {
    const i = compositionSerial++;
    const metals = Array.from({ length: 1 + (i % 4) }, (_, m) => METALS[(i * 7 + m * 5) % METALS.length]!);
    const amounts = metals.map(
      (metal, m) => `${metal}${(1 + m + (i % 997) / 1000 + Math.floor(i / 997) / 1e5).toFixed(5)}`,
    );
    return parseFormula(`${amounts.join('')}${ANIONS[i % ANIONS.length]}3`);
  });
}
