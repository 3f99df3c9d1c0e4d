import {
  type MaterialCondition,
  type MaterialOrder,
  type NumberField,
  PROPERTIES,
  PROPERTY_KEYS,
  type PropertyKey,
  type PropertyValue,
  type TextField,
} from '../domain';
import type { PropertyDescription, QuerySupport } from './definition';
import { PREFIX } from './filter';

/** How the catalogue answers what is asked of a property. */
export type QuerySource =
  | { readonly kind: 'number'; readonly field: NumberField }
  | { readonly kind: 'text'; readonly field: TextField }
  | { readonly kind: 'modified' }
  | { readonly kind: 'value'; readonly of: PropertyValue }
  /** A list over the elements of the composition; such lists can be correlated. */
  | { readonly kind: 'shares'; readonly part: 'element' | 'fraction' }
  | { readonly kind: 'hill' }
  /** One of a few values, each under a condition. */
  | { readonly kind: 'cases'; readonly cases: readonly { readonly value: unknown; readonly when: MaterialCondition }[] }
  /** A list of one text. */
  | { readonly kind: 'single'; readonly field: TextField }
  /** Only whether it is known can be asked. */
  | { readonly kind: 'presence'; readonly field: NumberField | TextField };

export interface StructureProperty extends PropertyDescription {
  readonly source: QuerySource;
  readonly order?: Omit<MaterialOrder, 'direction'>;
  /** Part of an answer that names no response_fields. */
  readonly byDefault: boolean;
  /** Whose value has to be looked up. */
  readonly value?: PropertyValue;
}

const STRUCTURE_KNOWN: MaterialCondition = { kind: 'KNOWN', field: 'SITE_COUNT', known: true };
const STRUCTURE_UNKNOWN: MaterialCondition = { kind: 'KNOWN', field: 'SITE_COUNT', known: false };
const ALWAYS: MaterialCondition = { kind: 'CONSTANT', holds: true };
const structural = (value: unknown) =>
  ({
    kind: 'cases',
    cases: [
      { value, when: STRUCTURE_KNOWN },
      { value: null, when: STRUCTURE_UNKNOWN },
    ],
  }) as const;
const presence: QuerySource = { kind: 'presence', field: 'SITE_COUNT' };
const PRESENCE: QuerySupport = ['IS KNOWN', 'IS UNKNOWN'];

function define(
  title: string,
  type: Pick<PropertyDescription, 'type' | 'items' | 'fields'>,
  source: QuerySource,
  description: string,
  more: Partial<StructureProperty> = {},
): StructureProperty {
  return {
    title,
    description,
    ...type,
    source,
    unit: null,
    nullable: false,
    query: 'all mandatory',
    sortable: more.order !== undefined,
    byDefault: true,
    ...more,
  };
}

const string = { type: 'string' } as const;
const integer = { type: 'integer' } as const;
const listOf = (items: PropertyDescription['items']) => ({ type: 'list', items }) as const;
const vectors = listOf({ type: 'list', items: { type: 'float', unit: 'angstrom' } });

const STANDARD: Readonly<Record<string, StructureProperty>> = {
  id: define(
    'Identifier',
    string,
    { kind: 'text', field: 'ID' },
    'Identifier of the entry: a UUID of version 7, in the order in which entries came.',
    { byDefault: false },
  ),
  type: define(
    'Type',
    string,
    { kind: 'cases', cases: [{ value: 'structures', when: ALWAYS }] },
    'The type of the entry, "structures".',
    { byDefault: false },
  ),
  immutable_id: define(
    'Immutable identifier',
    string,
    { kind: 'cases', cases: [{ value: null, when: ALWAYS }] },
    'Unknown of every entry: earlier versions of an entry are not kept.',
    { nullable: true, byDefault: false },
  ),
  last_modified: define(
    'Last modified',
    { type: 'timestamp' },
    { kind: 'modified' },
    'When the entry was imported or last changed by an import.',
  ),
  elements: define(
    'Elements',
    listOf(string),
    { kind: 'shares', part: 'element' },
    'Symbols of the elements, in alphabetical order.',
    { query: [...lists(), 'HAS ONLY'] },
  ),
  nelements: define(
    'Number of elements',
    integer,
    { kind: 'number', field: 'ELEMENT_COUNT' },
    'Number of different elements.',
    { unit: 'dimensionless', order: { field: 'ELEMENT_COUNT' } },
  ),
  elements_ratios: define(
    'Ratios of the elements',
    listOf({ type: 'float', unit: 'dimensionless' }),
    { kind: 'shares', part: 'fraction' },
    'Atomic fractions, in the order of elements. Can be correlated with elements: elements:elements_ratios HAS "Al":>0.3.',
    { query: [...lists(), 'HAS ONLY'] },
  ),
  chemical_formula_descriptive: define(
    'Formula',
    string,
    { kind: 'text', field: 'FORMULA' },
    'Reduced formula, elements by electronegativity; a solid solution keeps its decimals.',
    { order: { field: 'FORMULA' } },
  ),
  chemical_formula_reduced: define(
    'Reduced formula',
    string,
    { kind: 'text', field: 'WHOLE_FORMULA' },
    'Smallest whole numbers, elements in alphabetical order.',
  ),
  chemical_formula_hill: define(
    'Hill formula',
    string,
    { kind: 'hill' },
    'Formula unit as its source wrote it, in Hill order; unknown where that has fractional amounts.',
    { nullable: true, query: 'equality only' },
  ),
  chemical_formula_anonymous: define(
    'Anonymous formula',
    string,
    { kind: 'text', field: 'WHOLE_ANONYMOUS_FORMULA' },
    'Stoichiometry alone, by descending amounts.',
  ),
  dimension_types: define(
    'Dimension types',
    listOf({ type: 'integer', unit: 'dimensionless' }),
    structural([1, 1, 1]),
    'Periodic in all three directions; unknown without a structure.',
    { nullable: true },
  ),
  nperiodic_dimensions: define(
    'Number of periodic dimensions',
    integer,
    structural(3),
    'Three; unknown without a structure.',
    { unit: 'dimensionless', nullable: true },
  ),
  lattice_vectors: define(
    'Lattice vectors',
    vectors,
    presence,
    'Vectors of the conventional cell, the first along x, the second in the xy plane; unknown without a structure.',
    { nullable: true, query: PRESENCE },
  ),
  space_group_it_number: define(
    'Space group number',
    integer,
    { kind: 'number', field: 'SPACE_GROUP_NUMBER' },
    'Number in the International Tables for Crystallography.',
    { unit: 'dimensionless', nullable: true },
  ),
  cartesian_site_positions: define(
    'Site positions',
    vectors,
    presence,
    'Cartesian positions of the sites; unknown without a structure.',
    { nullable: true, query: PRESENCE },
  ),
  nsites: define(
    'Number of sites',
    integer,
    { kind: 'number', field: 'SITE_COUNT' },
    'Number of sites of the cell; unknown without a structure.',
    { unit: 'dimensionless', nullable: true },
  ),
  species_at_sites: define(
    'Species at sites',
    listOf(string),
    presence,
    'Name of the species at each site; unknown without a structure.',
    { nullable: true, query: PRESENCE },
  ),
  species: define(
    'Species',
    listOf({
      type: 'dictionary',
      fields: {
        name: string,
        chemical_symbols: listOf(string),
        concentration: listOf({ type: 'float', unit: 'dimensionless' }),
      },
    }),
    presence,
    'What can be found at a site, and how often; unknown without a structure.',
    { nullable: true, query: PRESENCE },
  ),
  structure_features: define(
    'Structure features',
    listOf(string),
    {
      kind: 'cases',
      cases: [
        { value: [], when: { kind: 'DISORDERED', holds: false } },
        { value: ['disorder'], when: { kind: 'DISORDERED', holds: true } },
      ],
    },
    '"disorder" where a site is shared or not always taken.',
    { query: [...lists(), 'HAS ONLY'] },
  ),
};

function lists(): string[] {
  return ['HAS', 'HAS ALL', 'HAS ANY', 'IS KNOWN', 'IS UNKNOWN'];
}

const OWN: Readonly<Record<string, StructureProperty>> = {
  [`${PREFIX}external_id`]: define(
    'Identifier in the source',
    string,
    { kind: 'text', field: 'EXTERNAL_ID' },
    'Identifier of the entry in the data set that it was imported from.',
    { nullable: true },
  ),
  [`${PREFIX}name`]: define('Name', string, { kind: 'text', field: 'NAME' }, 'Name as its source gives it.', {
    nullable: true,
  }),
  [`${PREFIX}source_name`]: define(
    'Source',
    string,
    { kind: 'text', field: 'SOURCE_NAME' },
    'Data set or publication that the entry was imported from; the related references entry has more.',
  ),
  [`${PREFIX}space_group_symbol`]: define(
    'Space group symbol',
    string,
    { kind: 'text', field: 'SPACE_GROUP_SYMBOL' },
    "Hermann–Mauguin symbol, as its source gives it or the standard setting's.",
    { nullable: true, byDefault: false },
  ),
  [`${PREFIX}recorded_density`]: define(
    'Density of the entry',
    { type: 'float' },
    { kind: 'number', field: 'DENSITY' },
    'Density as its source gives it or as its structure has it.',
    { unit: 'g/cm^3', nullable: true, byDefault: false, order: { field: 'DENSITY' } },
  ),
};

/** `_beagle_band_gap`: what Darwin predicts; `_beagle_measured_band_gap`: what the catalogue holds of it. */
function ofProperty(key: PropertyKey): [string, StructureProperty][] {
  const { name, unit, kind, description, conditions } = PROPERTIES[key];
  const value = (kind: PropertyValue['kind']): Partial<StructureProperty> => {
    const of = { kind, property: key };
    return {
      unit,
      nullable: true,
      byDefault: false,
      value: of,
      source: { kind: 'value', of },
      order: { field: kind, property: key },
    };
  };
  const under = conditions.length > 0 ? ` Under the property's default ${conditions.join(', ')}.` : '';
  const predicted =
    `${description} Predicted by the Darwin model from the composition alone${kind === 'CLASSIFICATION' ? ' (a probability)' : ' (the median)'}.` +
    `${under} Unknown as long as the prediction has not been computed.`;
  const measured = `${description} The median of the values that the catalogue holds for the entry or else for its composition.`;
  const float = { type: 'float' } as const;
  const source: QuerySource = { kind: 'value', of: { kind: 'PREDICTED', property: key } };
  return [
    [`${PREFIX}${key.toLowerCase()}`, define(`Predicted ${name}`, float, source, predicted, value('PREDICTED'))],
    [`${PREFIX}measured_${key.toLowerCase()}`, define(`Recorded ${name}`, float, source, measured, value('MEASURED'))],
  ];
}

/** All properties of a structures entry, by name. */
export const STRUCTURE_PROPERTIES: ReadonlyMap<string, StructureProperty> = new Map([
  ...Object.entries(STANDARD),
  ...Object.entries(OWN),
  ...PROPERTY_KEYS.flatMap(ofProperty),
  // A relationship that can be asked for; no attribute (OPTIMADE 1.2, "Filtering on relationships").
]);

/** The identifiers of related references, as filters name them. */
export const REFERENCES_ID: StructureProperty = define(
  'Related references',
  listOf(string),
  { kind: 'single', field: 'SOURCE_ID' },
  'Identifiers of the related references entries.',
  { byDefault: false },
);
