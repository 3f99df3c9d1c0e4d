/**
 * THE registry of properties: the one place that lists what Darwin predicts and the catalogue records. The GraphQL
 * enum, the importer's column names, the command line and the documentation are made from it. What depends
 * on training (ranges, defaults, metrics) is in the model's manifest, not here.
 */
export type PropertyKind = 'REGRESSION' | 'CLASSIFICATION';
export type Fidelity = 'EXPERIMENT' | 'DFT';
/** What a property may depend on beside the composition: K, N, µm, and two categories. */
export type ConditionName = 'temperature' | 'load' | 'wavelength' | 'processing' | 'testType';

export const PROCESSING = ['CAST', 'ANNEALED', 'WROUGHT', 'POWDER', 'OTHER', 'UNSPECIFIED'] as const;
export type Processing = (typeof PROCESSING)[number];
export const MECHANICAL_TESTS = ['COMPRESSION', 'TENSION'] as const;
export type MechanicalTest = (typeof MECHANICAL_TESTS)[number];

/** Values of conditions; absent ones take the documented default of the property. */
export interface Conditions {
  readonly temperature?: number | null;
  readonly load?: number | null;
  readonly wavelength?: number | null;
  readonly processing?: Processing | null;
  readonly testType?: MechanicalTest | null;
}

export interface PropertyDefinition {
  readonly name: string;
  readonly symbol: string | null;
  /** Plain ASCII, as in the training data and in import headers; a classification's value is a probability. */
  readonly unit: string;
  readonly kind: PropertyKind;
  readonly fidelity: Fidelity;
  readonly conditions: readonly ConditionName[];
  readonly description: string;
}

function define(
  name: string,
  symbol: string | null,
  unit: string,
  kind: PropertyKind,
  fidelity: Fidelity,
  conditions: readonly ConditionName[],
  description: string,
): PropertyDefinition {
  return { name, symbol, unit, kind, fidelity, conditions, description };
}

// prettier-ignore
export const PROPERTIES = {
  BAND_GAP: define('band gap', 'Eg', 'eV', 'REGRESSION', 'EXPERIMENT', [], 'Energy between the valence and the conduction band as measured; 0 for a metal.'),
  IS_METAL: define('metal', null, 'dimensionless', 'CLASSIFICATION', 'EXPERIMENT', [], 'Probability that the compound is a metal rather than a non-metal.'),
  GLASS_FORMING: define('glass-forming ability', null, 'dimensionless', 'CLASSIFICATION', 'EXPERIMENT', [], 'Probability that the alloy can be quenched into a metallic glass.'),
  YIELD_STRENGTH_STEEL: define('yield strength (steel)', 'σy', 'MPa', 'REGRESSION', 'EXPERIMENT', [], 'Yield strength of a maraging steel of this composition at room temperature.'),
  SUPERCONDUCTOR_TC: define('superconducting critical temperature', 'Tc', 'K', 'REGRESSION', 'EXPERIMENT', [], 'Temperature below which the compound superconducts at ambient pressure; 0 where none was seen.'),
  SEEBECK_COEFFICIENT: define('Seebeck coefficient', 'S', 'uV/K', 'REGRESSION', 'EXPERIMENT', ['temperature'], 'Thermoelectric voltage per kelvin; positive for holes, negative for electrons.'),
  ELECTRICAL_CONDUCTIVITY: define('electrical conductivity', 'σ', 'S/cm', 'REGRESSION', 'EXPERIMENT', ['temperature'], 'Electrical conductivity of the bulk thermoelectric material.'),
  THERMAL_CONDUCTIVITY: define('thermal conductivity', 'κ', 'W/(m K)', 'REGRESSION', 'EXPERIMENT', ['temperature'], 'Total thermal conductivity, lattice and electronic.'),
  LATTICE_THERMAL_CONDUCTIVITY: define('lattice thermal conductivity', 'κL', 'W/(m K)', 'REGRESSION', 'EXPERIMENT', ['temperature'], 'The phonons\' share of the thermal conductivity.'),
  POWER_FACTOR: define('thermoelectric power factor', 'PF', 'uW/(cm K^2)', 'REGRESSION', 'EXPERIMENT', ['temperature'], 'S²σ, the electrical part of the thermoelectric performance.'),
  FIGURE_OF_MERIT_ZT: define('thermoelectric figure of merit', 'zT', 'dimensionless', 'REGRESSION', 'EXPERIMENT', ['temperature'], 'S²σT/κ, dimensionless.'),
  VICKERS_HARDNESS: define('Vickers hardness', 'HV', 'GPa', 'REGRESSION', 'EXPERIMENT', ['load'], 'Indentation hardness at the given load.'),
  HARDNESS_ALLOY: define('hardness (multi-principal-element alloy)', 'HV', 'HV', 'REGRESSION', 'EXPERIMENT', ['processing'], 'Vickers hardness number of a multi-principal-element alloy.'),
  YIELD_STRENGTH_ALLOY: define('yield strength (multi-principal-element alloy)', 'σy', 'MPa', 'REGRESSION', 'EXPERIMENT', ['temperature', 'processing', 'testType'], 'Yield strength of a multi-principal-element alloy.'),
  TENSILE_STRENGTH_ALLOY: define('ultimate strength (multi-principal-element alloy)', 'UTS', 'MPa', 'REGRESSION', 'EXPERIMENT', ['temperature', 'processing', 'testType'], 'Ultimate strength of a multi-principal-element alloy.'),
  ELONGATION_ALLOY: define('elongation (multi-principal-element alloy)', 'A', '%', 'REGRESSION', 'EXPERIMENT', ['temperature', 'processing', 'testType'], 'Elongation of a multi-principal-element alloy.'),
  DENSITY_ALLOY: define('density (multi-principal-element alloy)', 'ρ', 'g/cm^3', 'REGRESSION', 'EXPERIMENT', [], 'Mass density of a multi-principal-element alloy.'),
  YOUNGS_MODULUS_ALLOY: define('Young\'s modulus (multi-principal-element alloy)', 'E', 'GPa', 'REGRESSION', 'EXPERIMENT', [], 'Young\'s modulus of a multi-principal-element alloy.'),
  SINGLE_PHASE_ALLOY: define('single-phase alloy', null, 'dimensionless', 'CLASSIFICATION', 'EXPERIMENT', ['processing'], 'Probability that the alloy is a single FCC, BCC or HCP phase.'),
  BCC_ALLOY: define('BCC alloy', null, 'dimensionless', 'CLASSIFICATION', 'EXPERIMENT', ['processing'], 'Probability that a single-phase alloy is BCC rather than FCC.'),
  GLASS_CRITICAL_DIAMETER: define('critical casting diameter', 'Dmax', 'mm', 'REGRESSION', 'EXPERIMENT', [], 'Largest diameter that can be cast into a metallic glass.'),
  GLASS_SUPERCOOLED_RANGE: define('supercooled liquid range', 'ΔTx', 'K', 'REGRESSION', 'EXPERIMENT', [], 'Crystallisation minus glass transition temperature of a metallic glass.'),
  BULK_METALLIC_GLASS: define('bulk metallic glass', null, 'dimensionless', 'CLASSIFICATION', 'EXPERIMENT', [], 'Probability that a glass former can be cast in bulk rather than as a ribbon only.'),
  LI_ION_CONDUCTIVITY: define('lithium-ion conductivity', 'σLi', 'S/cm', 'REGRESSION', 'EXPERIMENT', [], 'Ionic conductivity of a lithium electrolyte at room temperature.'),
  HEAT_CAPACITY: define('heat capacity', 'Cp', 'J/(mol K)', 'REGRESSION', 'EXPERIMENT', ['temperature'], 'Isobaric heat capacity per mole of formula units as the formula is written.'),
  MELTING_TEMPERATURE: define('melting temperature', 'Tm', 'K', 'REGRESSION', 'EXPERIMENT', [], 'Melting point at ambient pressure.'),
  BOILING_TEMPERATURE: define('boiling temperature', 'Tb', 'K', 'REGRESSION', 'EXPERIMENT', [], 'Boiling point at ambient pressure.'),
  DENSITY: define('density', 'ρ', 'g/cm^3', 'REGRESSION', 'EXPERIMENT', [], 'Mass density of the condensed phase near room temperature.'),
  FORMATION_ENTHALPY: define('standard enthalpy of formation', 'ΔHf', 'eV/atom', 'REGRESSION', 'EXPERIMENT', [], 'Enthalpy of formation from the elements at 298 K, by calorimetry.'),
  STANDARD_ENTROPY: define('standard entropy', 'S°', 'J/(mol-atom K)', 'REGRESSION', 'EXPERIMENT', [], 'Standard entropy at 298 K per mole of atoms.'),
  GIBBS_FORMATION_ENERGY: define('Gibbs energy of formation', 'ΔGf', 'eV/atom', 'REGRESSION', 'EXPERIMENT', ['temperature'], 'Gibbs energy of formation from the elements.'),
  REFRACTIVE_INDEX: define('refractive index', 'n', 'dimensionless', 'REGRESSION', 'EXPERIMENT', ['wavelength'], 'Real part of the refractive index.'),
  PEROVSKITE: define('perovskite', null, 'dimensionless', 'CLASSIFICATION', 'EXPERIMENT', [], 'Probability that an ABX3 compound crystallises as a perovskite.'),
  CURIE_TEMPERATURE: define('Curie temperature', 'TC', 'K', 'REGRESSION', 'EXPERIMENT', [], 'Temperature above which ferromagnetic order is lost.'),
  BAND_GAP_PBE: define('band gap (PBE)', 'Eg', 'eV', 'REGRESSION', 'DFT', [], 'Kohn–Sham band gap computed with the PBE functional, which is below the measured one.'),
  FORMATION_ENERGY: define('formation energy', 'Ef', 'eV/atom', 'REGRESSION', 'DFT', [], 'Energy of formation from the elements at 0 K.'),
  REFRACTIVE_INDEX_PBE: define('refractive index (PBE)', 'n', 'dimensionless', 'REGRESSION', 'DFT', [], 'Static refractive index computed by density-functional perturbation theory.'),
  BULK_MODULUS: define('bulk modulus', 'K', 'GPa', 'REGRESSION', 'DFT', [], 'Voigt–Reuss–Hill average bulk modulus.'),
  SHEAR_MODULUS: define('shear modulus', 'G', 'GPa', 'REGRESSION', 'DFT', [], 'Voigt–Reuss–Hill average shear modulus.'),
  EXFOLIATION_ENERGY: define('exfoliation energy', 'Eexf', 'meV/atom', 'REGRESSION', 'DFT', [], 'Energy to peel one layer off a layered crystal.'),
  PHONON_PEAK: define('highest optical phonon peak', 'ωmax', '1/cm', 'REGRESSION', 'DFT', [], 'Frequency of the last peak of the phonon density of states.'),
  ENERGY_ABOVE_HULL: define('energy above hull', 'Ehull', 'eV/atom', 'REGRESSION', 'DFT', [], 'Energy above the convex hull of stable phases; 0 for a stable compound.'),
  ELASTIC_ANISOTROPY: define('universal elastic anisotropy', 'AU', 'dimensionless', 'REGRESSION', 'DFT', [], 'Universal elastic anisotropy index (Ranganathan and Ostoja-Starzewski 2008); 0 is isotropic.'),
  DECOMPOSITION_ENERGY: define('decomposition energy', 'Ed', 'eV/atom', 'REGRESSION', 'DFT', [], 'Energy of decomposition into the competing phases; negative for a stable compound.'),
  DEBYE_TEMPERATURE: define('Debye temperature', 'θD', 'K', 'REGRESSION', 'DFT', [], 'Debye temperature from the elastic constants.'),
  THERMAL_EXPANSION: define('thermal expansion coefficient', 'αV', '1/K', 'REGRESSION', 'DFT', [], 'Volumetric thermal expansion coefficient at 300 K (quasi-harmonic Debye model).'),
  VOLUME_PER_ATOM: define('volume per atom', 'V', 'angstrom^3/atom', 'REGRESSION', 'DFT', [], 'Volume of the relaxed cell divided by its number of atoms.'),
} as const satisfies Record<string, PropertyDefinition>;

export type PropertyKey = keyof typeof PROPERTIES;
export const PROPERTY_KEYS = Object.keys(PROPERTIES) as PropertyKey[];

export function isPropertyKey(text: string): text is PropertyKey {
  return Object.hasOwn(PROPERTIES, text);
}
export function propertyDefinition(key: PropertyKey): PropertyDefinition {
  return PROPERTIES[key];
}
