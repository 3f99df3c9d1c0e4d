import fc from 'fast-check';
import { anonymousFormula, parseFormula, plausibility } from '../../../src/chemistry';
import type { DesignSpaceInput } from '../../../src/domain';
import { DiscoveryPlan } from '../../../src/discovery';
import type { DesignSpace } from '../../../src/discovery/spaces';
import { fakeKnown, fakePredictor } from './fakes';

function open(input: DesignSpaceInput): DesignSpace {
  const objectives = [{ property: 'BAND_GAP', goal: 'MAXIMIZE' }];
  const deps = { predictor: fakePredictor(), known: fakeKnown() };
  return new DiscoveryPlan({ space: input, objectives, maxCandidates: 1_000_000 }, deps).space;
}

function all(space: DesignSpace): string[] {
  return Array.from(space.scan(0, space.size), (position) => space.at(position).formula);
}

const PALETTE = ['Li', 'Na', 'Mg', 'Al', 'Ti', 'Fe', 'O', 'S', 'Cl'];
const palette = fc.uniqueArray(fc.constantFrom(...PALETTE), { minLength: 2, maxLength: 6 });

describe('enumerate', () => {
  it('holds every reduced stoichiometry within maxAtoms once, and says how many before it starts', () => {
    fc.assert(
      fc.property(palette, fc.integer({ min: 2, max: 7 }), (elements, maxAtoms) => {
        const space = open({
          enumerate: { elements, maxAtoms, elementCount: { min: 1, max: 3 }, chargeBalanced: false },
        });
        const expected = new Set<string>();
        const amounts = Array.from({ length: maxAtoms + 1 }, (_, i) => i);
        for (const [i, a] of elements.entries()) {
          for (const [j, b] of elements.entries()) {
            for (const [k, c] of elements.entries()) {
              if (!(i < j && j < k) && !(elements.length === 2 && i < j && k === 0)) continue;
              for (const x of amounts) {
                for (const y of amounts) {
                  for (const z of elements.length === 2 ? [0] : amounts) {
                    if (x + y + z === 0 || x + y + z > maxAtoms) continue;
                    const text = [x && `${a}${x}`, y && `${b}${y}`, z && `${c}${z}`].filter(Boolean).join('');
                    expected.add(parseFormula(text).key);
                  }
                }
              }
            }
          }
        }
        const found = Array.from(space.scan(0, space.size), (position) => space.at(position).key);
        expect(space.size).toBe(expected.size);
        expect(new Set(found)).toEqual(expected);
        expect(found).toHaveLength(expected.size);
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it('is the same read in parts of any size', () => {
    const space = open({ enumerate: { elements: PALETTE, maxAtoms: 6 } });
    const whole = Array.from(space.scan(0, space.size));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: space.size }), (size) => {
        const parts: number[] = [];
        for (let from = 0; from < space.size; from += size) {
          parts.push(...space.scan(from, Math.min(space.size, from + size)));
        }
        expect(parts).toEqual(whole);
      }),
      { seed: 2, numRuns: 10 },
    );
  });

  it('fills templates with every order of the elements, once', () => {
    const space = open({
      enumerate: { elements: ['Ga', 'In', 'As'], templates: ['AB', 'A2B', 'AB2', 'ABC'], chargeBalanced: false },
    });
    expect(all(space).sort()).toEqual(
      ['Ga2As', 'Ga2In', 'GaAs', 'GaAs2', 'In2As', 'In2Ga', 'InAs', 'InAs2', 'InGa', 'InGaAs']
        .map((formula) => parseFormula(formula).formula)
        .sort(),
    );
  });

  it('keeps to templates, also above the default maxAtoms, and to required elements', () => {
    const space = open({
      enumerate: { elements: ['La', 'Sr', 'Mn', 'O'], required: ['O'], templates: ['A2B2C7'], chargeBalanced: false },
    });
    const found = all(space);
    expect(found).toHaveLength(9);
    for (const formula of found) {
      expect(formula).toContain('O');
      expect(anonymousFormula(parseFormula(formula))).toBe('A2B2C7');
    }
  });

  it('keeps charge-balanced compounds alone unless told otherwise', () => {
    const binaries = (chargeBalanced: boolean) =>
      all(
        open({
          enumerate: {
            elements: ['Na', 'Cl', 'Mg', 'O'],
            elementCount: { min: 2, max: 2 },
            maxAtoms: 3,
            chargeBalanced,
          },
        }),
      );
    expect(binaries(true)).toEqual(expect.arrayContaining(['NaCl', 'MgO', 'MgCl2', 'Na2O']));
    expect(binaries(true)).not.toContain('NaCl2');
    expect(binaries(false)).toContain('NaCl2');
  });
});

/** (GaAs)x(InP)y(AlSb)z */
function mixture(x: number, y: number, z: number): string {
  const parts = [x && `(GaAs)${x}`, y && `(InP)${y}`, z && `(AlSb)${z}`];
  return parseFormula(parts.filter(Boolean).join('')).key;
}

describe('enumerate with minPlausibility', () => {
  it('keeps the compounds that are at least so plausible', () => {
    const at = (minPlausibility: number) =>
      all(
        open({
          enumerate: { elements: ['Na', 'Ti', 'Fe', 'O', 'Cl'], maxAtoms: 7, minPlausibility, chargeBalanced: false },
        }),
      );
    const [some, every] = [at(0.5), at(0)];
    expect(some.length).toBeGreaterThan(0);
    expect(some).toEqual(every.filter((formula) => plausibility(parseFormula(formula)) >= 0.5));
    expect(some.length).toBeLessThan(every.length);
  });
});

describe('mix', () => {
  const components = (...formulas: string[]) => formulas.map((formula) => ({ formula }));

  it('takes mole fractions of the formula units as they are written', () => {
    const found = all(open({ mix: { components: components('Li2O', 'SiO2'), step: 0.5 } }));
    expect(found.map((formula) => parseFormula(formula).key)).toEqual(
      ['SiO2', 'Li2OSiO2', 'Li2O'].map((formula) => parseFormula(formula).key),
    );
  });

  it('holds every grid point within the bounds, once', () => {
    const bound = fc.integer({ min: 0, max: 10 });
    fc.assert(
      fc.property(fc.array(fc.tuple(bound, bound), { minLength: 3, maxLength: 3 }), (pairs) => {
        const bounds = pairs.map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
        const expected: string[] = [];
        for (let x = bounds[0]![0]; x <= bounds[0]![1]; x++) {
          for (let y = bounds[1]![0]; y <= bounds[1]![1]; y++) {
            const z = 10 - x - y;
            if (z >= bounds[2]![0] && z <= bounds[2]![1]) expected.push(mixture(x, y, z));
          }
        }
        fc.pre(expected.length > 0);
        const named = components('GaAs', 'InP', 'AlSb').map((component, i) => {
          return { ...component, min: bounds[i]![0] / 10, max: bounds[i]![1] / 10 };
        });
        const space = open({ mix: { components: named, step: 0.1 } });
        expect(Array.from({ length: space.size }, (_, i) => space.at(i).key)).toEqual(expected);
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  it('counts a composition once where different mixtures make it', () => {
    const space = open({ mix: { components: components('FeO', 'Fe2O3', 'Fe3O4'), step: 0.25 } });
    const keys = Array.from({ length: space.size }, (_, i) => space.at(i).key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toContain(parseFormula('Fe3O4').key);
  });
});

describe('formulas', () => {
  it('are taken in their order, each composition once', () => {
    expect(all(open({ formulas: ['InAs', 'GaAs', 'As2Ga2'] }))).toEqual(['InAs', 'GaAs']);
  });
});
