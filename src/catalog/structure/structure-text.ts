import type { SiteRecord, StructureRecord } from '../../domain';
import { latticeVectors } from './lattice';

/**
 * A structure as CIF 1.1: every site of the cell in space group P 1, occupancies kept, so that any reader sees the same cell whatever
 * its symmetry settings.
 *
 * @param name the data block's name, for example a formula.
 */
export function structureToCif({ lattice, sites }: StructureRecord, name: string): string {
  const seen = new Map<string, number>();
  const rows = sites.map((site) => {
    const number = (seen.get(site.element) ?? 0) + 1;
    seen.set(site.element, number);
    return [`${site.element}${number}`, site.element, ...position(site), decimal(site.occupancy)].join(' ');
  });
  return [
    // Data names hold no blanks (CIF 1.1, paragraph 7).
    `data_${name.replace(/[^\w.+()-]+/g, '_')}`,
    `_cell_length_a ${decimal(lattice.a)}`,
    `_cell_length_b ${decimal(lattice.b)}`,
    `_cell_length_c ${decimal(lattice.c)}`,
    `_cell_angle_alpha ${decimal(lattice.alpha)}`,
    `_cell_angle_beta ${decimal(lattice.beta)}`,
    `_cell_angle_gamma ${decimal(lattice.gamma)}`,
    `_cell_volume ${decimal(lattice.volume)}`,
    "_space_group_name_H-M_alt 'P 1'",
    '_space_group_IT_number 1',
    'loop_',
    '_space_group_symop_operation_xyz',
    'x,y,z',
    'loop_',
    '_atom_site_label',
    '_atom_site_type_symbol',
    '_atom_site_fract_x',
    '_atom_site_fract_y',
    '_atom_site_fract_z',
    '_atom_site_occupancy',
    ...rows,
    '',
  ].join('\n');
}

/**
 * A structure as VASP 5 POSCAR, Å, direct coordinates, sites grouped by element. POSCAR knows no partial occupancy: its comment says how many
 * sites are written as full that are not.
 *
 * @param name the comment, for example a formula.
 */
export function structureToPoscar(structure: StructureRecord, name: string): string {
  const groups = new Map<string, SiteRecord[]>();
  for (const site of structure.sites) groups.set(site.element, [...(groups.get(site.element) ?? []), site]);
  const partial = structure.sites.filter((site) => site.occupancy < 1).length;
  const comment = name.replace(/\s+/g, ' ');
  return [
    partial === 0 ? comment : `${comment} (disordered: ${partial} partially occupied sites are written as occupied)`,
    '1.0',
    ...latticeVectors(structure.lattice).map((vector) => vector.map((value) => value.toFixed(8)).join(' ')),
    [...groups.keys()].join(' '),
    [...groups.values()].map((sites) => sites.length).join(' '),
    'Direct',
    ...[...groups.values()].flatMap((sites) => sites.map((site) => position(site).join(' '))),
    '',
  ].join('\n');
}

const position = ({ x, y, z }: SiteRecord): string[] => [x, y, z].map((value) => value.toFixed(6));
const decimal = (value: number): string => String(Number(value.toFixed(6)));
