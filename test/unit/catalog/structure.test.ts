import fc from 'fast-check';
import {
  FileFormatError,
  parseCif,
  readCifBlock,
  readPoscar,
  structureToCif,
  structureToPoscar,
  type Crystal,
} from '../../../src/catalog/structure';
import { cif, QUARTZ, ROCKSALT, DIAMOND } from './crystals';

const read = (text: string): Crystal => readCifBlock([...parseCif(text)][0]!);
const failure = (run: () => unknown): FileFormatError => {
  try {
    run();
  } catch (error) {
    if (error instanceof FileFormatError) return error;
    throw error;
  }
  throw new Error('expected a FileFormatError');
};

describe('a CIF', () => {
  it.each([
    ['rock salt', ROCKSALT, 8, 'NaCl', 225, 'Fm-3m', 2.165],
    ['diamond', DIAMOND, 8, 'C', 227, 'Fd-3m', 3.515],
    ['α-quartz', QUARTZ, 9, 'SiO2', 152, 'P3_121', 2.649],
  ])(
    'of %s gives every site of the cell, its group and its density',
    (_, text, sites, formula, number, symbol, density) => {
      const crystal = read(text);
      expect(crystal.structure.sites).toHaveLength(sites);
      expect(crystal.composition.formula).toBe(formula);
      expect(crystal.spaceGroup).toEqual({ number, symbol });
      expect(crystal.density).toBeCloseTo(density, 2);
    },
  );

  it('keeps an atom whose rounded coordinates miss its special position whole, and puts it there', () => {
    const hexagonal = cif({
      cell: [2.9506, 2.9506, 4.6788, 90, 90, 120],
      group: 'P 63/m m c',
      operations: ['x,y,z', '-x,-y,1/2+z', '-y,x-y,z', 'y,y-x,1/2+z', 'y-x,-x,z', 'x-y,x,1/2+z'],
      atoms: ['Ti 0.333 0.667 0.25'],
    });
    const sites = read(hexagonal).structure.sites;
    expect(sites).toHaveLength(2);
    expect(sites.map(({ x, y, z }) => [x, y, z])).toEqual([
      [0.333333, 0.666667, 0.25],
      [0.666667, 0.333333, 0.75],
    ]);
  });

  it('keeps partial occupancies and counts them', () => {
    const crystal = read(
      cif({
        cell: [8.0836, 8.0836, 8.0836, 90, 90, 90],
        columns: ['_atom_site_occupancy'],
        atoms: ['Mg 0 0 0 0.78', 'Al 0 0 0 0.22', 'O 0.5 0.5 0.5 1'],
      }),
    );
    expect(crystal.structure.sites.map((site) => site.occupancy)).toEqual([0.78, 0.22, 1]);
    expect(crystal.composition.fractions.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    expect(crystal.composition.formula).toBe('Mg0.78Al0.22O');
  });

  it('takes hydrogen that was not located from the declared formula', () => {
    const portlandite = cif({
      cell: [3.589, 3.589, 4.911, 90, 90, 120],
      formula: 'Ca O2 H2',
      atoms: ['Ca 0 0 0', 'O-H1 0.33333 0.66667 0.234', 'O-H2 0.66667 0.33333 0.766'],
    });
    const crystal = read(portlandite);
    expect(crystal.composition.formula).toBe('CaH2O2');
    expect(crystal.density).toBeCloseTo(2.246, 2);
    expect(crystal.structure.sites.map((site) => site.element)).toEqual(['Ca', 'O', 'O']);
  });

  it('reads standard uncertainties, comments, text fields, BOM, CRLF and apostrophes inside quotes', () => {
    const text = `\uFEFF# comment\ndata_x\n_publ_author 'O'Neill H St C'\n_note\n;\n two\n lines _not_a_name\n;\n${ROCKSALT.replace(/^data_\S+\n/, '').replace('_cell_length_a 5.6402', '_cell_length_a 5.6402(3)')}`;
    expect(read(text.replace(/\n/g, '\r\n')).structure.lattice.a).toBe(5.6402);
    expect([...parseCif(text)][0]!.items.get('_publ_author')![0]!.text).toBe("O'Neill H St C");
  });

  it.each([
    ['an empty file', '', 1, 1, 'the file is empty'],
    ['no data block', 'hello', 1, 1, 'expected a data block header'],
    ['an unclosed quote', "data_x\n_name 'abc", 2, 7, 'not closed'],
    ['an unclosed text field', 'data_x\n_name\n;abc', 3, 1, 'never closed'],
    ['a name without value', 'data_x\n_a\n_b 1', 2, 1, '_a has no value'],
    ['an incomplete row', 'data_x\nloop_ _a _b\n1 2\n3', 4, 1, 'its last row is incomplete'],
    ['a name twice', 'data_x\n_a 1\n_A 2', 3, 1, '_A occurs twice'],
    ['no cell', 'data_x\n_a 1', 1, 1, 'no _cell_length_a'],
    [
      'NaN in the cell',
      ROCKSALT.replace('_cell_length_a 5.6402', '_cell_length_a NaN'),
      3,
      16,
      '"NaN"; expected a number',
    ],
    ['a negative length', ROCKSALT.replace('_cell_length_a 5.6402', '_cell_length_a -1'), 3, 1, 'cell length a is -1'],
    [
      'a wrong lattice',
      ROCKSALT.replace('_cell_angle_alpha 90', '_cell_angle_alpha 190'),
      3,
      1,
      'cell angle alpha is 190',
    ],
    [
      'a flat cell',
      ROCKSALT.replace('_cell_angle_alpha 90', '_cell_angle_alpha 0.001'),
      3,
      1,
      'do not enclose a volume',
    ],
    ['a bad operation', ROCKSALT.replace('x,1/2+y,1/2+z', 'x,1/2+q,z'), 13, 1, 'no symmetry operation'],
    [
      'an unknown element',
      ROCKSALT.replace('Na 0 0 0', 'Qq 0 0 0').replace("'Na Cl'", '?'),
      25,
      1,
      'no element in the atom label "Qq"',
    ],
    ['a bad coordinate', ROCKSALT.replace('Na 0 0 0', 'Na 0 zero 0'), 25, 6, '"zero"; expected a number'],
    ['a contradiction', ROCKSALT.replace("'Na Cl'", "'Na2 Cl'"), 2, 23, 'is Na2Cl, but the sites hold NaCl'],
  ])('with %s says where and what would be right', (_, text, line, column, message) => {
    const error = failure(() => read(text));
    expect(error.message).toContain(message);
    expect([error.line, error.column]).toEqual([line, column]);
  });

  it('needs symmetry operations unless the group is P 1', () => {
    const text = cif({ cell: [4, 4, 4, 90, 90, 90], group: 'F m -3 m', operations: [], atoms: ['Na 0 0 0'] });
    expect(failure(() => read(text)).message).toContain('lists no symmetry operations for Fm-3m');
  });
});

describe('a POSCAR', () => {
  const GAAS = 'GaAs\n5.653\n0 .5 .5\n.5 0 .5\n.5 .5 0\nGa As\n1 1\nDirect\n0 0 0\n.25 .25 .25\n';
  it('gives cell, composition and density', () => {
    const crystal = readPoscar(GAAS);
    expect(crystal.composition.formula).toBe('GaAs');
    expect(crystal.density).toBeCloseTo(5.317, 2);
    expect(crystal.structure.lattice.alpha).toBeCloseTo(60, 8);
  });
  it('reads Cartesian coordinates, selective dynamics and a volume for a scale alike', () => {
    const direct = readPoscar(GAAS).structure;
    const cartesian = GAAS.replace(
      'Direct\n0 0 0\n.25 .25 .25',
      'Selective dynamics\nCartesian\n0 0 0 T T F\n.25 .25 .25 T T T',
    );
    expect(readPoscar(cartesian).structure).toEqual(direct);
    const volume = readPoscar(GAAS.replace('5.653', `-${direct.lattice.volume}`)).structure.lattice;
    expect(volume.a).toBeCloseTo(direct.lattice.a, 9);
  });
  it.each([
    ['a missing cell vector', 'x\n1\n1 0 0\n0 1 0\n', 5, 'a cell vector'],
    ['NaN', GAAS.replace('.5 0 .5', '.5 NaN .5'), 4, 'a cell vector of three numbers'],
    ['a flat cell', GAAS.replace('.5 .5 0', '.5 0 .5'), 3, 'do not enclose a volume|cell angle'],
    ['VASP 4', GAAS.replace('Ga As\n', ''), 6, 'counts come before the element symbols'],
    ['an unknown element', GAAS.replace('Ga As', 'Ga Xx'), 6, 'unknown element "Xx"'],
    ['too few counts', GAAS.replace('1 1', '1'), 7, 'expected 2 counts'],
    ['a negative count', GAAS.replace('1 1', '1 -1'), 7, 'expected counts of atoms'],
    ['no mode', GAAS.replace('Direct', 'Fractional'), 8, 'expected "Direct" or "Cartesian"'],
    ['a missing atom', GAAS.replace('.25 .25 .25\n', ''), 10, 'the position of atom 2 of 2'],
  ])('with %s says in which line', (_, text, line, message) => {
    const error = failure(() => readPoscar(text));
    expect(error.line).toBe(line);
    expect(error.message).toMatch(new RegExp(message));
  });
});

describe('structure text', () => {
  const fraction = fc.integer({ min: 0, max: 999_999 }).map((n) => n / 1e6);
  const structure = fc
    .record({
      edges: fc.tuple(...Array.from({ length: 3 }, () => fc.integer({ min: 2000, max: 20000 }).map((n) => n / 1000))),
      angles: fc.tuple(...Array.from({ length: 3 }, () => fc.integer({ min: 70, max: 110 }))),
      elements: fc.uniqueArray(fc.constantFrom('Ga', 'As', 'O', 'Fe'), { minLength: 1 }),
      position: fc.tuple(fraction, fraction, fraction),
    })
    .map(
      ({ edges, angles, elements, position: [x, y, z] }) =>
        read(
          cif({
            cell: [...edges, ...angles],
            atoms: elements.map((element, i) => `${element} ${x} ${y} ${(z + i * 0.25) % 1}`),
          }),
        ).structure,
    );

  it('is read back as the same cell and sites, from CIF and from POSCAR', () => {
    fc.assert(
      fc.property(structure, (given) => {
        const fromCif = read(structureToCif(given, 'a name')).structure;
        const fromPoscar = readPoscar(structureToPoscar(given, 'a name')).structure;
        for (const back of [fromCif, fromPoscar]) {
          expect(back.sites).toEqual(given.sites);
          expect(back.lattice.volume).toBeCloseTo(given.lattice.volume, 3);
          expect(back.lattice.beta).toBeCloseTo(given.lattice.beta, 5);
        }
      }),
      { seed: 10, numRuns: 100 },
    );
  });

  it('says in a POSCAR that occupancies are lost', () => {
    const { structure: disordered } = read(
      cif({ cell: [4, 4, 4, 90, 90, 90], columns: ['_atom_site_occupancy'], atoms: ['Fe 0 0 0 0.5'] }),
    );
    expect(structureToPoscar(disordered, 'Fe').split('\n')[0]).toBe(
      'Fe (disordered: 1 partially occupied sites are written as occupied)',
    );
  });
});

describe('the CIF reader', () => {
  it('crashes on no input: it reads it or says where it is wrong', () => {
    const piece = fc.constantFrom(
      'data_x',
      'loop_',
      '_a',
      '_cell_length_a',
      "'",
      '"',
      ';',
      '\n',
      ' ',
      '1(2',
      '5.6',
      '?',
      '#',
      'x,y,z',
      '_atom_site_label',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        try {
          [...parseCif(pieces.join(''))].map(readCifBlock);
        } catch (error) {
          expect(error).toBeInstanceOf(FileFormatError);
        }
      }),
      { seed: 11, numRuns: 500 },
    );
  });
});
