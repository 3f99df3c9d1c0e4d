import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createCatalog, createCatalogWriter } from '../../../src/catalog';
import { importMaterials } from '../../../src/catalog/import';
import { SEED_FOLDER, seedCatalogue } from '../../../src/catalog/seed';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let test: TestDatabase;
beforeEach(async () => {
  test = await createTestDatabase();
});
afterEach(() => test.drop());

const catalog = () => createCatalog(test.database);

describe('the starter catalogue', () => {
  it('is 300 or more crystals, each with a structure, a licence and a link', async () => {
    const report = await seedCatalogue(test.database);
    expect(report!.materials).toBeGreaterThanOrEqual(300);
    const client = new Client({ connectionString: test.url });
    await client.connect();
    try {
      const { rows } = await client.query(
        'SELECT count(*)::int AS all, count(s.material_id)::int AS structures, count(m.url)::int AS linked, count(o.licence)::int AS licensed FROM materials m JOIN sources o ON o.id = source_id LEFT JOIN structures s ON s.material_id = m.id',
      );
      const { all, ...counts } = rows[0];
      expect(all).toBe(report!.materials);
      expect(counts).toEqual({ structures: all, linked: all, licensed: all });
      const measured = await client.query(
        'SELECT count(*)::int AS all, count(coalesce(o.doi, o.url))::int AS cited FROM measurements JOIN sources o ON o.id = source_id',
      );
      expect(measured.rows[0]).toEqual({ all: report!.measurements, cited: report!.measurements });
    } finally {
      await client.end();
    }
  });

  it.each([
    ['NaCl', '9008678', 8],
    ['SiO2', '5000035', 9],
    ['C', '9008564', 8],
  ])('holds %s of COD %s with %i sites', async (formula, externalId, sites) => {
    await seedCatalogue(test.database);
    const { edges } = await catalog().search({ formula }, { first: 20 });
    const material = edges.find(({ node }) => node.externalId === externalId)!.node;
    const [structure] = await catalog().structuresByMaterialIds([material.id]);
    expect(structure!.sites).toHaveLength(sites);
  });

  it('converts measured values into the unit of their property', async () => {
    await seedCatalogue(test.database);
    const { edges } = await catalog().search({ formula: 'Al2O3' }, { first: 1 });
    const [found] = await catalog().measurementsByCompositionKeys([edges[0]!.node.composition.key], null, 50);
    const value = (property: string) => found!.find((one) => one.property === property);
    expect(value('MELTING_TEMPERATURE')).toMatchObject({ value: 2326.15, uncertainty: 5, unit: 'K' });
    // CODATA: −1675.7 ± 1.3 kJ/mol
    expect(value('FORMATION_ENTHALPY')!.value).toBeCloseTo(-3.4735, 4);
    expect(value('FORMATION_ENTHALPY')!.uncertainty).toBeCloseTo(0.0027, 4);
  });

  it('goes in once, also when two servers start together', async () => {
    const reports = await Promise.all([seedCatalogue(test.database), seedCatalogue(test.database)]);
    expect(reports.filter((report) => report !== null)).toHaveLength(1);
    const { count } = await catalog().count({});
    expect(await seedCatalogue(test.database)).toBeNull();
    expect((await catalog().count({})).count).toBe(count);
  });

  it('is updated when its files change, and leaves what others brought alone', async () => {
    await seedCatalogue(test.database);
    const content = 'formula,external_id\nGaAs,9008845\n';
    await importMaterials(createCatalogWriter(test.database), { format: 'CSV', content, source: { name: 'lab' } });
    const before = (await catalog().count({})).count;

    const folder = await mkdtemp(join(tmpdir(), 'beagle-seed-'));
    try {
      await cp(SEED_FOLDER, folder, { recursive: true });
      const file = join(folder, 'catalogue.jsonl');
      await writeFile(file, (await readFile(file, 'utf8')).replace('"name":"Diamond"', '"name":"Diamond (cubic)"'));
      const values = join(folder, 'measurements.csv');
      await writeFile(values, (await readFile(values, 'utf8')).replace('GaAs,BAND_GAP,1.422', 'GaAs,BAND_GAP,1.423'));
      expect(await seedCatalogue(test.database, folder)).not.toBeNull();
    } finally {
      await rm(folder, { recursive: true });
    }
    expect((await catalog().count({})).count).toBe(before);
    const { edges } = await catalog().search({ formula: 'C' }, { first: 20 });
    expect(edges.map(({ node }) => node.name)).toContain('Diamond (cubic)');
    const { edges: gaas } = await catalog().search({ formula: 'GaAs' }, { first: 20 });
    expect(gaas.map(({ node }) => node.source.name)).toContain('lab');
    const key = gaas[0]!.node.composition.key;
    const [gaps] = await catalog().measurementsByCompositionKeys([key], 'BAND_GAP', 10);
    expect(gaps!.map(({ value }) => value)).toEqual([1.423]);
  });
});
