import { ImportFileError } from '../../../src/catalog/import/problem';
import { IMPORT_READERS } from '../../../src/catalog/import/readers';
import type { ImportedMaterial, ImportedRow, ImportSource } from '../../../src/catalog/import/row';
import type { ImportFormat } from '../../../src/domain';
import { ROCKSALT } from './crystals';

async function read(format: ImportFormat, source: string | ImportSource): Promise<ImportedRow[]> {
  const rows: ImportedRow[] = [];
  for await (const row of IMPORT_READERS[format](typeof source === 'string' ? [source] : source)) rows.push(row);
  return rows;
}
const materials = async (format: ImportFormat, text: string): Promise<ImportedMaterial[]> =>
  (await read(format, text)).map((row) => {
    if (row.problems !== undefined) throw new Error(JSON.stringify(row.problems));
    return row.material;
  });
/** What is wrong: with the whole file ("file line N"), or with its rows. */
async function problems(format: ImportFormat, source: string | ImportSource): Promise<string[]> {
  try {
    return (await read(format, source)).flatMap((row) =>
      (row.problems ?? []).map(({ row: line, column, message }) => `${line} ${column ?? '-'}: ${message}`),
    );
  } catch (error) {
    if (error instanceof ImportFileError) return [`file ${error.row}: ${error.message}`];
    throw error;
  }
}

const HEADER = 'formula,external_id,name,space_group,density (g/cm^3),band_gap (eV)';

describe('CSV', () => {
  it('gives a material a row, an empty cell being an absent value', async () => {
    const [gaas, nacl] = await materials(
      'CSV',
      `${HEADER}\nGaAs,mp-2534,gallium arsenide,F-43m,5.3176,1.42\nClNa,,,225,,\n`,
    );
    expect(gaas).toMatchObject({
      externalId: 'mp-2534',
      name: 'gallium arsenide',
      spaceGroup: { number: 216, symbol: 'F-43m' },
      density: 5.3176,
      structure: null,
      measurements: [{ property: 'BAND_GAP', value: 1.42, conditions: {} }],
    });
    expect(gaas!.composition.formula).toBe('GaAs');
    expect(nacl).toMatchObject({
      externalId: null,
      name: null,
      spaceGroup: { number: 225 },
      density: null,
      measurements: [],
    });
  });

  it('converts units and gives each value the conditions that it knows', async () => {
    const [row] = await materials(
      'CSV',
      'formula,density (kg/m^3),seebeck_coefficient (V/K),band_gap (meV),temperature (°C),formation_enthalpy (kJ/mol)\nBi2Te3,7700,-0.0002,130,27,-77.4\n',
    );
    expect(row!.density).toBeCloseTo(7.7, 12);
    expect(row!.measurements[0]).toEqual({
      property: 'SEEBECK_COEFFICIENT',
      value: -200,
      conditions: { temperature: 300.15 },
    });
    expect(row!.measurements[1]!.value).toBeCloseTo(0.13, 12);
    expect(row!.measurements[1]!.conditions).toEqual({});
    expect(row!.measurements[2]!.value).toBeCloseTo(-77.4 / 96.48533 / 5, 6);
  });

  it.each([
    ['a byte order mark', `\uFEFF${HEADER}\nGaAs,1,,,,\n`],
    ['CRLF', `${HEADER}\r\nGaAs,1,,,,\r\n`],
    ['no newline at the end', `${HEADER}\nGaAs,1,,,,`],
    ['quoted cells', `${HEADER}\n"GaAs","1","a ""quoted"", name",,,\n`],
    [
      'other case and blanks in the header',
      ` Formula , EXTERNAL_ID,name,space_group,Density (g/cm^3),BAND_GAP (eV)\nGaAs,1,,,,\n`,
    ],
  ])('is read with %s', async (_, text) => {
    const rows = await materials('CSV', text);
    expect(rows.map((row) => [row.composition.formula, row.externalId])).toEqual([['GaAs', '1']]);
  });

  it('is read from pieces that split a row and a character', async () => {
    const bytes = Buffer.from(`${HEADER}\nGaAs,1,Gällium,,,1.42\nInP,2,,,,1.35\n`);
    const pieces = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
    const rows = await read('CSV', pieces);
    expect(rows.map((row) => row.material?.name)).toEqual(['Gällium', null]);
  });

  it('counts the lines of the file, whatever a quoted cell or an empty line holds', async () => {
    const text = 'formula,name\n\nGaAs,"two\nlines"\n\n\nQq,x\nInP,"three\n\nlines"\nZz,\n';
    expect((await read('CSV', text)).map(({ row }) => row)).toEqual([3, 7, 8, 11]);
  });

  it.each([
    ['an empty file', '', ['file 1: the file is empty; expected a header naming formula and other columns']],
    ['semicolons', 'formula;band_gap (eV)\nGaAs;1.42\n', ['file 1: the columns are separated by ";"; expected commas']],
    ['tabs', 'formula\tname\n', ['file 1: the columns are separated by tabs; expected commas']],
    ['no formula column', 'name\nx\n', ['file 1: the header is wrong: no column is named "formula"']],
    ['a duplicated header', 'formula,name,Name\n', ['file 1: the header is wrong: column 3: "Name" is column 2 again']],
    ['a duplicated property', 'formula,band_gap (eV),band_gap (eV)\n', ['column 3: "band_gap (eV)" is column 2 again']],
    ['a nameless column', 'formula,\nGaAs,1\n', ['column 2: has no name']],
    ['an unknown column', 'formula,band_gab (eV)\n', ['column 2: unknown column "band_gab (eV)"; expected formula, ']],
    ['a truncated column', 'formula,band (eV)\n', ['did you mean "band_gap"?']],
    [
      'a column without unit',
      'formula,band_gap\n',
      ['the column "band_gap" names no unit; expected for example "band_gap (eV)"'],
    ],
    ['an unknown unit', 'formula,band_gap (furlong)\n', ['unknown unit "furlong"; expected eV, meV, J, Ry, Ha, 1/cm']],
    ['an unclosed quote', 'formula,name\nGaAs,"abc\nInP,\n', ['a quote (") is opened and never closed']],
    ['text after a quote', 'formula,name\nGaAs,"abc"def\n', ['file 2: a closing quote (") is followed by other text']],
    ['a quote in a bare cell', 'formula,name\nGaAs,ab"c\n', ['file 2: a quote (") stands inside an unquoted cell']],
    ['too few cells', `${HEADER}\nGaAs,1\n`, ['2 -: 2 cells, but the header has 6 columns']],
    ['too many cells', `${HEADER}\nGaAs,1,,,,1,2\n`, ['2 -: 7 cells, but the header has 6 columns']],
    [
      'an unknown element',
      `${HEADER}\nGaAs,,,,,\nXx2O3,,,,,\n`,
      ['3 formula: unknown element "Xx" at position 0 of "Xx2O3"'],
    ],
    ['a negative amount', `${HEADER}\nGa-1As,,,,,\n`, ['2 formula: ']],
    ['an empty formula', `${HEADER}\n,1,,,,\n`, ['2 formula: is empty']],
    ['NaN', `${HEADER}\nGaAs,,,,,NaN\n`, ['2 band_gap (eV): "NaN" is no number']],
    ['Infinity', `${HEADER}\nGaAs,,,,,1e999\n`, ['2 band_gap (eV): "1e999" is no number']],
    ['a decimal comma', `${HEADER}\nGaAs,,,,,"1,42"\n`, ['2 band_gap (eV): "1,42" is no number']],
    ['a negative gap', `${HEADER}\nGaAs,,,,,-1\n`, ['2 band_gap (eV): -1 eV is negative; band_gap cannot be']],
    ['a class of 2', 'formula,is_metal\nGaAs,2\n', ['2 is_metal: 2 is no class']],
    ['a space group of 231', `${HEADER}\nGaAs,,,231,,\n`, ['2 space_group: unknown space group "231"']],
    ['an unknown symbol', `${HEADER}\nGaAs,,,F-44m,,\n`, ['2 space_group: unknown space group "F-44m"']],
    ['a density of 0', `${HEADER}\nGaAs,,,,0,\n`, ['2 density (g/cm^3): 0 is no density']],
    [
      'a temperature below 0 K',
      'formula,seebeck_coefficient (uV/K),temperature (degC)\nPbTe,200,-300\n',
      ['2 temperature (degC): -300 is no temperature'],
    ],
    [
      'an unknown process',
      'formula,processing\nFeNi,forged\n',
      ['2 processing: "forged"; expected CAST, ANNEALED, WROUGHT, POWDER, OTHER, UNSPECIFIED'],
    ],
  ])('with %s says where and what would be right', async (_, text, expected) => {
    const found = await problems('CSV', text);
    expect(found).toHaveLength(expected.length);
    expected.forEach((message, i) => expect(found[i]).toContain(message));
  });

  it('reports everything wrong with a row at once', async () => {
    expect(await problems('CSV', `${HEADER}\nXx,,,300,-2,abc\n`)).toHaveLength(4);
  });

  it('holds no more of a line without end than its limit', async () => {
    let pieces = 0;
    function* endless(): Generator<string> {
      yield `${HEADER}\n`;
      for (; pieces < 10_000; pieces++) yield 'A'.repeat(20_000);
    }
    const [problem] = await problems('CSV', endless());
    expect(problem).toBe('file 2: the row is longer than 1,000,000 characters; is a quote (") never closed?');
    expect(pieces).toBeLessThan(200);
  });
});

describe('JSON Lines', () => {
  const structure = {
    lattice: { a: 5.6402, b: 5.6402, c: 5.6402, alpha: 90, beta: 90, gamma: 90 },
    sites: [
      { element: 'Na', x: 0, y: 0, z: 0 },
      { element: 'Cl', x: 0.5, y: 0.5, z: 0.5 },
    ],
  };
  const row = (fields: object): string => `${JSON.stringify({ formula: 'NaCl', ...fields })}\n`;

  it('gives a material a line, with its structure and the density that follows from it', async () => {
    const [salt] = await materials('JSONL', row({ external_id: '7', 'band_gap (eV)': 8.5, name: null, structure }));
    expect(salt).toMatchObject({ externalId: '7', name: null, measurements: [{ property: 'BAND_GAP', value: 8.5 }] });
    expect(salt!.structure!.sites[0]).toEqual({ element: 'Na', occupancy: 1, x: 0, y: 0, z: 0 });
    expect(salt!.density).toBeCloseTo(2.165 / 4, 2);
  });

  it.each([
    ['an empty file', '\n\n', ['file 1: the file is empty']],
    ['no JSON', `${row({})}{"formula": NaCl}\n`, ['2 -: no JSON: ']],
    ['an array', '[1]\n', ['1 -: expected a JSON object']],
    ['an unknown key', row({ colour: 'red' }), ['1 colour: unknown column "colour"; expected formula, ']],
    ['a wrong type', row({ name: {} }), ['1 name: is object; expected text or a number']],
    ['a wrong formula', '{"formula": true}\n', ['1 formula: is boolean; expected text or a number']],
    [
      'one key twice',
      row({ 'band_gap (eV)': 1, 'Band_Gap (eV)': 2 }),
      ['1 Band_Gap (eV): band_gap (eV) is given twice'],
    ],
    [
      'a site of no element',
      row({ structure: { ...structure, sites: [{ element: 'Qq', x: 0, y: 0, z: 0 }] } }),
      ['1 structure.sites[0].element: unknown element'],
    ],
    [
      'an occupancy above 1',
      row({ structure: { ...structure, sites: [{ element: 'Na', occupancy: 2, x: 0, y: 0, z: 0 }] } }),
      ['1 structure.sites[0].occupancy: '],
    ],
    [
      'a cell that cannot be',
      row({ structure: { ...structure, lattice: { ...structure.lattice, a: -1 } } }),
      ['1 structure.lattice: cell length a is -1'],
    ],
    [
      'sites of another formula',
      row({ formula: 'KCl', structure }),
      ['1 structure.sites: the sites hold NaCl, but the formula is KCl'],
    ],
  ])('with %s says where and what would be right', async (_, text, expected) => {
    const found = await problems('JSONL', text);
    expect(found).toHaveLength(expected.length);
    expected.forEach((message, i) => expect(found[i]).toContain(message));
  });

  it('holds no more of a line without end than its limit', async () => {
    let pieces = 0;
    function* endless(): Generator<string> {
      for (; pieces < 10_000; pieces++) yield 'A'.repeat(20_000);
    }
    expect(await problems('JSONL', endless())).toEqual(['file 1: the line is longer than 1,000,000 characters']);
    expect(pieces).toBeLessThan(200);
  });
});

describe('CIF', () => {
  it('gives a material a data block; its name identifies it', async () => {
    const two = `${ROCKSALT}\n${ROCKSALT.replace('data_test', 'data_other')}`;
    const rows = await materials('CIF', two);
    expect(rows.map(({ externalId, composition }) => [externalId, composition.formula])).toEqual([
      ['test', 'NaCl'],
      ['other', 'NaCl'],
    ]);
  });
  it('reports a bad block at its own line and reads on', async () => {
    const bad = ROCKSALT.replace('Na 0 0 0', 'Na 0 zero 0');
    const rows = await read('CIF', `${bad}${ROCKSALT.replace('data_test', 'data_other')}`);
    expect(rows.map((row) => row.material?.externalId)).toEqual([undefined, 'other']);
    expect(rows[0]!.problems).toEqual([
      {
        row: 25,
        column: null,
        message: 'column 6: _atom_site_fract_y is "zero"; expected a number such as 5.6402 or 5.6402(3)',
      },
    ]);
  });
  it('stops at a breach of the syntax', async () => {
    expect(await problems('CIF', `${ROCKSALT}_x 'open\n`)).toEqual([
      "file 27: column 4: a string opened with ' is not closed on its line",
    ]);
  });
});

describe('POSCAR', () => {
  it('gives one material', async () => {
    const [gaas] = await materials(
      'POSCAR',
      'GaAs\n5.653\n0 .5 .5\n.5 0 .5\n.5 .5 0\nGa As\n1 1\nDirect\n0 0 0\n.25 .25 .25\n',
    );
    expect(gaas).toMatchObject({ name: 'GaAs', externalId: null, composition: { formula: 'GaAs' } });
  });
  it('says in which line it is wrong', async () => {
    expect(await problems('POSCAR', 'x\n0\n')).toEqual([
      '3 -: the file ends or has an empty line; expected a cell vector of three numbers',
    ]);
    expect(await problems('POSCAR', '\n')).toEqual(['file 1: the file is empty; expected a POSCAR']);
  });
});
