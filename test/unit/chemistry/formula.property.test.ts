import fc from 'fast-check';
import { compositionOf, ELEMENTS, FormulaError, hillFormula, parseFormula } from '../../../src/chemistry';
import { FormulaParser } from '../../../src/chemistry/formula';

const SEED = { seed: 20261123 };
const symbol = fc.constantFrom(...ELEMENTS.map((element) => element.symbol));
const wholeAmount = fc.integer({ min: 1, max: 40 });
const decimalAmount = fc.integer({ min: 1, max: 99_999 }).map((n) => n / 1000);
const formulaOf = (amount: fc.Arbitrary<number>): fc.Arbitrary<(readonly [string, number])[]> =>
  fc.uniqueArray(fc.tuple(symbol, amount), { minLength: 1, maxLength: 10, selector: ([s]) => s });
const pairs = fc.oneof(formulaOf(wholeAmount), formulaOf(decimalAmount));
const text = (list: readonly (readonly [string, number])[]): string => list.map(([s, n]) => `${s}${n}`).join('');

describe('for all compositions', () => {
  it('parse ∘ print is the identity: the formula reads back to the same key and formula', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const { key, formula } = compositionOf(list);
        expect(parseFormula(formula)).toMatchObject({ key, formula });
      }),
      { ...SEED, numRuns: 2000 },
    );
  });

  it('reads the amounts that were written', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const read = parseFormula(text(list));
        expect(Object.fromEntries(read.elements.map((s, i) => [s, read.amounts[i]]))).toEqual(Object.fromEntries(list));
        expect(parseFormula(hillFormula(read))).toMatchObject({ amounts: read.amounts, atoms: read.atoms });
      }),
      SEED,
    );
  });

  it('neither the order of the elements nor the scale of the amounts matters', () => {
    const scale = fc.constantFrom(2, 3, 7, 0.5, 0.1, 1 / 3, 12.5);
    fc.assert(
      fc.property(
        pairs,
        scale,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (list, factor, random) => {
          const { key, formula } = compositionOf(list);
          const shuffled = list
            .map((pair) => ({ pair, at: random.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map(({ pair: [s, n] }) => [s, n * factor] as const);
          expect(compositionOf(shuffled)).toMatchObject({ key, formula });
        },
      ),
      { ...SEED, numRuns: 1000 },
    );
  });

  it('fractions sum to 1, arrays run in parallel, every amount is positive', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const { elements, amounts, fractions, atoms } = compositionOf(list);
        expect(fractions.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
        expect(amounts.reduce((a, b) => a + b, 0)).toBeCloseTo(atoms, 8);
        expect([amounts.length, fractions.length]).toEqual([elements.length, elements.length]);
        expect(Math.min(...amounts)).toBeGreaterThan(0);
      }),
      SEED,
    );
  });

  it('different reduced whole-number formulas have different keys', () => {
    fc.assert(
      fc.property(formulaOf(wholeAmount), formulaOf(wholeAmount), (a, b) => {
        const [one, other] = [compositionOf(a), compositionOf(b)];
        expect(one.key === other.key).toBe(one.formula === other.formula);
      }),
      SEED,
    );
  });
});

describe('for all inputs', () => {
  const alphabet = [...'GaAsFeOHx0123456789.·*()[]{}+-^/,eδ₂²½ DT_💥'].concat('CuSO4', '5H2O', '\u0000', '\ud800');
  const formulaLike = fc.array(fc.constantFrom(...alphabet), { maxLength: 60 }).map((parts) => parts.join(''));
  const anything = fc.oneof(formulaLike, fc.string({ maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 60 }));

  it('either reads a sound composition or throws a FormulaError with a position inside the input', () => {
    let read = 0;
    fc.assert(
      fc.property(anything, (input) => {
        try {
          const { key, formula } = parseFormula(input);
          expect(parseFormula(formula)).toMatchObject({ key, formula });
          read++;
        } catch (error) {
          if (!(error instanceof FormulaError)) throw error;
          expect(error.position).toBeGreaterThanOrEqual(0);
          expect(error.position).toBeLessThanOrEqual(input.length);
          expect(error.message).toContain('position');
        }
      }),
      { ...SEED, numRuns: 20_000 },
    );
    expect(read).toBeGreaterThan(100);
  });

  it.each([
    ['elements', 'Fe'],
    ['amounts', 'Fe0.123456'],
    ['brackets', '(Fe)2'],
    ['hydrates', 'Fe·'],
    ['digits', '1'],
    ['dots', '.'],
    ['signs', '+'],
  ])('works in proportion to the length: %s', (_name, unit) => {
    const steps = (length: number): number => {
      const parser = new FormulaParser(`Fe${unit.repeat(Math.floor((length - 4) / unit.length))}Fe`);
      try {
        parser.parse();
      } catch (error) {
        if (!(error instanceof FormulaError)) throw error;
      }
      return parser.steps;
    };
    expect(steps(1000)).toBeLessThan(2.5 * steps(500) + 500);
    expect(steps(1000)).toBeLessThan(200 * 1000);
  });

  it('works in proportion to the length in the deepest nest of many elements', () => {
    const contents = ELEMENTS.map((element) => element.symbol).join('');
    const parser = new FormulaParser(`${'('.repeat(32)}${contents}${')'.repeat(32)}`);
    expect(parser.parse().elements).toHaveLength(118);
    expect(parser.steps).toBeLessThan(200 * 1000);
  });
});
