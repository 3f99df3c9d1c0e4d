import { createCatalog, createCatalogWriter, storedPredictions, type StoringPredictor } from '../../../src/catalog';
import { seedCatalogue } from '../../../src/catalog/seed';
import { createOptimadeServer, type OptimadeServer } from '../../../src/optimade';
import { evaluate } from '../../../src/optimade/evaluate';
import { checkFilter } from '../../../src/optimade/filter';
import { parseFilter } from '../../../src/optimade/filter-parser';
import { STRUCTURE_PROPERTIES } from '../../../src/optimade/structure-properties';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { material, SOURCE } from '../../support/materials';
import { FILTERS } from './filters';

interface Entry {
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

let test: TestDatabase;
let server: OptimadeServer;
let catalogue: readonly Entry[];

const MODEL = { id: 'stored@1.0.0', sha256: '0'.repeat(64) };

/** Every page of a listing. */
async function listing(parameters: Record<string, string>): Promise<Entry[]> {
  const found: Entry[] = [];
  let query: URLSearchParams | null = new URLSearchParams({ page_limit: '100', ...parameters });
  while (query) {
    const request = { path: '/structures', query, baseUrl: 'http://localhost/optimade/v1' };
    const body = await server.answer(request, async () => {});
    found.push(...(body['data'] as Entry[]));
    const { next } = body['links'] as { next: string | null };
    query = next === null ? null : new URL(next).searchParams;
  }
  return found;
}

beforeAll(async () => {
  test = await createTestDatabase();
  await seedCatalogue(test.database);
  const cube = { a: 4, b: 4, c: 4, alpha: 90, beta: 90, gamma: 90, volume: 64 };
  await createCatalogWriter(test.database).upsertMaterials(SOURCE, [
    material('In0.7Ga0.3As', { externalId: 'x5', name: 'a "quoted" name \\ with %_' }),
    material('LiFePO4', { externalId: 'x6' }),
    material('H2O2', { name: 'hydrogen peroxide' }),
    material('Fe0.5Ni0.5', {
      structure: {
        lattice: cube,
        sites: [
          { element: 'Fe', occupancy: 0.5, x: 0, y: 0, z: 0 },
          { element: 'Ni', occupancy: 0.5, x: 0, y: 0, z: 0 },
        ],
      },
    }),
  ]);
  // Predictions for every other composition.
  await test.database.predictions.registerModel(MODEL.id, MODEL.sha256);
  const keys = await test.database.catalogue.compositionKeys(1_000);
  await test.database.predictions.putMany(
    MODEL.id,
    keys
      .filter((_, i) => i % 2 === 0)
      .map((compositionKey, i) => ({
        compositionKey,
        property: 'BAND_GAP',
        variant: '',
        answer: new Uint8Array(),
        value: (i % 16) / 2,
        standardDeviation: 0,
        computedAt: new Date(0),
      })),
  );
  const predictor = {
    model: MODEL,
    storedAs: () => ({ variant: '', perFormulaUnit: false }),
  } as unknown as StoringPredictor;
  server = createOptimadeServer(createCatalog(test.database, storedPredictions(predictor)), { version: '1' });
  catalogue = await listing({ response_fields: [...STRUCTURE_PROPERTIES.keys()].join() });
});
afterAll(() => test.drop());

/** The specification's meaning, entry by entry, over what the server itself says of each. */
function expected(filter: string): string[] {
  const checked = checkFilter(
    parseFilter(filter),
    (name) => STRUCTURE_PROPERTIES.get(name) ?? null,
    () => {},
  );
  return catalogue
    .filter(({ id, attributes }) => {
      const entry: Readonly<Record<string, unknown>> = { ...attributes, id, type: 'structures' };
      return evaluate(checked, (name) => entry[name]) === true;
    })
    .map(({ id }) => id);
}

describe('filters of the specification', () => {
  it('are asked of a catalogue with all that they speak of', () => {
    expect(catalogue.length).toBeGreaterThan(300);
    const known = (name: string) => catalogue.filter(({ attributes }) => attributes[name] !== null).length;
    for (const name of ['_beagle_band_gap', '_beagle_measured_band_gap', 'nsites', '_beagle_name']) {
      expect(known(name)).toBeGreaterThan(10);
      expect(known(name)).toBeLessThan(catalogue.length);
    }
    expect(FILTERS.length).toBeGreaterThanOrEqual(60);
  });

  it.each(FILTERS)('%s', async (filter) => {
    const found = await listing({ filter, response_fields: 'nelements' });
    expect(found.map(({ id }) => id)).toEqual(expected(filter));
  });

  it('most of them find something, and not everything', () => {
    const telling = FILTERS.filter((filter) => {
      const { length } = expected(filter);
      return length > 0 && length < catalogue.length;
    });
    expect(telling.length).toBeGreaterThan(0.75 * FILTERS.length);
  });

  it('negations split the entries whose value is known in two', async () => {
    const count = async (filter: string) => (await listing({ filter, response_fields: 'nelements' })).length;
    const [above, below, known] = await Promise.all(
      ['_beagle_band_gap > 2', 'NOT _beagle_band_gap > 2', '_beagle_band_gap IS KNOWN'].map(count),
    );
    expect(above! + below!).toBe(known);
    expect(known).toBeLessThan(catalogue.length);
  });

  it('a timestamp is compared as it is shown', async () => {
    const shown = catalogue[0]!.attributes['last_modified'] as string;
    const ids = (filter: string) =>
      listing({ filter, response_fields: 'nelements' }).then((all) => all.map(({ id }) => id));
    for (const is of ['=', '!=', '<', '<=', '>', '>=']) {
      const filter = `last_modified ${is} "${shown}"`;
      expect(await ids(filter)).toEqual(expected(filter));
    }
    expect(await ids(`last_modified = "${shown}"`)).toContain(catalogue[0]!.id);
  });

  it('of relationships: the entries of one reference', async () => {
    const all = await listing({ filter: 'references.id HAS "00000000-0000-0000-0000-000000000000"' });
    expect(all).toEqual([]);
    const [source] = await test.database.catalogue.sources();
    const of = await listing({
      filter: `references.id HAS ANY "x", "${source!.id}"`,
      response_fields: '_beagle_source_name',
    });
    expect(new Set(of.map(({ attributes }) => attributes['_beagle_source_name']))).toEqual(new Set([source!.name]));
  });
});
