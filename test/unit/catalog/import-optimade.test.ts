import { ImportFileError } from '../../../src/catalog/import/problem';
import { readOptimade } from '../../../src/catalog/import/optimade';
import type { ImportedRow } from '../../../src/catalog/import/row';

async function read(document: unknown): Promise<ImportedRow[]> {
  const rows: ImportedRow[] = [];
  for await (const row of readOptimade([typeof document === 'string' ? document : JSON.stringify(document)]))
    rows.push(row);
  return rows;
}

const GAAS = {
  type: 'structures',
  id: 'mp-2534',
  attributes: {
    chemical_formula_reduced: 'AsGa',
    nperiodic_dimensions: 3,
    lattice_vectors: [
      [0, 2.8265, 2.8265],
      [2.8265, 0, 2.8265],
      [2.8265, 2.8265, 0],
    ],
    cartesian_site_positions: [
      [0, 0, 0],
      [1.41325, 1.41325, 1.41325],
    ],
    species_at_sites: ['Ga', 'As'],
    species: [
      { name: 'Ga', chemical_symbols: ['Ga'], concentration: [1] },
      { name: 'As', chemical_symbols: ['As'], concentration: [1] },
    ],
    space_group_it_number: 216,
  },
};
const withAttributes = (attributes: object) => ({
  data: [{ ...GAAS, attributes: { ...GAAS.attributes, ...attributes } }],
});

describe('an OPTIMADE response', () => {
  it('gives a material an entry, positions as fractions of the cell', async () => {
    const [row] = await read({ data: [GAAS], meta: {} });
    expect(row!.material).toMatchObject({
      externalId: 'mp-2534',
      composition: { formula: 'GaAs' },
      spaceGroup: { number: 216, symbol: 'F-43m' },
      structure: {
        sites: [
          { element: 'Ga', occupancy: 1, x: 0, y: 0, z: 0 },
          { element: 'As', occupancy: 1, x: 0.25, y: 0.25, z: 0.25 },
        ],
      },
    });
    expect(row!.material!.density).toBeCloseTo(5.317, 2);
  });

  it('may be a single entry', async () => {
    expect(await read({ data: GAAS })).toHaveLength(1);
  });

  it('keeps disorder, and leaves vacancies out', async () => {
    const [row] = await read(
      withAttributes({
        chemical_formula_reduced: 'Al0.3As0.9Ga0.7',
        species: [
          { name: 'Ga', chemical_symbols: ['Ga', 'Al'], concentration: [0.7, 0.3] },
          { name: 'As', chemical_symbols: ['As', 'vacancy'], concentration: [0.9, 0.1] },
        ],
      }),
    );
    expect(row!.material!.structure!.sites.map(({ element, occupancy }) => [element, occupancy])).toEqual([
      ['Ga', 0.7],
      ['Al', 0.3],
      ['As', 0.9],
    ]);
  });

  it('gives a layer no density, and an entry without positions no structure', async () => {
    const [layer] = await read(withAttributes({ nperiodic_dimensions: 2 }));
    expect(layer!.material).toMatchObject({ density: null, structure: expect.anything() });
    const [bare] = await read(withAttributes({ cartesian_site_positions: null }));
    expect(bare!.material).toMatchObject({ density: null, structure: null });
  });

  it.each([
    ['another type', { data: [{ ...GAAS, type: 'references' }] }, 'type'],
    ['no formula', withAttributes({ chemical_formula_reduced: null }), 'attributes.chemical_formula_reduced'],
    ['an unknown element', withAttributes({ chemical_formula_reduced: 'Xx2' }), 'attributes.chemical_formula_reduced'],
    [
      'a flat cell',
      withAttributes({
        lattice_vectors: [
          [1, 0, 0],
          [0, 1, 0],
          [1, 1, 0],
        ],
      }),
      'attributes.lattice_vectors',
    ],
    ['an undescribed species', withAttributes({ species_at_sites: ['Ga', 'Q'] }), 'attributes.species'],
    ['too few species', withAttributes({ species_at_sites: ['Ga'] }), 'attributes.species_at_sites'],
    ['another formula', withAttributes({ chemical_formula_reduced: 'AsGa2' }), 'attributes.structure sites'],
    [
      'text for a number',
      withAttributes({ cartesian_site_positions: [['a', 0, 0]] }),
      'attributes.cartesian_site_positions.0.0',
    ],
  ])('with %s says where', async (_, document, column) => {
    const [row] = await read(document);
    expect(row!.problems).toEqual([{ row: 1, column, message: expect.any(String) }]);
  });

  it.each(['', '{"data":', '{}', '{"data": 7}'])('is not %j', async (text) => {
    await expect(read(text)).rejects.toThrow(ImportFileError);
  });
});
