import { createCatalog, createCatalogWriter } from '../../../src/catalog';
import { type Catalog, InputError, type MaterialFilter, type PageRequest } from '../../../src/domain';
import { apartFromSources, createTestDatabase, type TestDatabase } from '../../support/database';
import { material, materials, SOURCE } from '../../support/materials';

let test: TestDatabase;
let catalog: Catalog;
beforeAll(async () => {
  test = await createTestDatabase();
  catalog = createCatalog(test.database);
});
afterAll(() => test.drop());

const formulasOf = async (filter: MaterialFilter): Promise<string[]> =>
  (await catalog.search(filter, { first: 100 })).edges.map(({ node }) => node.composition.input);

describe('an empty catalogue', () => {
  it('has an empty page and counts nothing', async () => {
    expect(await catalog.search({}, { first: 10 })).toEqual({ edges: [], hasNextPage: false, hasPreviousPage: false });
    expect(await catalog.count({})).toEqual({ count: 0, exact: true });
  });
});

describe('the filters', () => {
  const ALL = 'Si GaAs SiO2 Al2O3 Fe2O3 Fe4O6 FeO LiFePO4 LiFeO2 SiC Si3N4 La1.85Sr0.15CuO4 Al2S3 CrAlO3 O2';
  beforeAll(async () => {
    await createCatalogWriter(test.database).upsertMaterials(SOURCE, materials(ALL));
  });

  it.each<[string, MaterialFilter, string[]]>([
    ['none of them', {}, ALL.split(' ')],
    ['all elements', { elements: { all: ['Fe', 'O'] } }, ['Fe2O3', 'Fe4O6', 'FeO', 'LiFePO4', 'LiFeO2']],
    ['any element', { elements: { any: ['Ga', 'C'] } }, ['GaAs', 'SiC']],
    ['no element of', { elements: { none: ['O', 'Si'] } }, ['GaAs', 'Al2S3']],
    ['only elements', { elements: { only: ['Si', 'O', 'C'] } }, ['Si', 'SiO2', 'SiC', 'O2']],
    ['several at once', { elements: { all: ['O'], none: ['Fe'], any: ['Al', 'Si'] } }, ['SiO2', 'Al2O3', 'CrAlO3']],
    ['at most one element', { elementCount: { max: 1 } }, ['Si', 'O2']],
    ['exactly four elements', { elementCount: { min: 4, max: 4 } }, ['LiFePO4', 'La1.85Sr0.15CuO4']],
    ['more elements than there are', { elementCount: { min: 200_000 } }, []],
    ['a formula however written', { formula: 'O3Fe2' }, ['Fe2O3', 'Fe4O6']],
    ['a decimal formula', { formula: 'La3.7Sr0.3Cu2O8' }, ['La1.85Sr0.15CuO4']],
    ['one wildcard', { formula: '*2O3' }, ['Al2O3', 'Fe2O3', 'Fe4O6']],
    ['a wildcard in another order', { formula: 'O3*2' }, ['Al2O3', 'Fe2O3', 'Fe4O6']],
    ['two wildcards are two elements', { formula: '**O3' }, ['CrAlO3']],
    ['wildcards alone', { formula: '**' }, ['GaAs', 'FeO', 'SiC']],
    ['a wildcard is not a named element', { formula: '*O' }, ['FeO']],
    ['a wildcard in brackets', { formula: 'Li(*PO4)' }, ['LiFePO4']],
    ['a chemical system in any order', { chemicalSystem: 'O-Li-Fe' }, ['LiFeO2']],
    ['a system with a wildcard', { chemicalSystem: 'Si-*' }, ['SiO2', 'SiC', 'Si3N4']],
    ['a system of wildcards', { chemicalSystem: '*-*-*' }, ['LiFeO2', 'CrAlO3']],
    ['a system and an element', { chemicalSystem: '*-O', elements: { all: ['Fe'] } }, ['Fe2O3', 'Fe4O6', 'FeO']],
    [
      'a system of some elements only',
      { chemicalSystem: 'Si-*', elements: { only: ['Si', 'O', 'N'] } },
      ['SiO2', 'Si3N4'],
    ],
    ['a system beside the only elements', { chemicalSystem: 'Fe-O', elements: { only: ['Si', 'O'] } }, []],
    [
      'only elements, many',
      { elements: { only: 'H Li Be B C N O F Si'.split(' ') } },
      ['Si', 'SiO2', 'SiC', 'Si3N4', 'O2'],
    ],
    ['a stoichiometry', { anonymousFormula: 'A2B3' }, ['Al2O3', 'Fe2O3', 'Fe4O6', 'Al2S3']],
    ['a stoichiometry in another order', { anonymousFormula: 'A6B4' }, ['Al2O3', 'Fe2O3', 'Fe4O6', 'Al2S3']],
    ['a stoichiometry and a pattern', { anonymousFormula: 'AB', formula: '*O' }, ['FeO']],
    ['a stoichiometry and a pattern that exclude each other', { anonymousFormula: 'AB2', formula: '*O' }, []],
    ['a source', { sourceName: ['Test library', 'another'] }, ALL.split(' ')],
    ['a source that is not there', { sourceName: ['another', '\0'] }, []],
    ['a system and a count that exclude each other', { chemicalSystem: '*-O', elementCount: { min: 3 } }, []],
  ])('%s', async (_, filter, expected) => {
    expect(await formulasOf(filter)).toEqual(expected);
    expect(await catalog.count(filter)).toEqual({ count: expected.length, exact: true });
  });

  it('search and count in one statement each', async () => {
    const filter = { elements: { all: ['O'] }, formula: '*2O3', chemicalSystem: '*-O' };
    const { sql } = await test.statements(() => catalog.search(filter, { first: 100 }));
    expect(apartFromSources(sql)).toHaveLength(1);
    expect((await test.statements(() => catalog.count(filter))).sql).toHaveLength(1);
  });

  it.each<[MaterialFilter, string, RegExp]>([
    [{ elements: { all: ['Fe', 'Xx'] } }, 'filter.elements.all.1', /unknown element "Xx"/],
    [{ elements: { any: [] } }, 'filter.elements.any', /at least one/],
    [{ elementCount: { min: 4, max: 2 } }, 'filter.elementCount', /4.*above.*2/],
    [{ formula: 'Xx2O3' }, 'filter.formula', /"Xx".*position 0/],
    [{ formula: '' }, 'filter.formula', /./],
    [{ formula: '**Q3' }, 'filter.formula', /position 2 of "\*\*Q3"/],
    [{ formula: '*'.repeat(30) }, 'filter.formula', /30 wildcards/],
    [{ chemicalSystem: 'Li-Fe-' }, 'filter.chemicalSystem', /unknown element ""/],
    [{ chemicalSystem: 'Li-Li' }, 'filter.chemicalSystem', /twice/],
    [{ anonymousFormula: 'AA3' }, 'filter.anonymousFormula', /"AA3" is no stoichiometry/],
    [{ anonymousFormula: 'A0B' }, 'filter.anonymousFormula', /above 0/],
    [{ anonymousFormula: 'AB2 ' }, 'filter.anonymousFormula', /different letters/],
    [{ spaceGroupNumber: [225, 231] }, 'filter.spaceGroupNumber.1', /231 is no space group number from 1 to 230/],
    [{ spaceGroupNumber: [] }, 'filter.spaceGroupNumber', /at least one/],
    [{ sourceName: [] }, 'filter.sourceName', /at least one/],
    [
      { measured: [{ property: 'BAND_GAP' }, { property: 'DENSITY', min: 3, max: 2 }] },
      'filter.measured.1',
      /3.*above.*2/,
    ],
    [{ predicted: [{ property: 'BAND_GAP', min: 1 }] }, 'filter.predicted.0.property', /does not predict BAND_GAP/],
  ])('refuse %j', async (filter, path, message) => {
    const error = await catalog.search(filter, { first: 1 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    const [field] = (error as InputError).fields;
    expect(field!.path.join('.')).toBe(path);
    expect(field!.message).toMatch(message);
  });

  it('name every wrong field at once', async () => {
    const error = await catalog
      .count({ elements: { none: ['Q'] }, formula: ')', chemicalSystem: '?' })
      .catch((e: unknown) => e);
    expect((error as InputError).fields.map(({ path }) => path[1])).toEqual(['elements', 'formula', 'chemicalSystem']);
  });
});

describe('pages', () => {
  let test: TestDatabase;
  let catalog: Catalog;
  const names = Array.from({ length: 23 }, (_, i) => `No. ${i + 1}`);
  beforeAll(async () => {
    test = await createTestDatabase();
    catalog = createCatalog(test.database);
    const batch = names.map((name, i) => material(i % 2 ? 'GaAs' : 'Fe2O3', { name }));
    await createCatalogWriter(test.database).upsertMaterials(SOURCE, batch);
  });
  afterAll(() => test.drop());

  const walk = async (filter: MaterialFilter, forward: boolean, size: number): Promise<string[]> => {
    const seen: string[] = [];
    for (let cursor: string | null = null; ;) {
      const page = await catalog.search(
        filter,
        forward ? { first: size, after: cursor } : { last: size, before: cursor },
      );
      expect(forward ? page.hasPreviousPage : page.hasNextPage).toBe(cursor !== null);
      const here = page.edges.map(({ node }) => node.name!);
      if (forward) seen.push(...here);
      else seen.unshift(...here);
      if (!(forward ? page.hasNextPage : page.hasPreviousPage)) return seen;
      cursor = (forward ? page.edges.at(-1) : page.edges[0])!.cursor;
    }
  };

  it.each([1, 5, 22, 23, 24])('of %d walk the same rows in the same order, forward and backward', async (size) => {
    expect(await walk({}, true, size)).toEqual(names);
    expect(await walk({}, false, size)).toEqual(names);
    const odd = names.filter((_, i) => i % 2);
    expect(await walk({ formula: 'GaAs' }, true, size)).toEqual(odd);
    expect(await walk({ formula: 'GaAs' }, false, size)).toEqual(odd);
  });

  it('take both ends of a stretch', async () => {
    const { edges } = await catalog.search({}, { first: 10 });
    const page = { after: edges[1]!.cursor, before: edges[7]!.cursor };
    const found = await catalog.search({}, { first: 3, ...page });
    expect(found.edges.map(({ node }) => node.name)).toEqual(['No. 3', 'No. 4', 'No. 5']);
    expect(found.hasNextPage).toBe(true);
    const back = await catalog.search({}, { last: 3, ...page });
    expect(back.edges.map(({ node }) => node.name)).toEqual(['No. 5', 'No. 6', 'No. 7']);
  });

  it('do not move when rows are added meanwhile', async () => {
    const before = await catalog.search({}, { first: 5 });
    await createCatalogWriter(test.database).upsertMaterials(SOURCE, [material('LiF', { name: 'late' })]);
    const after = await catalog.search({}, { first: 3, after: before.edges.at(-1)!.cursor });
    expect(after.edges.map(({ node }) => node.name)).toEqual(['No. 6', 'No. 7', 'No. 8']);
  });

  it('go on with a filter that is written differently and means the same', async () => {
    const page = await catalog.search({ elements: { all: ['Fe', 'O'] } }, { first: 1 });
    const next = await catalog.search(
      { elements: { all: ['O', 'Fe', 'O'] } },
      { first: 1, after: page.edges[0]!.cursor },
    );
    expect(next.edges[0]!.node.name).toBe('No. 3');
  });

  it('refuse a cursor of another filter, and what is no cursor, by the name of the argument', async () => {
    const cursor = (await catalog.search({}, { first: 1 })).edges[0]!.cursor;
    const refused = (page: PageRequest) =>
      catalog
        .search({ formula: 'GaAs' }, page)
        .catch((error: InputError) => error.fields.map(({ path }) => path.join('.')));
    expect(await refused({ first: 1, after: cursor })).toEqual(['after']);
    expect(await refused({ last: 1, before: cursor })).toEqual(['before']);
    for (const text of ['', 'x', `${cursor}=`, cursor.slice(1), `${cursor}AA`, 'a'.repeat(10_000), '\0']) {
      expect(await refused({ first: 1, after: text })).toEqual(['after']);
    }
  });
});

describe('the count', () => {
  it('is exact up to 10,000 and an estimate above', async () => {
    const test = await createTestDatabase();
    try {
      const catalog = createCatalog(test.database);
      const writer = createCatalogWriter(test.database);
      const oxides = Array.from({ length: 5_000 }, (_, i) => material(`Al${(i % 50) + 1}O3`));
      for (let i = 0; i < 2; i++) await writer.upsertMaterials(SOURCE, oxides);
      expect(await catalog.count({})).toEqual({ count: 10_000, exact: true });
      await writer.upsertMaterials(SOURCE, oxides);
      const { count, exact } = await catalog.count({ elements: { all: ['Al'] } });
      expect(exact).toBe(false);
      expect(count).toBeGreaterThan(10_000);
      expect(await catalog.count({ formula: 'Al2O3' })).toEqual({ count: 300, exact: true });
    } finally {
      await test.drop();
    }
  });
});
