import {
  anonymousFormula,
  chemicalSystem,
  hillFormula,
  molarMass,
  parseFormula,
  reducedFormula,
} from '../../../src/chemistry';

describe('one composition, one key, one formula', () => {
  it.each([
    ['GaAs', ['GaAs', 'AsGa', 'As2Ga2', 'Ga0.5As0.5', 'Ga1/3As1/3', 'Ga0.333333As0.333333'], 'As500000Ga500000'],
    ['Fe2O3', ['Fe4O6', 'FeO1.5', 'O3Fe2', '(Fe2O3)7'], 'Fe400000O600000'],
    ['Sr2FeMoO6', ['SrFe0.5Mo0.5O3'], 'Fe100000Mo100000O600000Sr200000'],
    ['In0.7Ga0.3As', ['Ga3In7As10', 'Ga0.15In0.35As0.5'], 'As500000Ga150000In350000'],
    ['Sr2LaMn3O9', ['La1/3Sr2/3MnO3', 'La0.333333Sr0.666667MnO3'], 'La66667Mn200000O600000Sr133333'],
  ])('%s', (formula, others, key) => {
    for (const text of [formula, ...others]) expect(parseFormula(text)).toMatchObject({ key, formula });
  });

  it.each([
    // Ordered compounds keep whole amounts, however large the cell.
    'Y3Al5O12',
    'Li7La3Zr2O12',
    'Yb14MnSb11',
    'Na5YSi4O12',
    'Ca5P3HO13',
    'CuH10SO9',
    'KAlH24S2O20',
    'Al10V',
    'Mg17Al12',
    // Solid solutions and off-stoichiometric phases keep decimals.
    'Sr0.15La1.85CuO4',
    'K0.4Ba0.6Fe2As2',
    'BaFe1.8Co0.2As2',
    'LiAl0.05Co0.15Ni0.8O2',
    'Bi0.4Sb1.6Te3',
    'CsPbI1.2Br1.8',
    'Na0.7CoO2',
    'Fe0.95O',
    'Ba2YCu3O6.9',
    'BaY0.2Zr0.8O2.9',
    'Al0.3CrFeCoNi',
    'Zr0.412Ti0.138Be0.225Cu0.125Ni0.1',
    'Fe0.998465C0.001535',
  ])('prints %s as chemists do', (formula) => expect(parseFormula(formula).formula).toBe(formula));

  it('keeps the written unit beside the reduced formula', () => {
    expect(parseFormula('Fe4O6')).toMatchObject({ input: 'Fe4O6', amounts: [4, 6], atoms: 10, fractions: [0.4, 0.6] });
  });
});

describe('printers', () => {
  const { glucose, salt, phosphate } = {
    glucose: parseFormula('C6H12O6'),
    salt: parseFormula('CuSO4·5H2O'),
    phosphate: parseFormula('LiFePO4'),
  };

  it('orders the reduced formula by electronegativity, ties by symbol, elements without one last', () => {
    expect(reducedFormula(phosphate)).toBe('LiFePO4');
    expect(parseFormula('PdOs').formula).toBe('OsPd');
    expect(parseFormula('SeC').formula).toBe('CSe');
    expect(parseFormula('HeNa').formula).toBe('NaHe');
    expect(parseFormula('PbTe').formula).toBe('PbTe');
  });

  it('prints anonymous, Hill and chemical-system forms', () => {
    expect(anonymousFormula(phosphate)).toBe('ABCD4');
    expect(anonymousFormula(parseFormula('Fe4O6'))).toBe('A2B3');
    expect(hillFormula(glucose)).toBe('C6H12O6');
    expect(hillFormula(salt)).toBe('CuH10O9S');
    expect(hillFormula(parseFormula('NaHCO3'))).toBe('CHNaO3');
    expect(chemicalSystem(parseFormula('GaAs'))).toBe('As-Ga');
  });

  it('weighs the formula unit as written', () => {
    expect(molarMass(parseFormula('H2O'))).toBeCloseTo(18.015, 3);
    expect(molarMass(parseFormula('Fe4O6'))).toBeCloseTo(2 * 159.687, 2);
    expect(molarMass(salt)).toBeCloseTo(249.677, 2);
  });
});
