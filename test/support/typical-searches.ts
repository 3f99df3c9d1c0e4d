import type { MaterialFilter, MaterialOrder } from '../../src/domain';

/** Ten searches as people and programs make them; benchmarks time them, a test looks at their plans. */
export const TYPICAL_SEARCHES: readonly {
  readonly name: string;
  readonly filter: MaterialFilter;
  readonly order?: readonly MaterialOrder[];
}[] = [
  { name: 'everything, as it came', filter: {} },
  { name: 'compounds of two rare elements', filter: { elements: { all: ['Ga', 'As'] } } },
  {
    name: 'ternary oxides without lead',
    filter: { elements: { all: ['O'], none: ['Pb'] }, elementCount: { min: 3, max: 3 } },
  },
  { name: 'one chemical system', filter: { chemicalSystem: 'Fe-O' } },
  { name: 'nothing but these five elements', filter: { elements: { only: ['Li', 'Fe', 'P', 'O', 'F'] } } },
  { name: 'a formula with a wildcard', filter: { formula: '*2O3' } },
  {
    name: 'one stoichiometry, by density',
    filter: { anonymousFormula: 'AB2' },
    order: [{ field: 'DENSITY', direction: 'DESC' }],
  },
  {
    name: 'perovskite space groups with any of three elements',
    filter: { spaceGroupNumber: [221, 62], elements: { any: ['Ti', 'Zr', 'Hf'] } },
  },
  {
    name: 'a range of measured band gaps, widest first',
    filter: { measured: [{ property: 'BAND_GAP', min: 1, max: 1.6 }] },
    order: [{ field: 'MEASURED', property: 'BAND_GAP', direction: 'DESC' }],
  },
  {
    name: 'a range of predicted band gaps among oxides, smallest first',
    filter: { predicted: [{ property: 'BAND_GAP', min: 1, max: 1.6 }], elements: { all: ['O'] } },
    order: [{ field: 'PREDICTED', property: 'BAND_GAP' }],
  },
];
