import fc from 'fast-check';
import { NumberGrammar } from '../../../src/darwin/causal/grammar';
import { fromHalf } from '../../../src/darwin/causal/decoder';
import { randomOf, sampledDistribution } from '../../../src/darwin/causal/samples';

const TEXTS = [null, ...'0123456789', '-', '.', 'e', '10', '25', '-0', '.5', 'e-', '1.5.2', ' ', 'metal', '- 1', ' 3'];
const grammar = new NumberGrammar(TEXTS);

describe('numbers under a grammar', () => {
  test('whatever is chosen of what is allowed parses, with signs and exponents among it', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (choices) => {
        const writer = grammar.start();
        let text = '';
        for (let steps = 0; ; steps++) {
          const { tokens, mayEnd } = writer.allowed();
          const options = mayEnd ? [...tokens, null] : tokens;
          expect(options.length).toBeGreaterThan(0);
          const chosen = options[choices.next().value! % options.length]!;
          if (chosen === null) break;
          text += TEXTS[chosen];
          writer.write(chosen);
          expect(steps).toBeLessThan(25);
        }
        expect(Number.isFinite(Number(text))).toBe(true);
        if (text.includes('-')) seen.add('sign');
        if (text.includes('e')) seen.add('exponent');
      }),
      { numRuns: 2000, seed: 1 },
    );
    expect([...seen].sort()).toEqual(['exponent', 'sign']);
  });

  test('a token of several characters is allowed only where all of it fits', () => {
    const allowed = () =>
      grammar
        .start()
        .allowed()
        .tokens.map((id) => TEXTS[id]);
    expect(allowed()).toEqual(expect.arrayContaining(['1', '25', '-', '-0', ' ', ' 3']));
    expect(allowed()).not.toEqual(expect.arrayContaining(['1.5.2']));
    expect(allowed()).not.toContain('metal');
    expect(allowed()).not.toContain('.5');
  });

  test('needs a token for each digit', () => {
    expect(() => new NumberGrammar(['1', '2', 'metal'])).toThrow(/no token of its own for each digit/);
  });
});

test('half precision is read as IEEE 754 says', () => {
  expect([0x0000, 0x3c00, 0xc000, 0x3555, 0x7bff, 0x0001, 0x7c00].map(fromHalf)).toEqual([
    0,
    1,
    -2,
    0.333251953125,
    65504,
    2 ** -24,
    Infinity,
  ]);
  expect(fromHalf(0x7e00)).toBeNaN();
});

test('drawn numbers are a distribution', () => {
  const drawn = sampledDistribution([3, 1, 2, 5]);
  expect(drawn).toMatchObject({ value: 2.5, mean: 2.75 });
  expect([drawn.quantile(0.001), drawn.quantile(0.999)].map(Math.round)).toEqual([1, 5]);
  expect(drawn.probabilityWithin(2, 3)).toBe(0.5);
});

test('random numbers depend on the text and the index alone, and fill the interval', () => {
  const draw = (text: string, index: number) => Array.from({ length: 1000 }, randomOf(text, index));
  expect(draw('a', 0)).toEqual(draw('a', 0));
  expect(draw('a', 1)).not.toEqual(draw('a', 0));
  const mean = draw('a', 0).reduce((sum, x) => sum + x / 1000, 0);
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
});
