import fc from 'fast-check';
import {
  ChargeFilter,
  compositionOf,
  elementBySymbol,
  ELEMENTS,
  isChargeBalanced,
  oxidationStates,
  parseFormula,
} from '../../../src/chemistry';

const states = (formula: string): Record<string, number> | null => {
  const assigned = oxidationStates(parseFormula(formula));
  return assigned === null ? null : Object.fromEntries(assigned.map(({ symbol, state }) => [symbol, state]));
};

describe('the likeliest oxidation states', () => {
  it.each([
    ['Fe3O4', { Fe: 2.666667, O: -2 }],
    ['Pb3O4', { Pb: 2.666667, O: -2 }],
    ['KMnO4', { K: 1, Mn: 7, O: -2 }],
    ['LiFePO4', { Li: 1, Fe: 2, P: 5, O: -2 }],
    ['Cu2O', { Cu: 1, O: -2 }],
    ['CrO3', { Cr: 6, O: -2 }],
    ['Hg2Cl2', { Hg: 1, Cl: -1 }],
    ['KO2', { K: 1, O: -0.5 }],
    ['Na2O2', { Na: 1, O: -1 }],
    ['NaN3', { Na: 1, N: -0.333333 }],
    ['SiC', { Si: 4, C: -4 }],
    ['YBa2Cu3O7', { Y: 3, Ba: 2, Cu: 2.333333, O: -2 }],
    ['La1.85Sr0.15CuO4', { La: 3, Sr: 2, Cu: 2.15, O: -2 }],
    ['Li0.5CoO2', { Li: 1, Co: 3.5, O: -2 }],
    ['LiAlH4', { Li: 1, Al: 3, H: -1 }],
    ['C6H12O6', { C: 0, H: 1, O: -2 }],
    ['Mg2Sn', { Mg: 2, Sn: -4 }],
    ['GaSb', { Ga: 3, Sb: -3 }],
    ['Fe', { Fe: 0 }],
  ])('%s', (formula, expected) => expect(states(formula)).toEqual(expected));

  it('of Sr2FeMoO6 give iron and molybdenum eight charges together', () => {
    const { Sr, Fe = 0, Mo = 0, O } = states('Sr2FeMoO6') ?? {};
    expect([Sr, O, Fe + Mo]).toEqual([2, -2, 8]);
  });

  it.each(['NaCl2', 'Cu3Au', 'HeNa'])('%s has none', (formula) => expect(states(formula)).toBeNull());

  it('sum to zero whenever there are any, also for fractional amounts', () => {
    const symbols = ELEMENTS.slice(0, 94).map((element) => element.symbol);
    const pairs = fc.uniqueArray(fc.tuple(fc.constantFrom(...symbols), fc.integer({ min: 1, max: 24 })), {
      minLength: 2,
      maxLength: 6,
      selector: ([symbol]) => symbol,
    });
    let balanced = 0;
    fc.assert(
      fc.property(pairs, fc.constantFrom(1, 0.25, 0.1), (list, scale) => {
        const composition = compositionOf(list.map(([symbol, amount]) => [symbol, amount * scale] as const));
        const assigned = oxidationStates(composition);
        if (assigned === null) return;
        balanced++;
        const charge = assigned.reduce((sum, { state }, i) => sum + state * (composition.fractions[i] as number), 0);
        expect(Math.abs(charge)).toBeLessThan(2e-4);
      }),
      { seed: 7, numRuns: 500 },
    );
    expect(balanced).toBeGreaterThan(50);
  });
});

describe('charge balance', () => {
  it.each([
    'Fe3O4', 'KMnO4', 'LiFePO4', 'Cu2O', 'CrO3', 'Hg2Cl2', 'KO2', 'Sr2FeMoO6', 'GaAs', 'In0.7Ga0.3As', 'La1.85Sr0.15CuO4',
    'Cu3Au', 'Al12Mg17', 'FeTi', 'Nb3Sn', 'Fe',
  ])('%s is balanced', (formula) => expect(isChargeBalanced(parseFormula(formula))).toBe(true)); // prettier-ignore

  it.each(['NaCl2', 'NaO3', 'LiF2', 'Al2O5', 'MgCl3', 'K3Cl', 'NeO', 'CaF'])('%s is not', (formula) =>
    expect(isChargeBalanced(parseFormula(formula))).toBe(false),
  );

  it('asks for anions more electronegative than cations, unless told not to', () => {
    const numbers = ['Cl', 'O'].map((symbol) => elementBySymbol(symbol)?.number ?? 0);
    expect(new ChargeFilter(true).accepts(numbers, [1, 2], 2)).toBe(
      new ChargeFilter(false).accepts(numbers, [1, 2], 2),
    );
    const peroxide = ['N', 'Cl'].map((symbol) => elementBySymbol(symbol)?.number ?? 0);
    expect(new ChargeFilter(false).accepts(peroxide, [1, 3], 2)).toBe(true);
  });

  it('does not depend on the order of the elements', () => {
    const filter = new ChargeFilter();
    const number = fc.integer({ min: 1, max: 94 });
    const list = fc.uniqueArray(fc.tuple(number, fc.integer({ min: 1, max: 8 })), {
      minLength: 2,
      maxLength: 4,
      selector: ([z]) => z,
    });
    fc.assert(
      fc.property(list, (pairs) => {
        const accepts = (rows: readonly (readonly [number, number])[]): boolean =>
          filter.accepts(
            rows.map(([z]) => z),
            rows.map(([, amount]) => amount),
            rows.length,
          );
        expect(accepts([...pairs].reverse())).toBe(accepts(pairs));
      }),
      { seed: 8, numRuns: 2000 },
    );
  });
});
