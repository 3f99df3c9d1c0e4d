import { SPACE_GROUP_SYMBOLS } from './data/space-group-symbols';

export interface SpaceGroup {
  /** International Tables number, 1–230. */
  readonly number: number;
  /** Short Hermann–Mauguin symbol of the setting in use, "P2_1/c", "Fm-3m", "Pbnm". */
  readonly symbol: string;
}

const SETTINGS: readonly (readonly string[])[] = SPACE_GROUP_SYMBOLS.trim()
  .split('\n')
  .map((line) => line.split(','));

const compact = (symbol: string): string => symbol.replace(/[\s_]/g, '');

const BY_SYMBOL: ReadonlyMap<string, SpaceGroup> = new Map(
  SETTINGS.flatMap((settings, index) =>
    settings.flatMap((setting) => {
      const group = { number: index + 1, symbol: shortSymbol(setting) };
      return [setting, group.symbol].map((symbol): [string, SpaceGroup] => [compact(symbol), group]);
    }),
  ),
);

/** "P 1 21/c 1" → "P2_1/c", "P 63/m m c" → "P6_3/mmc". */
function shortSymbol(symbol: string): string {
  const [lattice = '', ...axes] = symbol.split(' ');
  // A monoclinic symbol names three axes, two of them trivial; the short symbol keeps the unique one.
  const unique = axes.length === 3 ? axes.filter((axis) => axis !== '1') : [];
  return (
    lattice +
    (unique.length === 1 ? unique : axes)
      .map((axis) =>
        axis.replace(/^([2346])([1-5])(?=\/|$)/, (whole, order: string, shift: string) =>
          Number(shift) < Number(order) ? `${order}_${shift}` : whole,
        ),
      )
      .join('')
  );
}

const STANDARD_SETTINGS = SETTINGS.map(([standard], index) => ({ number: index + 1, symbol: shortSymbol(standard!) }));

/** Standard setting of a space group, or null outside 1–230. */
export const spaceGroupByNumber = (number: number): SpaceGroup | null => STANDARD_SETTINGS[number - 1] ?? null;

/**
 * Reads a Hermann–Mauguin symbol as CIFs, papers and data sets write it: spaced or not, full or short, any setting of the International
 * Tables, origin or axes choice after a colon ("F d -3 m :2"), cubic symbols without the bar as before 1983 ("F m 3 m"). Null if unknown.
 */
export function spaceGroupBySymbol(text: string): SpaceGroup | null {
  const symbol = compact(text.replace(/[:{(].*$/s, ''));
  return BY_SYMBOL.get(symbol) ?? BY_SYMBOL.get(symbol.replace(/^([PFI][a-z])3/, '$1-3')) ?? null;
}

/** International Tables A: the last space group of each crystal system. */
const CRYSTAL_SYSTEMS = [
  [2, 'triclinic'],
  [15, 'monoclinic'],
  [74, 'orthorhombic'],
  [142, 'tetragonal'],
  [167, 'trigonal'],
  [194, 'hexagonal'],
  [230, 'cubic'],
] as const;

/** Of a space group by its number, or null outside 1–230. */
export function crystalSystem(number: number): string | null {
  return number >= 1 ? (CRYSTAL_SYSTEMS.find(([last]) => number <= last)?.[1] ?? null) : null;
}
