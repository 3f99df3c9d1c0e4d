import { createCatalog, createCatalogWriter } from '../../../src/catalog';
import type {
  Catalog,
  CatalogWriter,
  InputError,
  MaterialFilter,
  MaterialOrder,
  MeasurementInput,
  PropertyKey,
} from '../../../src/domain';
import { parseFormula } from '../../../src/chemistry';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { material, SOURCE } from '../../support/materials';

const gap = (value: number): MeasurementInput => ({ property: 'BAND_GAP', value, unit: 'eV', fidelity: 'EXPERIMENT' });
const own = (...values: number[]) => ({ measurements: values.map(gap) });

let test: TestDatabase;
let catalog: Catalog;
let writer: CatalogWriter;

/** A model that has stored the predictions of some compositions, among them one of a property per formula unit. */
const MODEL = 'fake@1';
const predictions = {
  column: (property: PropertyKey) =>
    property === 'DENSITY'
      ? null
      : { property, modelId: MODEL, variant: '', perFormulaUnit: property === 'HEAT_CAPACITY' },
  complete: async () => {},
};

beforeAll(async () => {
  test = await createTestDatabase();
  catalog = createCatalog(test.database, predictions);
  writer = createCatalogWriter(test.database);
  await writer.upsertMaterials(SOURCE, [
    material('GaAs', { name: 'a', density: 5.3, spaceGroupNumber: 216, ...own(1.4, 1.5, 1.42) }),
    material('Si', { name: 'b', density: 2.3, spaceGroupNumber: 227 }),
    material('GaAs', { name: 'c', spaceGroupNumber: 186 }),
    material('Fe2O3', { name: 'd', density: 5.3, spaceGroupNumber: 167, ...own(2.2) }),
    material('LiFePO4', { name: 'e', ...own(-0.5e-3) }),
    material('O2', { name: 'f', density: 0.1 + 0.2 }),
  ]);
  await writer.upsertMaterials({ name: 'Another' }, [material('Si', { name: 'g', density: 5.3, ...own(1.17) })]);
  await writer.addMeasurements(SOURCE, [
    { ...gap(1.12), composition: parseFormula('Si') },
    { ...gap(1.1), composition: parseFormula('Si') },
    { ...gap(9), composition: parseFormula('GaAs') },
    { ...gap(7), composition: parseFormula('MgO') },
  ]);
  await test.database.predictions.registerModel(MODEL, '0'.repeat(64));
  const stored = (formula: string, property: PropertyKey, value: number, variant = '') => ({
    compositionKey: parseFormula(formula).key,
    property,
    variant,
    answer: new Uint8Array(),
    value,
    standardDeviation: 0,
    computedAt: new Date(),
  });
  await test.database.predictions.putMany(MODEL, [
    stored('GaAs', 'BAND_GAP', 1.3),
    stored('Si', 'BAND_GAP', 1.3),
    stored('O2', 'BAND_GAP', 4),
    stored('Si', 'BAND_GAP', 99, 'temperature=1'),
    stored('Fe2O3', 'HEAT_CAPACITY', 104, ';atoms=5'),
    stored('Fe2O3', 'HEAT_CAPACITY', 208, ';atoms=10'),
  ]);
});
afterAll(() => test.drop());

const walk = async (order: MaterialOrder[], size: number, forward: boolean, filter: MaterialFilter = {}) => {
  const seen: string[] = [];
  for (let cursor: string | null = null; ;) {
    const page = await catalog.search(
      filter,
      forward ? { first: size, after: cursor } : { last: size, before: cursor },
      order,
    );
    const names = page.edges.map(({ node }) => node.name!);
    if (forward) seen.push(...names);
    else seen.unshift(...names);
    if (!(forward ? page.hasNextPage : page.hasPreviousPage)) return seen.join('');
    cursor = (forward ? page.edges.at(-1) : page.edges[0])!.cursor;
  }
};

describe('an order', () => {
  // Equals stand in the order of creation, or against it under DESC; what has no value is last.
  it.each<[string, MaterialOrder[], string]>([
    ['none: creation', [], 'abcdefg'],
    ['FORMULA', [{ field: 'FORMULA' }], 'dacefbg'],
    ['FORMULA DESC', [{ field: 'FORMULA', direction: 'DESC' }], 'gbfecad'],
    ['ELEMENT_COUNT', [{ field: 'ELEMENT_COUNT' }], 'bfgacde'],
    ['ELEMENT_COUNT DESC', [{ field: 'ELEMENT_COUNT', direction: 'DESC' }], 'edcagfb'],
    ['CREATED_AT', [{ field: 'CREATED_AT' }], 'abcdefg'],
    ['CREATED_AT DESC', [{ field: 'CREATED_AT', direction: 'DESC' }], 'gfedcba'],
    ['DENSITY', [{ field: 'DENSITY' }], 'fbadgce'],
    ['DENSITY DESC', [{ field: 'DENSITY', direction: 'DESC' }], 'gdabfec'],
    ['MEASURED', [{ field: 'MEASURED', property: 'BAND_GAP' }], 'ebgadcf'],
    ['MEASURED DESC', [{ field: 'MEASURED', property: 'BAND_GAP', direction: 'DESC' }], 'cdagbef'],
    ['PREDICTED', [{ field: 'PREDICTED', property: 'BAND_GAP' }], 'abcgfde'],
    ['PREDICTED DESC', [{ field: 'PREDICTED', property: 'BAND_GAP', direction: 'DESC' }], 'fgcbaed'],
    ['two keys', [{ field: 'ELEMENT_COUNT' }, { field: 'FORMULA', direction: 'DESC' }], 'bgfacde'],
    [
      'a key without values second',
      [{ field: 'ELEMENT_COUNT' }, { field: 'MEASURED', property: 'BAND_GAP' }],
      'bgfadce',
    ],
    [
      'two keys without values',
      [
        { field: 'DENSITY', direction: 'DESC' },
        { field: 'MEASURED', property: 'BAND_GAP' },
      ],
      'gadbfec',
    ],
    [
      'three keys',
      [
        { field: 'DENSITY' },
        { field: 'ELEMENT_COUNT', direction: 'DESC' },
        { field: 'MEASURED', property: 'BAND_GAP' },
      ],
      'fbadgec',
    ],
  ])('by %s is the same on pages of any size, forward and backward', async (_, order, expected) => {
    for (const size of [1, 2, 3, 7, 8]) {
      expect(await walk(order, size, true)).toBe(expected);
      expect(await walk(order, size, false)).toBe(expected);
    }
  });

  it('goes with filters', async () => {
    const order: MaterialOrder[] = [{ field: 'DENSITY', direction: 'DESC' }];
    expect(await walk(order, 1, true, { elements: { any: ['Ga', 'O'] } })).toBe('dafec');
    expect(await walk(order, 2, false, { spaceGroupNumber: [216, 186] })).toBe('ac');
  });

  it('is part of its cursors', async () => {
    const page = await catalog.search({}, { first: 2 }, [{ field: 'DENSITY' }]);
    for (const order of [[], [{ field: 'DENSITY', direction: 'DESC' }], [{ field: 'FORMULA' }]] as MaterialOrder[][]) {
      const error = await catalog
        .search({}, { first: 1, after: page.edges[0]!.cursor }, order)
        .catch((thrown: unknown) => thrown);
      expect((error as InputError).fields).toEqual([
        { path: ['after'], message: expect.stringMatching(/another connection, filter or order/) },
      ]);
    }
  });

  it('does not lose its place when the row of the cursor changes', async () => {
    const input = material('AgCl', { externalId: 'moves', name: 'm', density: 1 });
    await writer.upsertMaterials(SOURCE, [input]);
    const order: MaterialOrder[] = [{ field: 'DENSITY' }];
    const { edges } = await catalog.search({}, { first: 2 }, order);
    expect(edges.map(({ node }) => node.name)).toEqual(['f', 'm']);
    await writer.upsertMaterials(SOURCE, [{ ...input, density: null }]);
    const next = await catalog.search({}, { first: 1, after: edges[1]!.cursor }, order);
    expect(next.edges.map(({ node }) => node.name)).toEqual(['b']);
  });

  it.each<[MaterialOrder[], string, RegExp]>([
    [[{ field: 'MEASURED' }], 'orderBy.0.property', /name one/],
    [[{ field: 'FORMULA' }, { field: 'PREDICTED' }], 'orderBy.1.property', /name one/],
    [[{ field: 'DENSITY', property: 'DENSITY' }], 'orderBy.0.property', /takes no property/],
    [[{ field: 'PREDICTED', property: 'DENSITY' }], 'orderBy.0.property', /does not predict DENSITY/],
    [[{ field: 'DENSITY' }, { field: 'DENSITY', direction: 'DESC' }], 'orderBy.1.field', /already/],
    [Array.from({ length: 6 }, () => ({ field: 'DENSITY' })), 'orderBy', /at most 5/],
  ])('%j is refused', async (order, path, message) => {
    const error = await catalog.search({}, { first: 1 }, order).catch((thrown: unknown) => thrown);
    const [field] = (error as InputError).fields;
    expect([field!.path.join('.'), field!.message]).toEqual([path, expect.stringMatching(message)]);
  });
});

describe('the measured value of a material', () => {
  const found = async (min: number, max: number) =>
    (await catalog.search({ measured: [{ property: 'BAND_GAP', min, max }] }, { first: 100 })).edges
      .map(({ node }) => node.name)
      .join('');

  it('is the median of its own measurements, else of those of its composition; ranges hold their ends', async () => {
    expect(await found(1.42, 1.42)).toBe('a');
    expect(await found(1.11, 1.11)).toBe('b');
    expect(await found(1.17, 9)).toBe('acdg');
    expect(await found(3, 4)).toBe('');
    const filter = { measured: [{ property: 'BAND_GAP' as const }, { property: 'DENSITY' as const }] };
    expect((await catalog.count(filter)).count).toBe(0);
    expect((await catalog.count({ measured: [{ property: 'BAND_GAP' }] })).count).toBe(6);
  });

  it('follows its measurements', async () => {
    const input = material('ZnO', { externalId: 'zno', name: 'z', ...own(3.3) });
    await writer.upsertMaterials(SOURCE, [input]);
    expect(await found(3.2, 3.5)).toBe('z');
    await writer.addMeasurements(SOURCE, [{ ...gap(3.4), composition: parseFormula('ZnO') }]);
    expect(await found(3.4, 3.4)).toBe('');
    await writer.upsertMaterials(SOURCE, [{ ...input, measurements: [] }]);
    expect(await found(3.4, 3.4)).toBe('z');
    await writer.upsertMaterials(SOURCE, [{ ...input, composition: parseFormula('ZnS'), measurements: [] }]);
    expect(await found(3.2, 3.5)).toBe('');
  });
});

describe('the predicted value of a material', () => {
  const found = async (property: PropertyKey, min: number, max: number) =>
    (await catalog.search({ predicted: [{ property, min, max }] }, { first: 100 })).edges
      .map(({ node }) => node.name)
      .join('');

  it('is that of its composition under default conditions, shared by polymorphs', async () => {
    expect(await found('BAND_GAP', 1.3, 1.3)).toBe('abcg');
    expect(await found('BAND_GAP', 4, 100)).toBe('f');
  });

  it('is of the formula unit as the source writes it, where the property is', async () => {
    expect(await found('HEAT_CAPACITY', 100, 110)).toBe('d');
    expect(await found('HEAT_CAPACITY', 200, 210)).toBe('');
  });
});
