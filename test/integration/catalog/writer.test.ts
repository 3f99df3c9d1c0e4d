import { parseFormula } from '../../../src/chemistry';
import { createCatalog, createCatalogWriter } from '../../../src/catalog';
import {
  type Catalog,
  type CatalogWriter,
  InputError,
  type MaterialInput,
  type MeasurementInput,
  type StructureRecord,
} from '../../../src/domain';
import { apartFromSources, createTestDatabase, type TestDatabase } from '../../support/database';
import { material, SOURCE } from '../../support/materials';

let test: TestDatabase;
let catalog: Catalog;
let writer: CatalogWriter;
beforeEach(async () => {
  test = await createTestDatabase();
  catalog = createCatalog(test.database);
  writer = createCatalogWriter(test.database);
});
afterEach(() => test.drop());

const STRUCTURE: StructureRecord = {
  lattice: { a: 5.6533, b: 5.6533, c: 5.6533, alpha: 90, beta: 90, gamma: 90, volume: 180.68 },
  sites: [
    { element: 'Ga', occupancy: 1, x: 0, y: 0, z: 0 },
    { element: 'As', occupancy: 0.1 + 0.2, x: 0.25, y: 1 / 3, z: 0.25 },
  ],
};
const GAP: MeasurementInput = {
  property: 'BAND_GAP',
  value: 1.42,
  unit: 'eV',
  fidelity: 'EXPERIMENT',
  doi: '10.1000/gap',
};
const GAAS: MaterialInput = {
  externalId: 'x-1',
  composition: parseFormula('Ga4As4'),
  name: 'gallium arsenide',
  spaceGroupNumber: 216,
  spaceGroupSymbol: 'F-43m',
  density: 5.32,
  doi: '10.1000/gaas',
  structure: STRUCTURE,
  measurements: [GAP, { ...GAP, property: 'DENSITY', value: 5.3176, unit: 'g/cm^3', conditions: { temperature: 300 } }],
};

describe('a material', () => {
  it('comes back as it went in', async () => {
    const { created, updated, ids } = await writer.upsertMaterials(SOURCE, [GAAS]);
    expect({ created, updated }).toEqual({ created: 1, updated: 0 });
    const [found] = await catalog.materialsByIds(ids);
    expect(found).toEqual({
      id: ids[0],
      externalId: 'x-1',
      name: 'gallium arsenide',
      composition: GAAS.composition,
      spaceGroupNumber: 216,
      spaceGroupSymbol: 'F-43m',
      density: 5.32,
      source: { id: expect.any(String), ...SOURCE, doi: '10.1000/gaas' },
      createdAt: expect.any(Date),
      updatedAt: expect.any(Date),
    });
    expect(await catalog.structuresByMaterialIds(ids)).toEqual([STRUCTURE]);
    const [measurements] = await catalog.measurementsByMaterialIds(ids, null, 10);
    expect(measurements).toEqual([
      expect.objectContaining({ property: 'DENSITY', value: 5.3176, unit: 'g/cm^3', conditions: { temperature: 300 } }),
      expect.objectContaining({
        property: 'BAND_GAP',
        value: 1.42,
        uncertainty: null,
        conditions: {},
        materialId: ids[0],
      }),
    ]);
    expect(measurements![0]!.composition).toEqual(GAAS.composition);
    expect(measurements![0]!.source).toEqual(expect.objectContaining({ name: SOURCE.name, doi: '10.1000/gap' }));
  });

  it('is updated by (source, externalId), with everything that hangs on it', async () => {
    const first = await writer.upsertMaterials(SOURCE, [GAAS]);
    const before = (await catalog.measurementsByMaterialIds(first.ids, 'BAND_GAP', 1))[0]!;
    const second = await writer.upsertMaterials(SOURCE, [
      {
        ...GAAS,
        composition: parseFormula('GaAs'),
        name: null,
        structure: null,
        measurements: [GAP, { ...GAP, value: 1.43 }],
      },
    ]);
    // The measurement that is the same except for the formula unit is another statement about another unit.
    expect(second).toEqual({ created: 0, updated: 1, ids: first.ids });
    const [found] = await catalog.materialsByIds(first.ids);
    expect([found!.name, found!.composition.input]).toEqual([null, 'GaAs']);
    expect(await catalog.structuresByMaterialIds(first.ids)).toEqual([null]);
    const after = (await catalog.measurementsByMaterialIds(first.ids, null, 10))[0]!;
    expect(after.map(({ value }) => value)).toEqual([1.43, 1.42]);
    expect(after.map(({ id }) => id)).not.toContain(before[0]!.id);
  });

  it('imported twice is one, and its measurements keep their ids', async () => {
    const { ids } = await writer.upsertMaterials(SOURCE, [GAAS]);
    const before = await catalog.measurementsByMaterialIds(ids, null, 10);
    await writer.upsertMaterials(SOURCE, [GAAS]);
    expect(await catalog.measurementsByMaterialIds(ids, null, 10)).toEqual(before);
    expect((await catalog.count({})).count).toBe(1);
  });

  it('of another source, or without an externalId, is another one of the same composition', async () => {
    const batch = [GAAS, { ...GAAS, externalId: null }, { ...GAAS, externalId: null }];
    const a = await writer.upsertMaterials(SOURCE, batch);
    const b = await writer.upsertMaterials({ name: 'Another' }, [GAAS]);
    const [found] = await catalog.materialsByCompositionKeys([GAAS.composition.key], 10);
    expect(found!.map(({ id }) => id)).toEqual([...a.ids, ...b.ids]);
  });

  it('takes what the source leaves open from the source of before', async () => {
    await writer.upsertMaterials(SOURCE, [GAAS]);
    const { ids } = await writer.upsertMaterials({ name: SOURCE.name, doi: '10.1000/set' }, [{ ...GAAS, doi: null }]);
    expect((await catalog.materialsByIds(ids))[0]!.source).toMatchObject({ ...SOURCE, doi: '10.1000/set' });
  });
});

describe('a batch', () => {
  it('of any length takes the same few statements', async () => {
    const batch = (n: number) =>
      Array.from({ length: n }, (_, i) => ({
        ...GAAS,
        externalId: `b-${n}-${i}`,
        composition: parseFormula(`GaAs${i + 1}`),
      }));
    const one = await test.statements(() => writer.upsertMaterials(SOURCE, batch(1)));
    const many = await test.statements(() => writer.upsertMaterials(SOURCE, batch(500)));
    expect(many.sql.length).toBe(one.sql.length);
    expect(many.sql.length).toBeLessThanOrEqual(9);
    expect(many.result.created).toBe(500);
  });

  it('is stored whole or not at all', async () => {
    const broken = { ...GAAS, externalId: 'x-2', spaceGroupNumber: 1e9 };
    await expect(writer.upsertMaterials(SOURCE, [GAAS, broken])).rejects.toThrow();
    await expect(
      writer.atomically(async (inner) => {
        await inner.upsertMaterials(SOURCE, [GAAS]);
        await inner.addMeasurements(SOURCE, [{ ...GAP, composition: GAAS.composition }]);
        throw new Error('the last row was bad');
      }),
    ).rejects.toThrow('the last row was bad');
    expect((await catalog.count({})).count).toBe(0);
    expect(await catalog.knownCompositionKeys([GAAS.composition.key])).toEqual(new Set());
  });

  it('may run beside another one with the same materials in another order', async () => {
    const batch = Array.from({ length: 60 }, (_, i) => ({
      ...GAAS,
      externalId: `c-${i}`,
      composition: parseFormula(`Fe${i + 1}O3`),
    }));
    const orders = [batch, [...batch].reverse(), [...batch.slice(30), ...batch.slice(0, 30)]];
    const results = await Promise.all(orders.map((order) => writer.upsertMaterials(SOURCE, order)));
    expect(results.reduce((sum, { created }) => sum + created, 0)).toBe(60);
    expect((await catalog.count({})).count).toBe(60);
  });

  it.each<[string, MaterialInput, string]>([
    ['NaN', { ...GAAS, density: NaN }, '1.density'],
    ['an infinite measurement', { ...GAAS, measurements: [{ ...GAP, value: Infinity }] }, '1.measurements.0.value'],
    ['a NUL character', { ...GAAS, name: 'a\0b' }, '1.name'],
    ['half a surrogate pair', { ...GAAS, name: 'a\ud83d' }, '1.name'],
    ['an externalId twice', GAAS, '1.externalId'],
  ])('with %s is refused by its place', async (_, bad, path) => {
    const good = { ...GAAS, externalId: bad === GAAS ? 'x-1' : 'good', name: '\\u0000 😀' };
    const error = await writer.upsertMaterials(SOURCE, [good, bad]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).fields[0]!.path.join('.')).toBe(path);
    expect((await catalog.count({})).count).toBe(0);
    const { ids } = await writer.upsertMaterials(SOURCE, [good]);
    expect((await catalog.materialsByIds(ids))[0]!.name).toBe('\\u0000 😀');
  });
});

describe('a measurement of a composition alone', () => {
  it('belongs to the composition and is stored once', async () => {
    const batch = [{ ...GAP, composition: GAAS.composition }];
    expect(await writer.addMeasurements(SOURCE, batch)).toBe(1);
    expect(await writer.addMeasurements(SOURCE, batch)).toBe(0);
    const [found] = await catalog.measurementsByCompositionKeys([GAAS.composition.key], 'BAND_GAP', 10);
    expect(found).toEqual([expect.objectContaining({ materialId: null, value: 1.42 })]);
    expect(await catalog.measurementsByIds([found![0]!.id])).toEqual(found);
  });
});

describe('the batched reads', () => {
  it('tell the address of a source as it was changed last, or that of the material itself', async () => {
    const source = { name: 'moved', url: 'https://example.org/old', doi: '10.1000/old' };
    const [gaas, quartz] = [material('GaAs', { externalId: 'm-1' }), material('SiO2', { externalId: 'm-2' })];
    const { ids } = await writer.upsertMaterials(source, [gaas, { ...quartz, url: 'https://example.org/quartz' }]);
    const cited = async () =>
      (await catalog.materialsByIds(ids)).map((found) => [found!.source.url, found!.source.doi]);
    expect(await cited()).toEqual([
      ['https://example.org/old', '10.1000/old'],
      ['https://example.org/quartz', '10.1000/old'],
    ]);
    await writer.upsertMaterials({ ...source, url: 'https://example.org/new' }, [gaas]);
    expect((await cited())[0]).toEqual(['https://example.org/new', '10.1000/old']);
  });

  it('are one statement each, keep the order, and answer null or nothing for what is not there', async () => {
    const { ids } = await writer.upsertMaterials(
      SOURCE,
      ['GaAs', 'SiO2', 'SiO2'].map((formula, i) =>
        material(formula, { externalId: `d-${i}`, measurements: [GAP, { ...GAP, value: i }] }),
      ),
    );
    const [gaas, quartz] = ['GaAs', 'SiO2'].map((formula) => parseFormula(formula).key) as [string, string];
    const absent = '00000000-0000-7000-8000-000000000000';
    const asked = [ids[2]!, absent, 'not an id', ids[0]!, ids[2]!];
    const names = (found: readonly ({ externalId: string | null } | null)[]) =>
      found.map((one) => one && one.externalId);

    const byIds = await test.statements(() => catalog.materialsByIds(asked));
    expect(names(byIds.result)).toEqual(['d-2', null, null, 'd-0', 'd-2']);
    const byKeys = await test.statements(() =>
      catalog.materialsByCompositionKeys([quartz, 'Xe1000000', gaas, quartz], 1),
    );
    expect(byKeys.result.map(names)).toEqual([['d-1'], [], ['d-0'], ['d-1']]);
    const structures = await test.statements(() => catalog.structuresByMaterialIds(asked));
    expect(structures.result).toEqual([null, null, null, null, null]);
    const ofMaterials = await test.statements(() => catalog.measurementsByMaterialIds(asked, 'BAND_GAP', 1));
    expect(ofMaterials.result.map((list) => list.map(({ value }) => value))).toEqual([[2], [], [], [0], [2]]);
    const ofKeys = await test.statements(() => catalog.measurementsByCompositionKeys([quartz, gaas], null, 3));
    expect(ofKeys.result.map((list) => list.map(({ value }) => value))).toEqual([
      [2, 1.42, 1],
      [0, 1.42],
    ]);
    const known = await test.statements(() => catalog.knownCompositionKeys([gaas, 'Xe1000000']));
    expect(known.result).toEqual(new Set([gaas]));

    for (const { sql } of [byIds, byKeys, structures, ofMaterials, ofKeys, known]) {
      expect(apartFromSources(sql)).toHaveLength(1);
    }
  });
});
