import fc from 'fast-check';
import { converterTo, propertyConverter, UnknownUnitError } from '../../../src/catalog/units';
import { parseFormula } from '../../../src/chemistry';
import { PROPERTIES, PROPERTY_KEYS, type PropertyKey } from '../../../src/domain';

const convert = (property: PropertyKey, value: number, unit: string, formula = 'Al2O3'): number =>
  propertyConverter(property, unit)(value, parseFormula(formula));

describe('units', () => {
  it("know every property's own unit, and leave its values as they are", () => {
    for (const property of PROPERTY_KEYS) expect(convert(property, 1.25, PROPERTIES[property].unit)).toBe(1.25);
  });

  it.each<[PropertyKey, number, string, number]>([
    ['BAND_GAP', 1420, 'meV', 1.42],
    ['MELTING_TEMPERATURE', 1238, 'degC', 1511.15],
    ['MELTING_TEMPERATURE', 32, '°F', 273.15],
    ['GLASS_SUPERCOOLED_RANGE', 50, '°C', 50],
    ['BULK_MODULUS', 1000, 'kbar', 100],
    ['YIELD_STRENGTH_ALLOY', 1.2, 'GPa', 1200],
    ['HARDNESS_ALLOY', 9.80665, 'GPa', 1000],
    ['THERMAL_CONDUCTIVITY', 1.48, 'W/cm/K', 148],
    ['THERMAL_CONDUCTIVITY', 148, 'W·m⁻¹·K⁻¹', 148],
    ['THERMAL_CONDUCTIVITY', 148, 'W m^-1 K^-1', 148],
    ['THERMAL_CONDUCTIVITY', 148, 'W/(m·K)', 148],
    ['ELECTRICAL_CONDUCTIVITY', 5.88e7, 'S/m', 5.88e5],
    ['ELECTRICAL_CONDUCTIVITY', 5, 'Ω⁻¹ cm⁻¹', 5],
    ['POWER_FACTOR', 4, 'mW/(m K²)', 40],
    ['SEEBECK_COEFFICIENT', 200, 'µV/K', 200],
    ['DENSITY', 3980, 'kg/m³', 3.98],
    ['PHONON_PEAK', 15, 'THz', 500.346],
    ['PHONON_PEAK', 500, 'cm⁻¹', 500],
    ['FORMATION_ENTHALPY', -1675.7, 'kJ/mol', -3.47346],
    ['FORMATION_ENTHALPY', -1675.7 / 5, 'kJ/mol-atom', -3.47346],
    ['STANDARD_ENTROPY', 50.92, 'J/(mol K)', 10.184],
    ['HEAT_CAPACITY', 0.775, 'J/(g K)', 79.02],
    ['VOLUME_PER_ATOM', 10, 'Å³/atom', 10],
    ['LI_ION_CONDUCTIVITY', 1, 'mS/cm', 1e-3],
  ])('%s: %d %s is %d', (property, value, unit, expected) => {
    expect(convert(property, value, unit) / expected).toBeCloseTo(1, 4);
  });

  it('per mole means per mole of formula units as written', () => {
    expect(convert('FORMATION_ENTHALPY', -822.4, 'kJ/mol', 'NaCl')).toBeCloseTo(
      convert('FORMATION_ENTHALPY', -1644.8, 'kJ/mol', 'Na2Cl2'),
      12,
    );
  });

  it('refuse an unknown unit, and name the known ones', () => {
    expect(() => converterTo('eV', 'furlong')).toThrow(UnknownUnitError);
    expect(() => converterTo('eV', 'furlong')).toThrow('unknown unit "furlong"; expected eV, meV, J');
    expect(() => converterTo('S/cm', 'MS/cm')).toThrow(UnknownUnitError);
    expect(() => converterTo('GPa', 'toString')).toThrow(UnknownUnitError);
  });

  it('take any text for a unit without crashing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), fc.constantFrom(...PROPERTY_KEYS), (unit, property) => {
        try {
          propertyConverter(property, unit);
        } catch (error) {
          expect(error).toBeInstanceOf(UnknownUnitError);
        }
      }),
      { seed: 12, numRuns: 300 },
    );
  });
});
