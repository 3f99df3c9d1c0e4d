import fc from 'fast-check';
import { compositionOf, elementBySymbol, parseFormula } from '../../../src/chemistry';
import { compositionRow } from '../../../src/catalog/composition-row';

describe('the row of a composition', () => {
  it('holds what searches need', () => {
    expect(compositionRow(parseFormula('Fe4O6'))).toEqual({
      key: 'Fe400000O600000',
      formula: 'Fe2O3',
      anonymousFormula: 'A2B3',
      wholeFormula: 'Fe2O3',
      wholeAnonymousFormula: 'A3B2',
      chemicalSystem: 'Fe-O',
      elements: ['Fe', 'O'],
      fractions: [0.4, 0.6],
      shares: ['Fe400000', 'O600000'],
      molarMass: expect.closeTo(159.687, 2),
    });
  });

  it('is the same for every way to write one composition, and its shares make up its key', () => {
    const symbols = ['H', 'O', 'Fe', 'Og', 'C', 'Co', 'Li'].filter((symbol) => elementBySymbol(symbol));
    const amounts = fc.uniqueArray(fc.tuple(fc.constantFrom(...symbols), fc.integer({ min: 1, max: 20 })), {
      minLength: 1,
      selector: ([symbol]) => symbol,
    });
    fc.assert(
      fc.property(amounts, fc.integer({ min: 1, max: 9 }), (parts, scale) => {
        const row = compositionRow(compositionOf(parts));
        const scaled = compositionRow(
          compositionOf([...parts].reverse().map(([symbol, amount]) => [symbol, amount * scale])),
        );
        expect(scaled).toEqual({
          ...row,
          fractions: row.fractions.map((fraction) => expect.closeTo(fraction, 12)),
          molarMass: expect.closeTo(row.molarMass, 6),
        });
        expect(row.shares.join('')).toBe(row.key);
      }),
      { seed: 4 },
    );
  });
});
