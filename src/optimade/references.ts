import type { SourceRecord } from '../domain';
import type { PropertyDescription } from './definition';
import { PREFIX } from './filter';

interface ReferenceProperty extends PropertyDescription {
  readonly read: (source: SourceRecord) => unknown;
}

const define = (
  title: string,
  description: string,
  read: ReferenceProperty['read'],
  nullable = true,
): ReferenceProperty => ({
  type: 'string',
  title,
  description,
  unit: null,
  nullable,
  query: 'all mandatory',
  sortable: false,
  read,
});

/** Properties of a references entry: a data set or publication that entries were imported from. */
export const REFERENCE_PROPERTIES: ReadonlyMap<string, ReferenceProperty> = new Map([
  ['id', define('Identifier', 'Identifier of the entry, a UUID.', ({ id }) => id, false)],
  ['type', define('Type', 'The type of the entry, "references".', () => 'references', false)],
  [
    'immutable_id',
    define('Immutable identifier', 'Unknown of every entry: earlier versions are not kept.', () => null),
  ],
  [
    'last_modified',
    { ...define('Last modified', 'Unknown: changes of sources are not recorded.', () => null), type: 'timestamp' },
  ],
  ['title', define('Title', 'Name of the data set or citation of the publication.', ({ name }) => name, false)],
  ['url', define('Web address', 'Where it can be read.', ({ url }) => url)],
  ['doi', define('DOI', 'Digital Object Identifier.', ({ doi }) => doi)],
  [`${PREFIX}licence`, define('Licence', 'Under which its data may be used.', ({ licence }) => licence)],
]);

/** Always there, and no attributes. */
const IDENTITY = new Set(['id', 'type']);

/** @param fields null for all */
export function referenceEntry(source: SourceRecord, fields: readonly string[] | null) {
  const names = fields ?? [...REFERENCE_PROPERTIES.keys()].filter((name) => name !== 'immutable_id');
  return {
    type: 'references',
    id: source.id,
    attributes: Object.fromEntries(
      names
        .filter((name) => !IDENTITY.has(name))
        .map((name) => [name, REFERENCE_PROPERTIES.get(name)?.read(source) ?? null]),
    ),
  };
}
