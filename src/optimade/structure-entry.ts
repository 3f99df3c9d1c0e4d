import { hillFormula, wholeAnonymousFormula, wholeFormula } from '../chemistry';
import { latticeVectors, toCartesian, type Vector } from '../catalog/structure';
import {
  isDisordered,
  type MaterialRecord,
  OCCUPANCY_ROUNDING,
  type Place,
  placesOf,
  type StructureRecord,
} from '../domain';
import { PREFIX } from './filter';

/** What an entry is made of; values are those of the fields that have one, by name. */
export interface StructureParts {
  readonly material: MaterialRecord;
  readonly structure: StructureRecord | null;
  readonly values: ReadonlyMap<string, number | null>;
}

/** Fields that cannot be told without the structure. */
const STRUCTURAL = new Set([
  'dimension_types',
  'nperiodic_dimensions',
  'lattice_vectors',
  'cartesian_site_positions',
  'nsites',
  'species_at_sites',
  'species',
  'structure_features',
]);
export const needsStructure = (fields: readonly string[]): boolean => fields.some((field) => STRUCTURAL.has(field));

/** The attributes of an entry in the order asked for; what is unknown is null. */
export function attributesOf(parts: StructureParts, fields: readonly string[]): Record<string, unknown> {
  const crystal = parts.structure && crystalAttributes(parts.structure);
  return Object.fromEntries(
    fields.map((field) => {
      const value = STRUCTURAL.has(field)
        ? (crystal?.[field] ?? (field === 'structure_features' ? [] : null))
        : (MATERIAL[field]?.(parts.material) ?? parts.values.get(field) ?? null);
      return [field, value];
    }),
  );
}

const MATERIAL: Readonly<Record<string, (material: MaterialRecord) => unknown>> = {
  last_modified: ({ updatedAt }) => updatedAt.toISOString(),
  elements: ({ composition }) => [...composition.elements].sort(),
  nelements: ({ composition }) => composition.elements.length,
  elements_ratios: ({ composition: { elements, fractions } }) =>
    elements
      .map((symbol, i): [string, number] => [symbol, fractions[i]!])
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, fraction]) => fraction),
  chemical_formula_descriptive: ({ composition }) => composition.formula,
  chemical_formula_reduced: ({ composition }) => wholeFormula(composition),
  chemical_formula_hill: ({ composition }) =>
    composition.amounts.every(Number.isInteger) ? hillFormula(composition) : null,
  chemical_formula_anonymous: ({ composition }) => wholeAnonymousFormula(composition),
  space_group_it_number: ({ spaceGroupNumber }) => spaceGroupNumber,
  [`${PREFIX}external_id`]: ({ externalId }) => externalId,
  [`${PREFIX}name`]: ({ name }) => name,
  [`${PREFIX}source_name`]: ({ source }) => source.name,
  [`${PREFIX}space_group_symbol`]: ({ spaceGroupSymbol }) => spaceGroupSymbol,
  [`${PREFIX}recorded_density`]: ({ density }) => density,
};

function crystalAttributes({ lattice, sites }: StructureRecord): Readonly<Record<string, unknown>> {
  const vectors = latticeVectors(lattice);
  const places = placesOf(sites);
  const species = new Map(places.map((place) => [speciesName(place), place]));
  return {
    dimension_types: [1, 1, 1],
    nperiodic_dimensions: 3,
    lattice_vectors: vectors,
    cartesian_site_positions: places.map(({ x, y, z }) => toCartesian(vectors, [x, y, z] satisfies Vector)),
    nsites: places.length,
    species_at_sites: places.map(speciesName),
    species: [...species].map(([name, place]) => ({ name, ...occupation(place) })),
    structure_features: places.some(isDisordered) ? ['disorder'] : [],
  };
}

/** "Fe", or for a shared or half-empty site its occupants with their shares: "Fe0.7 Ni0.2". */
const speciesName = (place: Place): string =>
  isDisordered(place)
    ? place.occupants.map(({ element, occupancy }) => `${element}${Number(occupancy.toFixed(4))}`).join(' ')
    : place.occupants[0]!.element;

/** Concentrations add up to 1: what is not taken is a vacancy. */
function occupation({ occupants }: Place): { chemical_symbols: string[]; concentration: number[] } {
  const taken = occupants.reduce((sum, { occupancy }) => sum + occupancy, 0);
  const empty = 1 - taken;
  const vacancy = empty > OCCUPANCY_ROUNDING;
  // Rounded occupancies of a full site are stretched to fill it.
  const scale = vacancy ? 1 : 1 / taken;
  return {
    chemical_symbols: [...occupants.map(({ element }) => element), ...(vacancy ? ['vacancy'] : [])],
    concentration: [...occupants.map(({ occupancy }) => occupancy * scale), ...(vacancy ? [empty] : [])],
  };
}
