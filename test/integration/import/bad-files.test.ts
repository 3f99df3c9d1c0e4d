import { Client } from 'pg';
import { createCatalogWriter } from '../../../src/catalog';
import { importMaterials, type ImportRequest } from '../../../src/catalog/import';
import { createTestDatabase, type TestDatabase } from '../../support/database';

type File = Pick<ImportRequest, 'format' | 'content'>;
const csv = (content: string): File => ({ format: 'CSV', content });
const jsonl = (content: string): File => ({ format: 'JSONL', content });
const entry = (attributes: object): File => ({
  format: 'OPTIMADE_JSON',
  content: JSON.stringify({ data: [{ type: 'structures', id: 'a', attributes }] }),
});
const cell = { a: 4, b: 4, c: 4, alpha: 90, beta: 90, gamma: 90 };

/** 200 MB without an end of line, a megabyte at a time. */
async function* endless(start: string): AsyncGenerator<string> {
  yield start;
  for (let i = 0; i < 200; i++) yield 'x'.repeat(1_000_000);
}

/** More of the corpus (import.test.ts has the rest): what each is, the row that is named, and what is said of it. */
const FILES: readonly [string, () => File, number, RegExp][] = [
  [
    'a CSV line of 200 MB',
    () => ({ format: 'CSV', content: endless('formula\n"') }),
    2,
    /longer than 1,000,000 characters/,
  ],
  [
    'a JSON line of 200 MB',
    () => ({ format: 'JSONL', content: endless('{"formula":"') }),
    1,
    /longer than 1,000,000 characters/,
  ],
  ['tabs', () => csv('formula\tname\nGaAs\tx\n'), 1, /separated by tabs/],
  ['bars', () => csv('formula|name\nGaAs|x\n'), 1, /separated by "\|"/],
  ['no formula column', () => csv('name\nx\n'), 1, /no column is named "formula"/],
  ['a column without a name', () => csv('formula,\nGaAs,\n'), 1, /column 2: has no name/],
  ['a property without a unit', () => csv('formula,band_gap\nGaAs,1\n'), 1, /names no unit/],
  ['an empty formula', () => csv('formula,name\n,x\n'), 2, /^formula: is empty/],
  ['a cell too many', () => csv('formula,name\nGaAs,x,y\n'), 2, /3 cells, but the header has 2/],
  ['a cell too few', () => csv('formula,name\nGaAs\n'), 2, /1 cells, but the header has 2/],
  ['infinity', () => csv('formula,band_gap (eV)\nGaAs,Infinity\n'), 2, /^band_gap \(eV\): "Infinity" is no number/],
  ['a decimal comma', () => csv('formula,band_gap (eV)\nGaAs,"1,42"\n'), 2, /^band_gap \(eV\): "1,42" is no number/],
  ['a negative gap', () => csv('formula,band_gap (eV)\nGaAs,-1\n'), 2, /^band_gap \(eV\): -1 eV is negative/],
  ['a class of 2', () => csv('formula,is_metal\nGaAs,2\n'), 2, /^is_metal: 2 is no class/],
  ['a space group 231', () => csv('formula,space_group\nGaAs,231\n'), 2, /^space_group: unknown space group "231"/],
  ['a density of 0', () => csv('formula,density (g/cm^3)\nGaAs,0\n'), 2, /^density \(g\/cm\^3\): 0 is no density/],
  [
    'a script as address',
    () => csv('formula,url\nGaAs,javascript:alert(1)\n'),
    2,
    /^url: .* is no http or https address/,
  ],
  ['a NUL character', () => csv('formula,name\nGaAs,a\0b\n'), 2, /^name: holds a NUL character/],
  ['a JSON list', () => jsonl('[1]\n'), 1, /expected a JSON object/],
  ['a JSON true', () => jsonl('{"formula": "Po", "name": true}\n'), 1, /^name: is boolean/],
  [
    'a structure of another compound',
    () =>
      jsonl(
        JSON.stringify({ formula: 'NaCl', structure: { lattice: cell, sites: [{ element: 'K', x: 0, y: 0, z: 0 }] } }),
      ),
    1,
    /^structure\.sites: the sites hold K, but the formula is NaCl/,
  ],
  [
    'an occupancy of 2',
    () =>
      jsonl(
        JSON.stringify({
          formula: 'Po',
          structure: { lattice: cell, sites: [{ element: 'Po', occupancy: 2, x: 0, y: 0, z: 0 }] },
        }),
      ),
    1,
    /^structure\.sites\[0\]\.occupancy: /,
  ],
  [
    'a flat cell',
    () =>
      jsonl(
        JSON.stringify({
          formula: 'Po',
          structure: { lattice: { ...cell, c: 0 }, sites: [{ element: 'Po', x: 0, y: 0, z: 0 }] },
        }),
      ),
    1,
    /^structure\.lattice: cell length c is 0/,
  ],
  ['no OPTIMADE answer', () => ({ format: 'OPTIMADE_JSON', content: '{"error": 1}' }), 1, /no OPTIMADE response/],
  ['an entry without a formula', () => entry({}), 1, /^attributes\.chemical_formula_reduced: /],
  [
    'vectors in a plane',
    () =>
      entry({
        chemical_formula_reduced: 'Po',
        lattice_vectors: [
          [1, 0, 0],
          [0, 1, 0],
          [1, 1, 0],
        ],
        cartesian_site_positions: [[0, 0, 0]],
        species_at_sites: ['Po'],
        species: [{ name: 'Po', chemical_symbols: ['Po'], concentration: [1] }],
      }),
    1,
    /^attributes\.lattice_vectors: .* do not enclose a volume/,
  ],
  ['an empty POSCAR', () => ({ format: 'POSCAR', content: ' \n' }), 1, /the file is empty/],
];

let test: TestDatabase;
let sql: Client;
beforeAll(async () => {
  test = await createTestDatabase();
  sql = new Client({ connectionString: test.url });
  await sql.connect();
});
afterAll(async () => {
  await sql.end();
  await test.drop();
});

it.each(FILES)('%s is named by row and column, and changes nothing', async (_, file, row, message) => {
  const before = process.memoryUsage().rss;
  const result = await importMaterials(createCatalogWriter(test.database), { source: { name: 'lab' }, ...file() });
  expect(result).toEqual({ imported: false, errors: [{ row, message: expect.stringMatching(message) }] });
  // A file of 200 MB takes a small part of that.
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  const { rows } = await sql.query(
    'SELECT (SELECT count(*) FROM materials) + (SELECT count(*) FROM compositions) + (SELECT count(*) FROM sources) AS n',
  );
  expect(rows).toEqual([{ n: '0' }]);
});
