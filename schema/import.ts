import { arg, enumType, inputObjectType, mutationField, nonNull, objectType, unionType } from 'nexus';
import {
  IMPORT_FORMATS,
  ON_IMPORT_ERROR,
  type ImportFormat as Format,
  type OnImportError as Policy,
} from '../src/domain';
import { type Cost, part } from './cost';

const FORMATS: Record<Format, string> = {
  CSV: 'A header with `formula` and other columns, one material a line.',
  JSONL: 'One JSON object a line, its keys those of CSV, and `structure`.',
  OPTIMADE_JSON: 'A response of the `structures` endpoint of an OPTIMADE provider.',
  CIF: 'Crystallographic Information File; one material a data block.',
  POSCAR: 'VASP 5 or later, with a line of element symbols; one material.',
};
const POLICIES: Record<Policy, string> = {
  REJECT_ALL: 'One bad row and nothing is imported.',
  SKIP_ROW: 'The good rows are imported; the bad ones are listed.',
};
const CHARACTERS_PER_POINT = 1_000;

export const ImportFormat = enumType({
  name: 'ImportFormat',
  description: 'What an import is written in; docs/import.md has the columns and the units.',
  members: IMPORT_FORMATS.map((name) => ({ name, description: FORMATS[name] })),
});

export const OnImportError = enumType({
  name: 'OnImportError',
  description: 'What becomes of an import with bad rows.',
  members: ON_IMPORT_ERROR.map((name) => ({ name, description: POLICIES[name] })),
});

export const SourceInput = inputObjectType({
  name: 'SourceInput',
  description:
    'The data set or publication that records come from. Its name is its identity; what is left out stays as it was.',
  definition(t) {
    t.nonNull.string('name', { description: '1 to 200 characters.' });
    t.string('url', { description: 'Where to read on: http or https.' });
    t.string('doi', { description: 'Digital object identifier, without the resolver.' });
    t.string('licence', { description: 'Licence as SPDX names it, or in words.' });
  },
});

export const ImportMaterialsInput = inputObjectType({
  name: 'ImportMaterialsInput',
  description:
    'A file of materials. Within its source an external id names one material: imported again, it is updated.',
  definition(t) {
    t.nonNull.field('format', { type: ImportFormat, description: 'What `content` is written in.' });
    t.nonNull.string('content', { description: 'The file; with the rest of the request at most 1 MB.' });
    t.nonNull.field('source', { type: SourceInput, description: 'Where the materials come from.' });
    t.field('onError', { type: OnImportError, default: 'REJECT_ALL', description: 'What becomes of bad rows.' });
  },
});

export const RowError = objectType({
  name: 'RowError',
  access: 'OWNER',
  description: 'Something wrong with one row.',
  definition(t) {
    t.int('row', {
      description:
        'The line that it starts in, the first being 1; for OPTIMADE the entry, for CIF the line of the block.',
    });
    t.string('message', { description: 'The column, what is wrong there, and what would be right.' });
  },
});

export const ImportMaterialsSuccess = objectType({
  name: 'ImportMaterialsSuccess',
  access: 'OWNER',
  description: 'What was imported.',
  definition(t) {
    t.int('created', { description: 'New materials.' });
    t.int('updated', { description: 'Materials that the source had already, by external id.' });
    t.int('skipped', { description: 'Bad rows left out.' });
    t.list.field('errors', {
      type: RowError,
      complexity: part,
      description: 'What is wrong with them; the first 1,000.',
    });
  },
});

export const ImportMaterialsResult = unionType({
  name: 'ImportMaterialsResult',
  description: 'What was imported, or why nothing was.',
  definition(t) {
    t.members(ImportMaterialsSuccess, 'ValidationError');
  },
  resolveType: (source) => ('created' in source ? 'ImportMaterialsSuccess' : 'ValidationError'),
});

const importCost: Cost = ({ args, childComplexity }) => {
  const { input } = args as { readonly input?: { readonly content?: unknown } };
  const length = typeof input?.content === 'string' ? input.content.length : 0;
  return 1 + Math.ceil(length / CHARACTERS_PER_POINT) + childComplexity;
};

export const importMaterials = mutationField('importMaterials', {
  type: nonNull(ImportMaterialsResult),
  access: 'MATERIALS_WRITE',
  description:
    'Brings materials with their measurements and structures into the catalogue, in one transaction. The paths of a ValidationError about rows are `input`, `content` and the row.',
  args: { input: nonNull(arg({ type: ImportMaterialsInput, description: 'The file and where it comes from.' })) },
  complexity: importCost,
  resolve: (_, { input }, context) => context.imports.importMaterials(input),
});
