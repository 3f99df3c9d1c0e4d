import type { BasicType, PropertyType } from './filter';
import { unitDefinition } from './units';

/** What a property is (OPTIMADE 1.2, "Property Definitions"). */
export interface PropertyDescription extends PropertyType {
  readonly title: string;
  readonly description: string;
  /** As the property registry writes it; null where a unit makes no sense. */
  readonly unit: string | null;
  readonly nullable: boolean;
  readonly items?: PropertyItems;
  /** Of a dictionary. */
  readonly fields?: Readonly<Record<string, PropertyItems>>;
  readonly query: QuerySupport;
  readonly sortable: boolean;
}
export interface PropertyItems extends PropertyType {
  readonly unit?: string | null;
  readonly items?: PropertyItems;
  readonly fields?: Readonly<Record<string, PropertyItems>>;
}

export type QuerySupport = 'all mandatory' | 'equality only' | 'none' | readonly string[];

const JSON_TYPES = {
  string: 'string',
  integer: 'integer',
  float: 'number',
  boolean: 'boolean',
  timestamp: 'string',
  list: 'array',
  dictionary: 'object',
} as const satisfies Record<BasicType | 'list' | 'dictionary', string>;

/** The definition as `/info/<entry type>` shows it. @param name of the property; of its definition it makes the `$id` */
export function propertyDefinition(entryType: string, name: string, property: PropertyDescription) {
  const { title, description, nullable, query, sortable } = property;
  const units = unitsIn(property);
  const support =
    typeof query === 'string'
      ? { 'query-support': query }
      : { 'query-support': 'partial', 'query-support-operators': query };
  return {
    $id: `urn:beagle:optimade:${entryType}:${name}`,
    title,
    description,
    ...schemaOf(property, nullable),
    'x-optimade-property': { 'property-format': '1.2', ...(units.length > 0 && { 'unit-definitions': units }) },
    'x-optimade-implementation': { sortable, ...support },
    // As clients of OPTIMADE 1.1 read it.
    sortable,
  };
}

function schemaOf(type: PropertyItems, nullable: boolean): Record<string, unknown> {
  const json = JSON_TYPES[type.type];
  return {
    type: nullable ? [json, 'null'] : json,
    'x-optimade-type': type.type,
    'x-optimade-unit': type.unit == null ? 'inapplicable' : (unitDefinition(type.unit)?.symbol ?? 'dimensionless'),
    ...(type.items && { items: schemaOf(type.items, false) }),
    ...(type.fields && {
      properties: Object.fromEntries(
        Object.entries(type.fields).map(([name, field]) => [name, schemaOf(field, false)]),
      ),
    }),
  };
}

function unitsIn(type: PropertyItems) {
  const parts = [type.items, ...Object.values(type.fields ?? {})].filter((part) => part !== undefined);
  const own = type.unit == null ? null : unitDefinition(type.unit);
  const all = [...(own ? [own] : []), ...parts.flatMap((part): NonNullable<typeof own>[] => unitsIn(part))];
  return [...new Map(all.map((unit) => [unit.symbol, unit])).values()];
}
