import { parseFormula, PLAUSIBLE, plausibility } from '../../../src/chemistry';

const of = (formula: string): number => plausibility(parseFormula(formula));

describe('plausibility', () => {
  it.each([
    'Fe3O4', 'KMnO4', 'LiFePO4', 'Cu2O', 'CrO3', 'Hg2Cl2', 'KO2', 'Sr2FeMoO6', 'GaAs', 'NaCl', 'SrTiO3', 'MgAl2O4', 'Y3Al5O12',
    'MgB2', 'Cu3Au', 'FeTi', 'Nb3Sn', 'Al12Mg17',
  ])('%s is plausible', (formula) => expect(of(formula)).toBeGreaterThan(PLAUSIBLE)); // prettier-ignore

  it.each(['NaCl2', 'Na4Cl5O', 'He2Fe3O', 'Ca5F2', 'K6AlF', 'Mg5Br4N3', 'Cl6Br5I4'])('%s is not', (formula) =>
    expect(of(formula)).toBeLessThan(PLAUSIBLE),
  );

  it.each([
    ['NaCl', 'NaCl2'],
    ['LiFePO4', 'LiFeP3O'],
    ['Fe2O3', 'Fe5O2'],
    ['Al2O3', 'Al3O5'],
    ['Cu3Au', 'Cu5Au4'],
  ])('%s is likelier than %s', (known, unknown) => expect(of(known)).toBeGreaterThan(of(unknown)));

  it('reads a solid solution as its parent compound', () => {
    expect(of('In0.7Ga0.3As')).toBeGreaterThan(0.8 * of('InAs'));
    expect(of('La1.85Sr0.15CuO4')).toBeGreaterThan(0.5 * of('La2CuO4'));
    expect(of('CsPbI1.2Br1.8')).toBeGreaterThan(PLAUSIBLE);
  });

  it('depends on the composition alone, lies between 0 and 1, and is 1 for elements', () => {
    expect(of('Ga2As2')).toBe(of('As0.5Ga0.5'));
    expect(of('C60')).toBe(1);
    for (const formula of [
      'HHeLiBeBCNOFNe',
      'Fe0.62C0.000953',
      'Zr41.2Ti13.8Cu12.5Ni10Be22.5',
      'Og2Ts5Mc',
      'CuSO4·5H2O',
    ]) {
      expect(of(formula)).toBeGreaterThanOrEqual(0);
      expect(of(formula)).toBeLessThanOrEqual(1);
    }
  });
});
