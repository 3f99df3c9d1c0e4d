import type { PropertyDefinition } from '../domain';

/** A unit as property definitions give it (OPTIMADE 1.2, "Physical Units in Property Definitions"). */
export interface UnitDefinition {
  readonly symbol: string;
  readonly title: string;
  readonly description: string;
  readonly standard: { readonly name: 'ucum'; readonly version: string; readonly symbol: string };
}

/**
 * The units of the property registry: the symbol in property definitions, its name, and the code in the Unified Code for Units of Measure
 * (UCUM 2.1), which, unlike GNU Units, has a way to write "per atom" and the Vickers scale: as annotations in braces.
 */
const UNITS: Readonly<Record<string, readonly [symbol: string, title: string, ucum: string]>> = {
  eV: ['eV', 'electronvolt', 'eV'],
  'eV/atom': ['atom^-1*eV', 'electronvolt per atom', 'eV/{atom}'],
  'meV/atom': ['atom^-1*meV', 'millielectronvolt per atom', 'meV/{atom}'],
  K: ['K', 'kelvin', 'K'],
  'uV/K': ['K^-1*uV', 'microvolt per kelvin', 'uV/K'],
  'S/cm': ['S*cm^-1', 'siemens per centimetre', 'S/cm'],
  'W/(m K)': ['K^-1*W*m^-1', 'watt per metre and kelvin', 'W/(m.K)'],
  'uW/(cm K^2)': ['K^-2*cm^-1*uW', 'microwatt per centimetre and square kelvin', 'uW/(cm.K2)'],
  MPa: ['MPa', 'megapascal', 'MPa'],
  GPa: ['GPa', 'gigapascal', 'GPa'],
  HV: ['HV', 'Vickers hardness number', '{HV}'],
  '%': ['percent', 'percent', '%'],
  mm: ['mm', 'millimetre', 'mm'],
  'g/cm^3': ['cm^-3*g', 'gram per cubic centimetre', 'g/cm3'],
  'J/(mol K)': ['J*K^-1*mol^-1', 'joule per mole and kelvin', 'J/(mol.K)'],
  'J/(mol-atom K)': ['J*K^-1*mol_atom^-1', 'joule per mole of atoms and kelvin', 'J/(mol{atom}.K)'],
  '1/cm': ['cm^-1', 'reciprocal centimetre', '/cm'],
  '1/K': ['K^-1', 'reciprocal kelvin', '/K'],
  'angstrom^3/atom': ['angstrom^3*atom^-1', 'cubic ångström per atom', 'Ao3/{atom}'],
  angstrom: ['angstrom', 'ångström', 'Ao'],
};

/** Null for what has no dimension. @throws Error for a unit that the table does not have, which a test looks for */
export function unitDefinition(unit: PropertyDefinition['unit']): UnitDefinition | null {
  if (unit === 'dimensionless') return null;
  const known = UNITS[unit];
  if (known === undefined) throw new Error(`the unit ${unit} has no definition for OPTIMADE`);
  const [symbol, title, ucum] = known;
  return { symbol, title, description: title, standard: { name: 'ucum', version: '2.1', symbol: ucum } };
}
