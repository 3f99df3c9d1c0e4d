import { objectType } from 'nexus';
import { part } from './cost';

export const SpaceGroup = objectType({
  name: 'SpaceGroup',
  access: 'OWNER',
  description: 'A space group of the International Tables for Crystallography.',
  definition(t) {
    t.int('number', { description: '1 to 230.' });
    t.string('symbol', { description: 'Hermann–Mauguin symbol.' });
    t.string('crystalSystem', {
      description: 'triclinic, monoclinic, orthorhombic, tetragonal, trigonal, hexagonal or cubic.',
    });
  },
});

export const Lattice = objectType({
  name: 'Lattice',
  access: 'OWNER',
  description: 'The conventional unit cell.',
  definition(t) {
    for (const edge of ['a', 'b', 'c'] as const) t.float(edge, { description: `Length of the edge ${edge}, Å.` });
    t.float('alpha', { description: 'Angle between b and c, degrees.' });
    t.float('beta', { description: 'Angle between a and c, degrees.' });
    t.float('gamma', { description: 'Angle between a and b, degrees.' });
    t.float('volume', { description: 'Volume of the cell, Å³.' });
  },
});

export const Site = objectType({
  name: 'Site',
  access: 'OWNER',
  description: 'An atom of the conventional cell.',
  definition(t) {
    t.string('element', { description: 'Chemical symbol.' });
    t.float('occupancy', { description: 'Share of the cells in which it is there, 0 to 1.' });
    for (const axis of ['x', 'y', 'z'] as const) t.float(axis, { description: `Fractional coordinate ${axis}.` });
  },
});

export const Structure = objectType({
  name: 'Structure',
  access: 'OWNER',
  description: 'A crystal structure: the conventional cell and every atom in it.',
  definition(t) {
    t.field('lattice', {
      type: Lattice,
      complexity: part,
      description: 'The cell.',
      resolve: ({ structure }) => structure.lattice,
    });
    t.list.field('sites', {
      type: Site,
      complexity: part,
      description: 'All atoms of the cell.',
      resolve: ({ structure }) => structure.sites,
    });
    t.string('cif', {
      description: 'As a Crystallographic Information File.',
      resolve: (source, _, context) => context.structures.cif(source),
    });
    t.string('poscar', {
      description: 'As a VASP POSCAR file.',
      resolve: (source, _, context) => context.structures.poscar(source),
    });
  },
});
