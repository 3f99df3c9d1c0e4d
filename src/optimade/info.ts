import { propertyDefinition, type PropertyDescription } from './definition';
import { REFERENCE_PROPERTIES } from './references';
import { API_VERSION } from './response';
import { STRUCTURE_PROPERTIES } from './structure-properties';

export function info(baseUrl: string) {
  return {
    type: 'info',
    id: '/',
    attributes: {
      api_version: API_VERSION,
      available_api_versions: [{ url: `${baseUrl.replace(/\/v[\d.]+$/, '')}/v1`, version: API_VERSION }],
      formats: ['json'],
      entry_types_by_format: { json: ['structures', 'references'] },
      available_endpoints: ['structures', 'references', 'info', 'links'],
      is_index: false,
      // Each source has a licence of its own: the _beagle_licence of its references entry.
      license: null,
      available_licenses: [],
    },
  };
}

const entryInfo = (type: string, description: string, properties: ReadonlyMap<string, PropertyDescription>) => ({
  type: 'info',
  id: type,
  description,
  properties: Object.fromEntries(
    [...properties].map(([name, property]) => [name, propertyDefinition(type, name, property)]),
  ),
  formats: ['json'],
  output_fields_by_format: { json: [...properties.keys()] },
});

export const structuresInfo = () =>
  entryInfo(
    'structures',
    'A material of the catalogue, with its crystal structure where that is known',
    STRUCTURE_PROPERTIES,
  );
export const referencesInfo = () =>
  entryInfo('references', 'A data set or publication that materials were imported from', REFERENCE_PROPERTIES);
