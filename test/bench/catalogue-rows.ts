import { compositionOf, ELEMENTS } from '../../src/chemistry';
import { PROPERTIES, type PropertyKey } from '../../src/domain';

/**
 * Materials as a large database of inorganic crystals has them, made up and the same at every run. Elements come by a Zipf law over an order
 * like that in which the Inorganic Crystal Structure Database mentions them, compounds are binary to senary as 10 : 40 : 33 : 13 : 4, amounts are small
 * whole numbers, every fifth material is a polymorph of one before, space groups crowd on a few, and one in five has a measured value.
 */
const FREQUENT =
  'O S Si P F Cl N Se H Fe C Al Cu Na K Ca Ba Sr Li Mg Mn Te Co Ni Ge Ti Ga In La Zn Sb Cs Rb B As Sn Bi Br V I Pb Mo W Nb Ta Zr Y Cr Ag Cd Ce Nd Pr Gd Sm Hf Pd Pt Eu Er Tl Dy Yb Ho Tb Rh Hg U Ru Au Ir Lu Tm Sc Re Th Os Be'.split(
    ' ',
  );
const GROUPS = [
  14, 62, 2, 15, 225, 227, 194, 139, 166, 12, 221, 61, 19, 1, 33, 63, 148, 176, 141, 216, 167, 11, 136, 4, 29,
];
const SHARES = [0.1, 0.5, 0.83, 0.96, 1];
const MEASURED: readonly PropertyKey[] = ['BAND_GAP', 'BULK_MODULUS', 'MELTING_TEMPERATURE', 'THERMAL_CONDUCTIVITY'];

/** mulberry32: a small generator whose stream is the same everywhere. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const known = new Set(ELEMENTS.map(({ symbol }) => symbol));
const PALETTE = FREQUENT.filter((symbol) => known.has(symbol));
const cumulative = PALETTE.reduce<number[]>((sums, _, i) => [...sums, (sums.at(-1) ?? 0) + 1 / (i + 3)], []);
const total = cumulative.at(-1)!;

export const HEADER = `formula,external_id,name,space_group,density (g/cm^3),${MEASURED.map((key) => `${key.toLowerCase()} (${PROPERTIES[key].unit})`).join(',')}\n`;

/** Rows of a CSV file, some thousands at a time. */
export function* catalogueCsv(rows: number, seed = 1): Generator<string> {
  const next = random(seed);
  const upTo = (n: number): number => Math.floor(next() * n);
  const element = (): string => {
    const drawn = next() * total;
    return PALETTE[cumulative.findIndex((sum) => sum >= drawn)]!;
  };
  const earlier: string[] = [];
  yield HEADER;
  let text = '';
  for (let row = 0; row < rows; row++) {
    let formula: string;
    if (earlier.length > 0 && next() < 0.2) formula = earlier[upTo(earlier.length)]!;
    else {
      const draw = next();
      const size = SHARES.findIndex((share) => draw < share) + 2;
      const symbols = new Set<string>();
      while (symbols.size < size) symbols.add(element());
      formula = compositionOf([...symbols].map((symbol) => [symbol, 1 + Math.min(upTo(4) * upTo(3), 11)])).formula;
      if (earlier.length < 200_000) earlier.push(formula);
      else earlier[upTo(earlier.length)] = formula;
    }
    const group = GROUPS[Math.floor(GROUPS.length * next() ** 2)];
    const values = MEASURED.map((key) => (next() < 0.05 ? (key === 'BAND_GAP' ? 8 : 900) * next() ** 2 : '')).map(
      (value) => (value === '' ? '' : Number(value).toPrecision(4)),
    );
    text += `${formula},gen-${row},${next() < 0.1 ? `phase ${row}` : ''},${group},${(1 + 12 * next()).toFixed(3)},${values.join(',')}\n`;
    if (text.length > 200_000) {
      yield text;
      text = '';
    }
  }
  yield text;
}
