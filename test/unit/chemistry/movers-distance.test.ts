import fc from 'fast-check';
import {
  CompositionIndex,
  compositionOf,
  elementMoversDistance,
  ELEMENTS,
  formulaOfKey,
  parseFormula,
  type Composition,
} from '../../../src/chemistry';

const symbol = fc.constantFrom(...ELEMENTS.map((element) => element.symbol));
const composition: fc.Arbitrary<Composition> = fc
  .uniqueArray(fc.tuple(symbol, fc.integer({ min: 1, max: 12 })), {
    minLength: 1,
    maxLength: 5,
    selector: ([name]) => name,
  })
  .map((amounts) => compositionOf(amounts));
const distance = (a: string, b: string) => elementMoversDistance(parseFormula(a), parseFormula(b));

describe("the element mover's distance", () => {
  test('of pure elements is their distance on the scale', () => {
    expect(distance('Na', 'K')).toBe(1);
    expect(distance('Ga', 'Al')).toBe(1);
    expect(distance('He', 'H')).toBe(102);
    expect(distance('Fe', 'Co')).toBe(1);
  });

  test('of a substitution is the share of the site times the distance of the elements', () => {
    expect(distance('GaAs', 'AlAs')).toBeCloseTo(0.5);
    expect(distance('Ga0.9In0.1As', 'GaAs')).toBeCloseTo(0.05);
    expect(distance('NaCl', 'KBr')).toBeCloseTo(1);
  });

  test('knows all 118 elements', () => {
    for (const element of ELEMENTS)
      expect(elementMoversDistance(compositionOf([[element.symbol, 1]]), parseFormula('H'))).toBeLessThanOrEqual(102);
    expect(distance('Og', 'Rn')).toBe(0);
  });

  test('is a metric of compositions', () => {
    fc.assert(
      fc.property(composition, composition, composition, (a, b, c) => {
        const ab = elementMoversDistance(a, b);
        expect(elementMoversDistance(a, a)).toBe(0);
        expect(elementMoversDistance(b, a)).toBeCloseTo(ab, 9);
        expect(ab).toBeLessThanOrEqual(elementMoversDistance(a, c) + elementMoversDistance(c, b) + 1e-9);
      }),
      { seed: 3 },
    );
  });
});

describe('the index', () => {
  test('finds what comparing with everything finds', () => {
    fc.assert(
      fc.property(fc.array(composition, { maxLength: 40 }), composition, (known, asked) => {
        const all = known.map((one) => elementMoversDistance(asked, one));
        const found = CompositionIndex.of(known).nearestDistance(asked);
        if (known.length === 0) expect(found).toBe(Infinity);
        else expect(found).toBeCloseTo(Math.min(...all), 3);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  test('finds the same nearest ones in the same order as sorting all of them', () => {
    fc.assert(
      fc.property(
        fc.array(composition, { minLength: 1, maxLength: 60 }),
        composition,
        fc.integer({ min: 1, max: 12 }),
        (known, asked, count) => {
          const all = known
            .map((one, index) => ({ index, distance: elementMoversDistance(asked, one) }))
            .sort((a, b) => a.distance - b.distance)
            .slice(0, count);
          const found = CompositionIndex.of(known).nearest(asked, count);
          expect(found).toHaveLength(all.length);
          found.forEach(({ index, distance }, i) => {
            expect(distance).toBeCloseTo(all[i]?.distance ?? NaN, 6);
            expect(distance).toBeCloseTo(elementMoversDistance(asked, known[index] as Composition), 6);
          });
        },
      ),
      { seed: 4, numRuns: 300 },
    );
  });

  test('breaks ties by the place in the list', () => {
    const index = CompositionIndex.of(['NaCl', 'GaAs', 'GaAs', 'AlAs', 'InAs'].map((formula) => parseFormula(formula)));
    expect(index.nearest(parseFormula('GaAs'), 4)).toEqual([
      { index: 1, distance: 0 },
      { index: 2, distance: 0 },
      { index: 3, distance: 0.5 },
      { index: 4, distance: 0.5 },
    ]);
  });

  test('is 0 for what it holds', () => {
    const known = ['GaAs', 'Fe0.62C0.000953', 'La1/3Sr2/3MnO3'].map((formula) => parseFormula(formula));
    const index = CompositionIndex.of(known);
    for (const one of known) expect(index.nearestDistance(one)).toBe(0);
  });

  test('of some of them is the index of those alone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(composition, fc.boolean()), { maxLength: 60 }),
        composition,
        fc.integer({ min: 1, max: 6 }),
        (known, asked, count) => {
          const index = CompositionIndex.of(known.map(([one]) => one));
          const chosen = known.flatMap(([, isChosen], i) => (isChosen ? [i] : []));
          const alone = CompositionIndex.of(chosen.map((i) => (known[i] as [Composition, boolean])[0]));
          const found = index.nearest(
            asked,
            count,
            index.subset((i) => chosen.includes(i)),
          );
          expect(found).toEqual(
            alone.nearest(asked, count).map((one) => ({ ...one, index: chosen[one.index] as number })),
          );
        },
      ),
      { seed: 5, numRuns: 300 },
    );
  });

  test('of keys answers as that of their compositions', async () => {
    const known = ['NaCl', 'GaAs', 'Fe0.62C0.000953', 'La1/3Sr2/3MnO3'].map((formula) => parseFormula(formula));
    const index = await CompositionIndex.ofKeys(known.map(({ key }) => key));
    expect(index.nearest(parseFormula('KCl'), 4).map((one) => one.index)).toEqual(
      CompositionIndex.of(known)
        .nearest(parseFormula('KCl'), 4)
        .map((one) => one.index),
    );
    expect(known.map(({ key }) => formulaOfKey(key))).toEqual(known.map(({ formula }) => formula));
  });
});
