import { molarMass, type Composition } from '../chemistry';
import { propertyDefinition, type PropertyKey } from '../domain';

/**
 * Conversion of measured values into the units of the property registry. A number is a factor; a function is for what is no factor:
 * scales with an offset, reciprocal spellings and amounts per mole of formula units, which need the formula as written.
 */
type Conversion = number | ((value: number, composition: Composition) => number);

/** kJ/mol per eV: Avogadro's number times the elementary charge (CODATA 2018, exact). */
const KJ_PER_MOL_EV = 96.48533212331;
const CALORIE = 4.184;

const PRESSURE_IN_PA: Readonly<Record<string, number>> = {
  Pa: 1,
  kPa: 1e3,
  MPa: 1e6,
  GPa: 1e9,
  TPa: 1e12,
  bar: 1e5,
  kbar: 1e8,
  Mbar: 1e11,
  atm: 101_325,
  psi: 6_894.757293168,
  ksi: 6_894_757.293168,
  'N/m^2': 1,
  'N/mm^2': 1e6,
  'kgf/mm^2': 9_806_650,
  'dyn/cm^2': 0.1,
};

const pressure = (unit: 'MPa' | 'GPa'): Record<string, number> =>
  Object.fromEntries(Object.entries(PRESSURE_IN_PA).map(([name, pascal]) => [name, pascal / PRESSURE_IN_PA[unit]!]));

const perAtom =
  (factor: number): Conversion =>
  (value, { atoms }) =>
    (value * factor) / atoms;
const perGram =
  (factor: number): Conversion =>
  (value, composition) =>
    value * factor * molarMass(composition);

/** Registry unit → unit as written (see `spelling`) → conversion. The registry's own unit is always known. */
const CONVERSIONS: Readonly<Record<string, Readonly<Record<string, Conversion>>>> = {
  eV: { meV: 1e-3, J: 1 / 1.602176634e-19, Ry: 13.605693122994, Ha: 27.211386245988, '1/cm': 1.239841984e-4 },
  dimensionless: { '': 1, '1': 1, '-': 1, '%': 0.01 },
  K: { degC: (value) => value + 273.15, degF: (value) => (value - 32) / 1.8 + 273.15, mK: 1e-3 },
  'K difference': { K: 1, degC: 1, degF: 1 / 1.8 },
  MPa: pressure('MPa'),
  GPa: pressure('GPa'),
  HV: { GPa: 1 / 9.80665e-3, MPa: 1 / 9.80665, 'kgf/mm^2': 1 },
  'uV/K': { 'V/K': 1e6, 'mV/K': 1e3 },
  'S/cm': { 'S/m': 0.01, 'mS/cm': 1e-3, 'uS/cm': 1e-6, 'MS/m': 1e4, '1/(ohm cm)': 1, '1/(ohm m)': 0.01 },
  'W/(m K)': { 'W/(cm K)': 100, 'mW/(m K)': 1e-3, 'mW/(cm K)': 0.1 },
  'uW/(cm K^2)': { 'mW/(m K^2)': 10, 'W/(m K^2)': 1e4, 'uW/(m K^2)': 0.01, 'mW/(cm K^2)': 1e3 },
  'g/cm^3': { 'kg/m^3': 1e-3, 'g/mL': 1, 'kg/L': 1, 'g/cc': 1 },
  mm: { m: 1e3, cm: 10, um: 1e-3 },
  '%': { fraction: 100 },
  'J/(mol K)': {
    'kJ/(mol K)': 1e3,
    'cal/(mol K)': CALORIE,
    'J/(mol-atom K)': (value, { atoms }) => value * atoms,
    'J/(g K)': perGram(1),
    'J/(kg K)': perGram(1e-3),
  },
  'J/(mol-atom K)': { 'J/(mol K)': perAtom(1), 'cal/(mol K)': perAtom(CALORIE) },
  'eV/atom': {
    'meV/atom': 1e-3,
    'kJ/mol-atom': 1 / KJ_PER_MOL_EV,
    'kJ/mol': perAtom(1 / KJ_PER_MOL_EV),
    'kcal/mol': perAtom(CALORIE / KJ_PER_MOL_EV),
    'J/mol': perAtom(1e-3 / KJ_PER_MOL_EV),
    'eV/fu': perAtom(1),
  },
  'meV/atom': { 'eV/atom': 1e3 },
  '1/cm': { THz: 33.3564095198, meV: 8.06554393735 },
  '1/K': { 'ppm/K': 1e-6, '10^-6/K': 1e-6, '1e-6/K': 1e-6 },
  'angstrom^3/atom': { 'nm^3/atom': 1e3, 'bohr^3/atom': 0.148184711472 },
  // Conditions of a measurement.
  N: { mN: 1e-3, gf: 9.80665e-3, kgf: 9.80665 },
  um: { nm: 1e-3, mm: 1e3, angstrom: 1e-4 },
};

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** One spelling for one unit: "W·m⁻¹·K⁻¹", "W/m/K" and "W/(m*K)" are "W/(m K)". */
function spelling(unit: string): string {
  const plain = unit
    .normalize('NFC')
    .trim()
    .replace(/[µμ]/g, 'u')
    .replace(/Å|Å|\bAng\b/g, 'angstrom')
    .replace(/[ΩΩ]/g, 'ohm')
    .replace(/°\s*([CF])/g, 'deg$1')
    .replace(/⁻/g, '^-')
    .replace(/\^-([⁰¹²³⁴⁵⁶⁷⁸⁹])|([⁰¹²³⁴⁵⁶⁷⁸⁹])/g, (_, negative?: string, positive?: string) =>
      negative === undefined ? `^${SUPERSCRIPTS.indexOf(positive!)}` : `^-${SUPERSCRIPTS.indexOf(negative)}`,
    )
    .replace(/[·⋅*]|\s+/g, ' ')
    .replace(/\s*\/\s*/g, '/');
  return reciprocals(plain);
}

/** "W m^-1 K^-1" and "W/m/K" → "W/(m K)"; "cm^-1" → "1/cm". */
function reciprocals(unit: string): string {
  const [numerator = '', ...divisors] = unit.replace(/[()]/g, '').split('/');
  const above: string[] = [];
  const below = divisors.flatMap((divisor) => divisor.split(' '));
  for (const factor of numerator.split(' ').filter(Boolean)) {
    const [, base, power] = /^(.*?[A-Za-z])\^-(\d+)$/.exec(factor) ?? [];
    if (base === undefined) above.push(factor);
    else below.push(power === '1' ? base : `${base}^${power}`);
  }
  if (below.length === 0) return above.join(' ');
  return `${above.join(' ') || '1'}/${below.length > 1 ? `(${below.join(' ')})` : below[0]!}`;
}

const KNOWN = new Set(
  [...Object.keys(CONVERSIONS), ...Object.values(CONVERSIONS).flatMap((table) => Object.keys(table))].map(spelling),
);

/** Whether the text is a unit of any quantity, in whatever spelling. */
export function isUnit(text: string): boolean {
  return KNOWN.has(spelling(text));
}

/** A unit that the table does not have for this quantity; the message names those that it has. */
export class UnknownUnitError extends Error {
  override readonly name = 'UnknownUnitError';
  constructor(unit: string, target: string) {
    const known = [target.replace(' difference', ''), ...Object.keys(CONVERSIONS[target] ?? {})];
    const listed = [...new Set(known)].filter((name) => name !== '');
    super(`unknown unit ${JSON.stringify(unit.slice(0, 40))}; expected ${listed.join(', ')}`);
  }
}

/** Converts values from one unit as written; made once a column. */
export type UnitConverter = (value: number, composition: Composition) => number;

/** @throws UnknownUnitError */
export function converterTo(target: string, unit: string): UnitConverter {
  const written = spelling(unit);
  if (unit.trim() === target || written === spelling(target)) return (value) => value;
  const table = CONVERSIONS[target] ?? {};
  const conversion = Object.hasOwn(table, written) ? table[written] : undefined;
  if (conversion === undefined) throw new UnknownUnitError(unit, target);
  return typeof conversion === 'number' ? (value) => value * conversion : conversion;
}

/**
 * Converter into the unit of a property. Amounts per mole ("kJ/mol") are per mole of formula units as the formula is written.
 *
 * @throws UnknownUnitError
 */
export function propertyConverter(property: PropertyKey, unit: string): UnitConverter {
  // A temperature difference has no zero point to shift.
  const target = property === 'GLASS_SUPERCOOLED_RANGE' ? 'K difference' : propertyDefinition(property).unit;
  return converterTo(target, unit);
}
