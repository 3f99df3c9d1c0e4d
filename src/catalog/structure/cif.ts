import { compositionOf, elementBySymbol, FormulaError, type Composition } from '../../chemistry';
import type { LatticeRecord, SiteRecord } from '../../domain';
import { cifNumber, cifText, type CifBlock, type CifValue } from './cif-syntax';
import { agreesWithSites, cellContent, cellDensity, type Crystal } from './crystal';
import { FileFormatError, quote } from './format-error';
import { lattice } from './lattice';
import { spaceGroupByNumber, spaceGroupBySymbol, type SpaceGroup } from './space-groups';
import { expandSites, parseSymmetryOperation, type SymmetryOperation } from './symmetry';

/** Cells of proteins are larger; they are not materials of this catalogue, and a page of one would be megabytes. */
const MAX_SITES = 50_000;

/**
 * Reads cell, space group and sites of a data block (CIF core dictionary names, both the 1991 and the 2003 ones) and applies the symmetry
 * operations. Throws a FileFormatError that names item, line and column.
 *
 * The composition is the declared `_chemical_formula_sum` where there is one and the sites agree with it: occupancies are rounded, and
 * hydrogen is often not located.
 */
export function readCifBlock(block: CifBlock): Crystal {
  const first = (...names: string[]): CifValue | undefined =>
    names.map((name) => block.items.get(name)?.[0]).find((value) => cifText(value) !== null);
  const cell = readCell(block);
  const spaceGroup = readSpaceGroup(first);
  const formula = first('_chemical_formula_sum');
  const declared = formula === undefined ? null : readFormula(formula);
  const asymmetric = readSites(block, new Set(declared?.elements));
  const operations = readOperations(block, spaceGroup);
  if (asymmetric.length * operations.length > MAX_SITES)
    throw new FileFormatError(
      `${asymmetric.length} atoms under ${operations.length} symmetry operations; at most ${MAX_SITES} sites are read`,
      block.line,
    );
  const sites = merge(expandSites(asymmetric, operations, cell));
  const structure = { lattice: cell, sites };
  const content = cellContent(sites);
  const name = cifText(first('_chemical_name_mineral', '_chemical_name_common', '_chemical_name_systematic'));
  if (declared === null)
    return { name, composition: compositionOf(content), structure, spaceGroup, density: cellDensity(content, cell) };
  const whole = agreesWithSites(declared, content);
  if (whole === null)
    throw new FileFormatError(
      `_chemical_formula_sum is ${declared.formula}, but the sites hold ${compositionOf(content).formula}`,
      formula!.line,
      formula!.column,
    );
  return { name, composition: declared, structure, spaceGroup, density: cellDensity(whole, cell) };
}

/** The formula sum, "Al2 Mg O4" or "Fe O2.25 Cl.5": element symbols with amounts, separated by blanks. */
function readFormula(value: CifValue): Composition {
  const parts = value.text.trim().split(/\s+/);
  const amounts = parts.map((part): [string, number] => {
    const [, symbol = '', amount = ''] = /^([A-Z][a-z]?)(\d*\.?\d*)$/.exec(part) ?? [];
    return [symbol === 'D' ? 'H' : symbol, amount === '' ? 1 : Number(amount)];
  });
  try {
    return compositionOf(amounts, value.text.trim());
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    throw new FileFormatError(
      `_chemical_formula_sum is ${quote(value.text)}; expected symbols and amounts such as "Al2 Mg O4"`,
      value.line,
      value.column,
    );
  }
}

function required(block: CifBlock, name: string): CifValue {
  const value = block.items.get(name)?.[0];
  if (value === undefined) throw new FileFormatError(`the data block "${block.name}" has no ${name}`, block.line);
  return value;
}

function readCell(block: CifBlock): LatticeRecord {
  const number = (name: string): number => {
    const value = required(block, name);
    const parsed = cifNumber(value, name);
    if (parsed === null) throw new FileFormatError(`${name} has no value`, value.line, value.column);
    return parsed;
  };
  const lengths = ['_cell_length_a', '_cell_length_b', '_cell_length_c'].map(number);
  const angles = ['_cell_angle_alpha', '_cell_angle_beta', '_cell_angle_gamma'].map(number);
  try {
    return lattice(...([...lengths, ...angles] as Parameters<typeof lattice>));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FileFormatError(error.message, required(block, '_cell_length_a').line);
  }
}

function readSpaceGroup(first: (...names: string[]) => CifValue | undefined): SpaceGroup | null {
  const symbol = cifText(first('_space_group_name_h-m_alt', '_symmetry_space_group_name_h-m'));
  const group = symbol === null ? null : spaceGroupBySymbol(symbol);
  if (group !== null) return group;
  const value = first('_space_group_it_number', '_symmetry_int_tables_number');
  const number = cifNumber(value, 'the space group number');
  if (value === undefined || number === null) return null;
  const byNumber = spaceGroupByNumber(number);
  if (byNumber === null)
    throw new FileFormatError(`the space group number is ${number}; expected 1 to 230`, value.line, value.column);
  return byNumber;
}

function readOperations(block: CifBlock, group: SpaceGroup | null): SymmetryOperation[] {
  const values = block.items.get('_space_group_symop_operation_xyz') ?? block.items.get('_symmetry_equiv_pos_as_xyz');
  if (values === undefined) {
    if (group !== null && group.number !== 1)
      throw new FileFormatError(
        `the data block "${block.name}" lists no symmetry operations for ${group.symbol}; ` +
          'expected a loop over _space_group_symop_operation_xyz (_symmetry_equiv_pos_as_xyz)',
        block.line,
      );
    return [{ rotation: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], translation: [0, 0, 0] }]; // prettier-ignore
  }
  return values.map((value) => {
    const operation = parseSymmetryOperation(value.text);
    if (operation === null)
      throw new FileFormatError(
        `${quote(value.text)} is no symmetry operation; expected one such as "1/2-x,y,z+1/2"`,
        value.line,
        value.column,
      );
    return operation;
  });
}

function readSites(block: CifBlock, declared: ReadonlySet<string>): SiteRecord[] {
  const column = (name: string): readonly CifValue[] | undefined => block.items.get(name);
  const xs = column('_atom_site_fract_x');
  const ys = column('_atom_site_fract_y');
  const zs = column('_atom_site_fract_z');
  const types = column('_atom_site_type_symbol');
  const labels = column('_atom_site_label');
  const occupancies = column('_atom_site_occupancy');
  if (xs === undefined || ys === undefined || zs === undefined || (types ?? labels) === undefined)
    throw new FileFormatError(
      `the data block "${block.name}" has no atom sites; ` +
        'expected a loop over _atom_site_label and _atom_site_fract_x, _y, _z',
      block.line,
    );
  if ([ys, zs, types, labels, occupancies].some((other) => other !== undefined && other.length !== xs.length))
    throw new FileFormatError('the _atom_site columns differ in length: they belong to one loop', xs[0]!.line);

  return xs.flatMap((value, row) => {
    const named = (cifText(types?.[row]) === null ? labels?.[row] : types?.[row]) ?? value;
    const element = elementOf(named.text, declared);
    if (element === null)
      throw new FileFormatError(`no element in the atom label ${quote(named.text)}`, named.line, named.column);
    const position = [xs, ys, zs].map((values, axis) => cifNumber(values[row], `_atom_site_fract_${'xyz'[axis]!}`));
    // CIFs list atoms that were not located with "?" or "." for coordinates.
    if (position.includes(null)) return [];
    const [x, y, z] = position as [number, number, number];
    const occupancy = cifNumber(occupancies?.[row], '_atom_site_occupancy') ?? 1;
    if (!(occupancy > 0 && occupancy <= 1.0001)) {
      const place = occupancies![row]!;
      throw new FileFormatError(
        `the occupancy is ${place.text}; expected a number above 0 and up to 1`,
        place.line,
        place.column,
      );
    }
    return [{ element, occupancy: Math.min(1, occupancy), x, y, z }];
  });
}

/** Water and hydroxyl are labelled by their oxygen in mineral databases, whose files leave hydrogen out. */
const MOLECULES: Readonly<Record<string, string>> = { Wat: 'O', WAT: 'O' };

/**
 * The element of a type symbol ("Al3+") or an atom label ("SiT2", "O-H", "CA1"). Two letters are read as one element where the declared
 * formula has it, or where they are written as a symbol and the declared formula does not contradict.
 */
export function elementOf(label: string, declared: ReadonlySet<string>): string | null {
  const letters = /^[A-Za-z]+/.exec(label)?.[0] ?? '';
  const pair = letters.charAt(0).toUpperCase() + letters.charAt(1).toLowerCase();
  const single = pair.charAt(0);
  if (pair.length === 2 && elementBySymbol(pair) !== undefined) {
    if (declared.has(pair)) return pair;
    if (declared.size === 0 && letters.startsWith(pair)) return pair;
  }
  const molecule = MOLECULES[letters];
  if (molecule !== undefined) return molecule;
  if (single === 'D' && !declared.has('Dy')) return 'H';
  return elementBySymbol(single) === undefined ? null : single;
}

/** One element listed twice on one place (two valence states, say) is one site. */
function merge(sites: readonly SiteRecord[]): SiteRecord[] {
  const merged = new Map<string, SiteRecord>();
  for (const site of sites) {
    const key = `${site.element} ${site.x} ${site.y} ${site.z}`;
    const same = merged.get(key);
    merged.set(key, same === undefined ? site : { ...site, occupancy: Math.min(1, same.occupancy + site.occupancy) });
  }
  return [...merged.values()];
}
