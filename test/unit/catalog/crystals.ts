/** Small crystals as CIF text, for the catalogue's tests. */
export interface CifParts {
  readonly cell: readonly number[];
  readonly formula?: string;
  readonly group?: string;
  readonly operations?: readonly string[];
  /** Further columns of the atom loop. */
  readonly columns?: readonly string[];
  /** "label x y z", then the further columns. */
  readonly atoms: readonly string[];
}

/** Lines: 1 data block, 2 formula, 3–8 cell, 9 group, then the operations' loop (heading in 10 and 11) and the atoms' loop. */
export function cif({
  cell,
  formula = '?',
  group = 'P 1',
  operations = ['x,y,z'],
  columns = [],
  atoms,
}: CifParts): string {
  const names = ['length_a', 'length_b', 'length_c', 'angle_alpha', 'angle_beta', 'angle_gamma'];
  return [
    'data_test',
    `_chemical_formula_sum${formula === '?' ? ' ?' : ` '${formula}'`}`,
    ...names.map((name, i) => `_cell_${name} ${cell[i]}`),
    `_symmetry_space_group_name_H-M '${group}'`,
    ...(operations.length === 0 ? [] : ['loop_', '_symmetry_equiv_pos_as_xyz', ...operations]),
    'loop_',
    '_atom_site_label',
    '_atom_site_fract_x',
    '_atom_site_fract_y',
    '_atom_site_fract_z',
    ...columns,
    ...atoms,
    '',
  ].join('\n');
}

const centred = (...operations: string[]): string[] =>
  operations.flatMap((operation) => {
    const [x, y, z] = operation.split(',');
    return [operation, `${x},1/2+${y},1/2+${z}`, `1/2+${x},${y},1/2+${z}`, `1/2+${x},1/2+${y},${z}`].map((text) =>
      text.replace(/\+-/g, '-'),
    );
  });

/** NaCl; the operations put every atom on a special position. */
export const ROCKSALT = cif({
  cell: [5.6402, 5.6402, 5.6402, 90, 90, 90],
  formula: 'Na Cl',
  group: 'F m -3 m',
  operations: centred('x,y,z', '-x,-y,-z'),
  atoms: ['Na 0 0 0', 'Cl 0.5 0.5 0.5'],
});

/** Diamond, origin choice 2. */
export const DIAMOND = cif({
  cell: [3.56679, 3.56679, 3.56679, 90, 90, 90],
  formula: 'C',
  group: 'F d -3 m :2',
  operations: centred('x,y,z', '-x,-y,-z', 'z,x,y', 'y,z,x'),
  atoms: ['C 0.125 0.125 0.125'],
});

/** α-quartz with z of silicon rounded to four digits (Levien, Prewitt and Weidner, Am. Mineral. 65, 920 (1980)). */
export const QUARTZ = cif({
  cell: [4.916, 4.916, 5.4054, 90, 90, 120],
  formula: 'Si O2',
  group: 'P 31 2 1',
  operations: ['x,y,z', '-y,x-y,1/3+z', 'y-x,-x,2/3+z', 'y,x,-z', 'x-y,-y,2/3-z', '-x,y-x,1/3-z'],
  atoms: ['Si 0.4697 0 0.3333', 'O 0.4135 0.2669 0.7858'],
});
