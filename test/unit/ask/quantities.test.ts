import { ENGLISH } from '../../../src/ask';
import { answerUnit, findQuantities, readConditions, thresholdOf } from '../../../src/ask/quantities';
import { parseFormula } from '../../../src/chemistry';
import type { PropertyKey } from '../../../src/domain';

const { words } = ENGLISH;
const conditionsOf = (text: string, property: PropertyKey) =>
  readConditions(text, property, findQuantities(text, words), words);

describe('numbers of a question', () => {
  test.each([
    ['at 800 K', 800, 'K'],
    ['at 500 °C', 500, 'degC'],
    ['at 500 degrees Celsius', 500, 'degC'],
    ['at 1,200.5 kelvin', 1200.5, 'K'],
    ['above 1.5e-3 S/cm', 1.5e-3, 'S/cm'],
    ['above 2 × 10^3 W/(m K)', 2000, 'W/(m K)'],
    ['under 5 N', 5, 'N'],
    ['at 589 nm', 589, 'nm'],
    ['larger than 2 electronvolts?', 2, 'eV'],
    ['below −40 °F', -40, 'degF'],
    ['zT above 1', 1, null],
  ])('%s', (text, value, unit) => expect(findQuantities(text, words).numbers).toEqual([{ value, unit }]));

  test.each([
    ['band gap in meV?', ['meV']],
    ['how hot in °C', ['degC']],
    ['volume per atom in Å^3', ['angstrom^3/atom']],
    ['how many kelvin', ['K']],
    ['conductivity in W/(m K), please', ['W/(m K)']],
    ['used in tension, in air', []],
  ])('%s asks for a unit', (text, units) => expect(findQuantities(text, words).askedUnits).toEqual(units));
});

describe('conditions', () => {
  test('are those that the property depends on, in their own units', () => {
    expect(conditionsOf('Seebeck at 500 °C', 'SEEBECK_COEFFICIENT').conditions).toEqual({ temperature: 773.15 });
    expect(conditionsOf('zT at room temperature', 'FIGURE_OF_MERIT_ZT').conditions).toEqual({ temperature: 300 });
    expect(conditionsOf('hardness at 500 gf', 'VICKERS_HARDNESS').conditions.load).toBeCloseTo(4.903, 3);
    expect(conditionsOf('index at 589 nm', 'REFRACTIVE_INDEX').conditions).toEqual({ wavelength: 0.589 });
    expect(conditionsOf('as-cast, in compression at 900 K', 'YIELD_STRENGTH_ALLOY').conditions).toEqual({
      temperature: 900,
      processing: 'CAST',
      testType: 'COMPRESSION',
    });
  });

  test('that the property does not depend on are told apart from thresholds', () => {
    expect(conditionsOf('gap at 300 K', 'BAND_GAP')).toMatchObject({ conditions: {}, ignored: ['300 K'], left: [] });
    const { left, ignored } = conditionsOf('superconducting above 10 K', 'SUPERCONDUCTOR_TC');
    expect({ left, ignored }).toEqual({ left: [{ value: 10, unit: 'K' }], ignored: [] });
  });
});

describe('units of the answer', () => {
  const gaas = parseFormula('GaAs');
  test('convert there and back, offsets and amounts per mole included', () => {
    expect(answerUnit('BAND_GAP', 'meV', gaas).fromOwn(1.42)).toBeCloseTo(1420);
    expect(answerUnit('MELTING_TEMPERATURE', '°C', gaas).fromOwn(273.15)).toBeCloseTo(0);
    expect(answerUnit('MELTING_TEMPERATURE', 'degF', gaas).toOwn(32)).toBeCloseTo(273.15);
    expect(answerUnit('FORMATION_ENTHALPY', 'kJ/mol', gaas).fromOwn(-0.5)).toBeCloseTo(-96.485, 2);
  });
  test('a threshold is in its own unit, or in the property’s', () => {
    expect(thresholdOf([{ value: 2000, unit: 'meV' }], 'BAND_GAP', null, gaas)).toEqual({ own: 2, unit: 'meV' });
    expect(
      thresholdOf(
        [
          { value: 300, unit: 'K' },
          { value: 2, unit: null },
        ],
        'BAND_GAP',
        null,
        gaas,
      )?.own,
    ).toBe(2);
  });
});
