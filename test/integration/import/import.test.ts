import { Client } from 'pg';
import { createCatalog, createCatalogWriter } from '../../../src/catalog';
import { importMaterials, type ImportRequest } from '../../../src/catalog/import';
import type { ImportResult } from '../../../src/domain';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { cif, ROCKSALT } from '../../unit/catalog/crystals';

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
beforeEach(() => sql.query('TRUNCATE materials, compositions, measurements, structures, sources CASCADE'));

const run = (request: Omit<ImportRequest, 'source'> & Partial<ImportRequest>): Promise<ImportResult> =>
  importMaterials(createCatalogWriter(test.database), { source: { name: 'lab' }, ...request });
const csv = (content: string, more: Partial<ImportRequest> = {}): Promise<ImportResult> =>
  run({ format: 'CSV', content, ...more });

/** Every row of every table of the catalogue. */
async function contents(): Promise<unknown> {
  const tables = ['sources', 'compositions', 'materials', 'structures', 'measurements'];
  const found: unknown[] = [];
  for (const table of tables) found.push((await sql.query(`SELECT * FROM ${table} ORDER BY 1`)).rows);
  return found;
}

const GOOD =
  'formula,external_id,name,density (g/cm^3),band_gap (meV)\nGaAs,1,gallium arsenide,5.32,1424\nInP,2,,4.81,1353\n';

describe('importMaterials', () => {
  it('creates materials with their compositions and measurements, in the units of the properties', async () => {
    expect(await csv(GOOD)).toEqual({ imported: true, created: 2, updated: 0, skipped: 0, errors: [] });
    const catalog = createCatalog(test.database);
    const { edges } = await catalog.search({ formula: 'GaAs' }, { first: 10 });
    expect(edges.map(({ node }) => [node.externalId, node.name, node.density, node.source.name])).toEqual([
      ['1', 'gallium arsenide', 5.32, 'lab'],
    ]);
    const [measured] = await catalog.measurementsByMaterialIds([edges[0]!.node.id], null, 10);
    expect(measured).toMatchObject([{ property: 'BAND_GAP', value: 1.424, unit: 'eV', fidelity: 'EXPERIMENT' }]);
  });

  it('imports structures from CIF, POSCAR and JSON Lines alike', async () => {
    await run({ format: 'CIF', content: ROCKSALT });
    await run({ format: 'POSCAR', content: 'CsCl\n4.12\n1 0 0\n0 1 0\n0 0 1\nCs Cl\n1 1\nDirect\n0 0 0\n.5 .5 .5\n' });
    const lattice = { a: 4.2, b: 4.2, c: 4.2, alpha: 90, beta: 90, gamma: 90 };
    await run({
      format: 'JSONL',
      content: JSON.stringify({ formula: 'Po', structure: { lattice, sites: [{ element: 'Po', x: 0, y: 0, z: 0 }] } }),
    });
    const { rows } = await sql.query(
      'SELECT c.formula, jsonb_array_length(sites) AS sites, volume, density FROM structures s JOIN materials m ON m.id = material_id JOIN compositions c ON c.id = composition_id ORDER BY 2',
    );
    expect(rows.map(({ formula, sites }) => [formula, sites])).toEqual([
      ['Po', 1],
      ['CsCl', 2],
      ['NaCl', 8],
    ]);
    expect(rows[2].density).toBeCloseTo(2.163, 2);
  });

  it('updates what the source has already, by external id, and keeps its identity', async () => {
    await csv(GOOD);
    const before = await sql.query('SELECT id, external_id FROM materials ORDER BY external_id');
    const changed = GOOD.replace('gallium arsenide', 'GaAs (zinc blende)').replace('1353', '1344');
    expect(await csv(changed)).toMatchObject({ imported: true, created: 0, updated: 2 });
    const after = await sql.query('SELECT id, external_id, name FROM materials ORDER BY external_id');
    expect(after.rows.map(({ id, external_id }) => ({ id, external_id }))).toEqual(before.rows);
    expect(after.rows[0].name).toBe('GaAs (zinc blende)');
    const { rows } = await sql.query('SELECT value FROM measurements ORDER BY value');
    expect(rows.map(({ value }) => value)).toEqual([1.344, 1.424]);
  });

  it('keeps the same external id of another source apart', async () => {
    await csv(GOOD);
    expect(await csv(GOOD, { source: { name: 'another lab' } })).toMatchObject({ created: 2, updated: 0 });
  });

  it('skips bad rows when asked to, and reports each', async () => {
    const mixed = `${GOOD}Xx,3,,,\nAlN,4,,,abc\nGaN,5,,,3400\n`;
    const result = await csv(mixed, { onError: 'SKIP_ROW' });
    expect(result).toMatchObject({ imported: true, created: 3, skipped: 2 });
    expect(result.errors.map(({ row }) => row)).toEqual([4, 5]);
    expect(result.errors[1]!.message).toContain('band_gap (meV): "abc" is no number');
  });

  it('takes one external id once a file', async () => {
    const twice = `${GOOD}GaN,1,,,\n`;
    expect(await csv(twice)).toEqual({
      imported: false,
      errors: [{ row: 4, message: 'external_id: "1" is the external id of line 2 already' }],
    });
    expect(await csv(twice, { onError: 'SKIP_ROW' })).toMatchObject({ imported: true, created: 2, skipped: 1 });
  });

  it('writes a thousand rows in batches, a few statements each', async () => {
    const rows = Array.from({ length: 1000 }, (_, i) => `Ga${1 + (i % 40)}As${1 + Math.floor(i / 40)},${i},,,\n`);
    const progress: number[] = [];
    const { result, sql: sent } = await test.statements(() =>
      csv(GOOD.split('\n')[0] + '\n' + rows.join(''), { onProgress: (count) => progress.push(count) }),
    );
    expect(result).toMatchObject({ imported: true, created: 1000 });
    expect(progress).toEqual([1000]);
    expect(sent.length).toBeLessThanOrEqual(2 + 2 * 6);
  });

  describe('changes nothing for a bad file', () => {
    const header = 'formula,external_id,band_gap (eV)\n';
    const many = Array.from({ length: 700 }, (_, i) => `Ga${i + 1}As,${i},1\n`).join('');
    const bad: [string, Pick<ImportRequest, 'format' | 'content'>, number, string][] = [
      ['empty', { format: 'CSV', content: '' }, 1, 'the file is empty'],
      [
        'a header alone with semicolons',
        { format: 'CSV', content: 'formula;band_gap (eV)\nGaAs;1\n' },
        1,
        'separated by ";"',
      ],
      [
        'a duplicated header',
        { format: 'CSV', content: 'formula,formula\nGaAs,GaAs\n' },
        1,
        'column 2: "formula" is column 1 again',
      ],
      ['an unknown unit', { format: 'CSV', content: 'formula,band_gap (foo)\nGaAs,1\n' }, 1, 'unknown unit "foo"'],
      ['an unknown column', { format: 'CSV', content: 'formula,colour\nGaAs,red\n' }, 1, 'unknown column "colour"'],
      [
        'a good batch before a bad row',
        { format: 'CSV', content: `${header}${many}InP,x,abc\n` },
        702,
        'band_gap (eV): "abc"',
      ],
      [
        'a good batch before a torn quote',
        { format: 'CSV', content: `${header}${many}InP,"x,1\n` },
        702,
        'never closed',
      ],
      [
        'CRLF and BOM around a bad row',
        { format: 'CSV', content: `\uFEFF${header}GaAs,1,1\nInP,2,NaN\n`.replace(/\n/g, '\r\n') },
        3,
        '"NaN" is no number',
      ],
      ['a negative amount', { format: 'CSV', content: `${header}Ga-1As,1,1\n` }, 2, 'formula: '],
      ['an id of another row', { format: 'CSV', content: `${header}GaAs,1,1\nGaAs,1,1\n` }, 3, 'of line 2 already'],
      ['no JSON in line 2', { format: 'JSONL', content: '{"formula":"GaAs"}\n{"formula":\n' }, 2, 'no JSON'],
      [
        'a broken CIF',
        { format: 'CIF', content: `${ROCKSALT}data_x\nloop_\n_a _b\n1 2 3\n` },
        30,
        'its last row is incomplete',
      ],
      [
        'a CIF with NaN',
        { format: 'CIF', content: ROCKSALT.replace('Cl 0.5', 'Cl NaN') },
        26,
        '"NaN"; expected a number',
      ],
      [
        'a CIF with a wrong lattice',
        { format: 'CIF', content: cif({ cell: [4, 4, 4, 60, 60, 150], atoms: ['Na 0 0 0'] }) },
        3,
        'do not enclose a volume',
      ],
      ['a torn POSCAR', { format: 'POSCAR', content: 'x\n1\n1 0 0\n0 1 0\n' }, 5, 'a cell vector'],
    ];
    it.each(bad)('%s', async (_, request, row, message) => {
      await csv(GOOD);
      const before = await contents();
      const result = await run(request);
      expect(result).toEqual({ imported: false, errors: [{ row, message: expect.stringContaining(message) }] });
      expect(await contents()).toEqual(before);
    });
  });

  it('rejects a file that cannot be read on, whatever was good before', async () => {
    const before = await contents();
    const torn = `${GOOD}AlN,"4,,,\n`;
    const result = await csv(torn, { onError: 'SKIP_ROW' });
    expect(result).toEqual({ imported: false, errors: [{ row: 4, message: expect.stringContaining('never closed') }] });
    expect(await contents()).toEqual(before);
  });

  it('lists the first hundred mistakes of a rejected file', async () => {
    const result = await csv(`formula\n${'Xx\n'.repeat(5000)}`);
    expect(result.imported).toBe(false);
    expect(result.errors).toHaveLength(100);
    expect(result.errors.at(-1)!.row).toBe(101);
  });

  it('passes on what the database says, and changes nothing', async () => {
    async function* torn(): AsyncGenerator<string> {
      yield GOOD;
      throw new Error('the disk is gone');
    }
    const before = await contents();
    await expect(run({ format: 'CSV', content: torn() })).rejects.toThrow('the disk is gone');
    expect(await contents()).toEqual(before);
  });
});
