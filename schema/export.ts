import { arg, enumType, inputObjectType, mutationField, nonNull, objectType, unionType } from 'nexus';
import {
  EXPORT_FORMATS,
  EXPORT_STATUSES,
  type ExportFormat as Format,
  type ExportStatus as Status,
} from '../src/domain';
import type { Failure } from './context';
import type { Cost } from './cost';
import { errorType } from './errors';
import { toGlobalId } from '../src/domain/global-id';

const FORMATS: Record<Format, string> = {
  CSV: 'RFC 4180 with a header line; text that a spreadsheet would run as a formula gets an apostrophe in front.',
  JSONL: 'One JSON object a line.',
  PARQUET: 'Apache Parquet, Snappy-compressed, the model and the origin in its key-value metadata.',
};
const STATUSES: Record<Status, string> = {
  RUNNING: 'Being written, or waiting for a worker.',
  COMPLETED: 'The file is there until it expires.',
  FAILED: 'It could not be written; `error` says why.',
};

export const ExportFormat = enumType({
  name: 'ExportFormat',
  description: 'What an export is written in; docs/exports.md has the columns.',
  members: EXPORT_FORMATS.map((name) => ({ name, description: FORMATS[name] })),
});

export const ExportStatus = enumType({
  name: 'ExportStatus',
  description: 'Where an export stands.',
  members: EXPORT_STATUSES.map((name) => ({ name, description: STATUSES[name] })),
});

export const Export = objectType({
  name: 'Export',
  access: ['CAMPAIGNS_READ', 'MATERIALS_READ'],
  description: 'A file written in the background.',
  definition(t) {
    t.implements('Node');
    t.id('id', { description: 'Global id.', resolve: ({ id }) => toGlobalId('Export', id) });
    t.field('status', { type: ExportStatus, description: 'Where it stands.' });
    t.field('format', { type: ExportFormat, description: 'What it is written in.' });
    t.nullable.int('rows', { description: 'Candidates or materials in it, once it is COMPLETED.' });
    t.nullable.float('bytes', { description: 'Size of the file, once it is COMPLETED.' });
    t.nullable.string('url', {
      description:
        'Where to download it without a key, until it expires, in pieces if wished (Range). Whoever has it can read the file. Null unless COMPLETED.',
      resolve: (record, _, context) => context.exports.url(record),
    });
    t.nullable.dateTime('expiresAt', { description: 'When the file is deleted; null while it is being written.' });
    t.nullable.string('error', { description: 'Why it is FAILED.' });
  },
});

export const ExportCampaignInput = inputObjectType({
  name: 'ExportCampaignInput',
  description: 'What to export.',
  definition(t) {
    t.nonNull.id('campaignId', { description: 'A campaign that is COMPLETED.' });
    t.nonNull.field('format', { type: ExportFormat, description: 'What to write it in.' });
  },
});

export const ExportSuccess = objectType({
  name: 'ExportSuccess',
  access: 'OWNER',
  description: 'The export, as it is now.',
  definition(t) {
    t.field('export', { type: Export, description: 'The export; ask for it again by `node` until it is COMPLETED.' });
  },
});

export const ExportResult = unionType({
  name: 'ExportResult',
  description: 'The export, or why not.',
  definition(t) {
    t.members('ExportSuccess', 'NotFoundError', 'ConflictError');
  },
  resolveType: (source) => ('export' in source ? 'ExportSuccess' : (errorType(source as Failure) as 'ConflictError')),
});

/** A file of any length is work for a while: as much as a page of a hundred objects. */
const exportCost: Cost = ({ childComplexity }) => 100 + childComplexity;

export const exportCampaign = mutationField('exportCampaign', {
  type: nonNull(ExportResult),
  access: 'CAMPAIGNS_READ',
  description:
    'Writes what a completed campaign has found into a file, in the background. Asked again for the same format, it answers the export that is there.',
  args: { input: nonNull(arg({ type: ExportCampaignInput, description: 'Which campaign, and how.' })) },
  complexity: exportCost,
  resolve: (_, { input }, context) => context.exports.exportCampaign(input.campaignId, input.format),
});

export const exportMaterials = mutationField('exportMaterials', {
  type: nonNull(ExportResult),
  access: 'MATERIALS_READ',
  description: 'Writes the materials that match into a file, in the order of `materials`, in the background.',
  args: {
    filter: arg({ type: 'MaterialFilter', description: 'Which; all of them if it is left out.' }),
    format: nonNull(arg({ type: ExportFormat, description: 'What to write it in.' })),
  },
  complexity: exportCost,
  resolve: (_, { filter, format }, context) => context.exports.exportMaterials(filter, format),
});
