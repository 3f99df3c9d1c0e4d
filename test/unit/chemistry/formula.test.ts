import { compositionOf, FormulaError, parseFormula } from '../../../src/chemistry';

const amounts = (formula: string): Record<string, number> => {
  const { elements, amounts: values } = parseFormula(formula);
  return Object.fromEntries(elements.map((symbol, i) => [symbol, values[i]])) as Record<string, number>;
};
const refusal = (formula: string): FormulaError => {
  try {
    parseFormula(formula);
  } catch (error) {
    if (error instanceof FormulaError) return error;
    throw error;
  }
  throw new Error(`${formula} was read`);
};

describe('parseFormula reads', () => {
  it.each([
    ['GaAs', { Ga: 1, As: 1 }],
    ['Ca(OH)2', { Ca: 1, O: 2, H: 2 }],
    ['K4[Fe(CN)6]·3H2O', { K: 4, Fe: 1, C: 6, N: 6, H: 6, O: 3 }],
    ['{[(H2)2]2}2', { H: 16 }],
    ['CuSO4·5H2O', { Cu: 1, S: 1, O: 9, H: 10 }],
    ['CuSO4 • 5 H2O', { Cu: 1, S: 1, O: 9, H: 10 }],
    ['CuSO4*5H2O', { Cu: 1, S: 1, O: 9, H: 10 }],
    ['CuSO4.5H2O', { Cu: 1, S: 1, O: 9, H: 10 }],
    ['CaSO4.0.5H2O', { Ca: 1, S: 1, O: 4.5, H: 1 }],
    ['CaSO4·½H2O', { Ca: 1, S: 1, O: 4.5, H: 1 }],
    ['3CaO.Al2O3.6H2O', { Ca: 3, Al: 2, O: 12, H: 12 }],
    ['Al2.5O4', { Al: 2.5, O: 4 }],
    ['Fe0.62C0.000953', { Fe: 0.62, C: 0.000953 }],
    ['Sr1/2O', { Sr: 0.5, O: 1 }],
    ['La₀.₅Sr₁.₅O₄', { La: 0.5, Sr: 1.5, O: 4 }],
    ['CuSO₄.5H₂O', { Cu: 1, S: 1, O: 9, H: 10 }],
    ['H_2O', { H: 2, O: 1 }],
    [' Fe2 O3 ', { Fe: 2, O: 3 }],
    ['Fe3+', { Fe: 1 }],
    ['Fe+3', { Fe: 1 }],
    ['NH4+', { N: 1, H: 4 }],
    ['SO4^2-', { S: 1, O: 4 }],
    ['[SO4]2-', { S: 1, O: 4 }],
    ['SO₄²⁻', { S: 1, O: 4 }],
    ['Fe³⁺2O²⁻3', { Fe: 2, O: 3 }],
    ['KD2PO4', { K: 1, H: 2, P: 1, O: 4 }],
    ['T2O', { H: 2, O: 1 }],
    ['OgTs', { Og: 1, Ts: 1 }],
  ])('%s', (formula, expected) => expect(amounts(formula)).toEqual(expected));
});

describe('parseFormula refuses', () => {
  it.each([
    ['Xx2O3', 0, 'unknown element "Xx" at position 0 of "Xx2O3"'],
    ['FeXx2', 2, 'unknown element "Xx" at position 2 of "FeXx2"'],
    ['', 0, 'empty formula'],
    ['   ', 0, 'empty formula'],
    ['fe2o3', 0, 'did you mean "Fe"?'],
    ['So4', 0, 'did you mean "SO"?'],
    ['NaCL', 3, 'did you mean "Cl"?'],
    ['Iron', 0, 'did you mean "Fe"?'],
    ['BaTIO3', 2, 'did you mean "Ti"?'],
    ['YBa2Cu3O7-δ', 10, 'variable "δ"'],
    ['LixCoO2', 2, 'variable "x"'],
    ['O2-x', 3, 'variable "x"'],
    ['Ga(1-x)InxAs', 5, 'variable "x"'],
    ['CoSO4·nH2O', 6, 'variable "n"'],
    ['Fe1e-3O', 3, 'exponent'],
    ['Fe0,5O', 3, 'decimals have a point'],
    ['Fe0O3', 2, 'amount "0"'],
    ['Fe1000001', 2, 'at most 1000000'],
    ['(Fe1000)10000', 0, 'at most 1000000 of an element'],
    ['Fe1/0', 5, 'fraction without a denominator'],
    ['Ca(OH', 2, '"(" is never closed'],
    ['Ca(OH]2', 5, 'is closed by ")"'],
    ['Fe2O3)', 5, 'no bracket is open'],
    ['Ca()2', 3, 'element missing'],
    ['CuSO4·', 6, 'element missing'],
    ['·H2O', 0, 'element missing'],
    ['NaCl 2H2O', 5, 'directly behind'],
    ['BaO.6Fe2O3', 3, 'ambiguous dot'],
    ['Ti.5Al.5', 2, 'ambiguous dot'],
    ['Al2O3.2SiO2.2H2O', 5, 'ambiguous dot'],
    ['SO42-', 2, 'write the charge as in SO4^2-'],
    ['Fe💥', 2, 'unexpected "💥"'],
    ['Fe<script>', 2, 'unexpected "<"'],
    ['Fe1000000O0.1', 0, 'below one millionth'],
    [`${'('.repeat(40)}H${')'.repeat(40)}`, 32, 'nested too deeply'],
    ['H'.repeat(10_000), 1000, 'at most 1000'],
  ])('%s', (formula, position, message) => {
    const error = refusal(formula);
    expect(error).toMatchObject({ code: 'INVALID_FORMULA', formula, position });
    expect(error.message).toContain(message);
    expect(error.message.length).toBeLessThan(250);
  });
});

describe('compositionOf', () => {
  it('adds up an element that comes twice, drops zeros and rounding noise, orders by electronegativity', () => {
    const composition = compositionOf([
      ['As', 1],
      ['In', 0.1 + 0.2 - 0.3],
      ['Ga', 0.5],
      ['Al', 0],
      ['Ga', 0.5],
    ]);
    expect(composition).toEqual({ ...parseFormula('GaAs'), input: 'GaAs' });
  });

  it.each([
    [[['Xx', 1]], 'unknown element "Xx"'],
    [[['Fe', -1]], 'amount -1 of Fe'],
    [[['Fe', NaN]], 'amount NaN of Fe'],
    [[['Fe', 2e6]], 'it must lie between 0 and 1000000'],
    [[['Fe', 0]], 'no element'],
    [[], 'no element'],
  ] as [[string, number][], string][])('refuses %j', (pairs, message) => {
    expect(() => compositionOf(pairs)).toThrow(FormulaError);
    expect(() => compositionOf(pairs)).toThrow(message);
  });
});
