import {
  arg,
  extendType,
  idArg,
  inputObjectType,
  intArg,
  mutationField,
  nonNull,
  objectType,
  stringArg,
  unionType,
} from 'nexus';
import type { Failure } from './context';
import { connection, DEFAULT_LIST, row, type Cost } from './cost';
import { errorType } from './errors';
import { connectionTypes, forwardPaging } from './relay';
import { requireScope } from './scopes';

const REPORTED_ONCE = 'The same report is stored once, however often it is sent.';

export const MeasurementInput = inputObjectType({
  name: 'MeasurementInput',
  description: `A value that was measured. ${REPORTED_ONCE}`,
  definition(t) {
    t.nonNull.string('formula', { description: 'What was measured.' });
    t.nonNull.field('property', { type: 'PropertyKey', description: 'Which quantity.' });
    t.nonNull.float('value', { description: 'In `unit`; of a classification 1 for yes, 0 for no.' });
    t.string('unit', { description: 'Any that converts into that of the property, which is the default.' });
    t.float('uncertainty', { description: 'Standard uncertainty in `unit`.' });
    t.field('conditions', { type: 'ConditionsInput', description: 'What the value holds for.' });
    t.field('source', {
      type: 'SourceInput',
      description: 'Who measured it; an unpublished measurement if not given.',
    });
  },
});

export const RecordMeasurementsInput = inputObjectType({
  name: 'RecordMeasurementsInput',
  description: 'What was measured.',
  definition(t) {
    t.id('campaignId', {
      description:
        'The campaign that it was measured for; then only its owner sees it. Not given: it goes into the catalogue, for everybody.',
    });
    t.nonNull.list.nonNull.field('measurements', { type: MeasurementInput, description: '1 to 1,000.' });
    t.string('idempotencyKey', {
      description: 'At most 255 characters. The same key with another input is a ConflictError; kept for 48 hours.',
    });
  },
});

export const RecordMeasurementsSuccess = objectType({
  name: 'RecordMeasurementsSuccess',
  access: 'OWNER',
  description: 'The measurements are recorded.',
  definition(t) {
    t.int('recorded', {
      description: 'How many of those given are recorded now: all of them, those that were there before included.',
      resolve: ({ measurements }) => measurements.length,
    });
    t.list.field('measurements', { type: 'Measurement', complexity: row, description: 'In the order given.' });
  },
});

export const RecordMeasurementsResult = unionType({
  name: 'RecordMeasurementsResult',
  description: 'What was recorded, or why nothing was.',
  definition(t) {
    t.members('RecordMeasurementsSuccess', 'ValidationError', 'NotFoundError', 'ConflictError');
  },
  resolveType: (source) =>
    'measurements' in source ? 'RecordMeasurementsSuccess' : (errorType(source as Failure) as 'ConflictError'),
});

const perMeasurement: Cost = ({ args, childComplexity }) => {
  const { input } = args as { readonly input?: { readonly measurements?: unknown } };
  return 1 + (Array.isArray(input?.measurements) ? Math.max(1, input.measurements.length) : 1) * childComplexity;
};

export const recordMeasurements = mutationField('recordMeasurements', {
  type: nonNull(RecordMeasurementsResult),
  access: ['CAMPAIGNS_WRITE', 'MATERIALS_WRITE'],
  description:
    'Tells what was measured, all of it or nothing. For a campaign (CAMPAIGNS_WRITE) it is what `suggestions` learn from; without one (MATERIALS_WRITE) it goes into the catalogue.',
  args: { input: nonNull(arg({ type: RecordMeasurementsInput, description: 'The measurements.' })) },
  complexity: perMeasurement,
  resolve: (_, { input }, context) => {
    requireScope(context, [input.campaignId == null ? 'MATERIALS_WRITE' : 'CAMPAIGNS_WRITE']);
    return context.measurements.record(input);
  },
});

export const [MeasurementEdge, MeasurementConnection] = connectionTypes<'MeasurementConnection'>(
  'Measurement',
  'measurements',
  (t) => t.int('totalCount', { description: 'How many there are on all pages together.' }),
);

const perSuggestion: Cost = ({ args, childComplexity }) =>
  Math.max(1, Number((args as { readonly count?: unknown }).count) || 1) * (1 + childComplexity);

export const campaignLoop = extendType({
  type: 'Campaign',
  definition(t) {
    t.field('measurements', {
      type: MeasurementConnection,
      description: 'What was measured for it, in the order of recording.',
      args: forwardPaging,
      complexity: connection,
      resolve: (campaign, page, context) => context.campaigns.measurements(campaign, page),
    });
    t.list.field('suggestions', {
      type: 'Candidate',
      description:
        'What to measure next, best first, chosen together; depends on nothing but what was measured and reserved. `rank` is the place among the suggestions, `score` what a measurement promises under the ranking of the campaign. Empty unless it is COMPLETED. The first time takes seconds.',
      args: { count: intArg({ default: DEFAULT_LIST, description: 'How many, 1 to 100; fewer if no more are left.' }) },
      complexity: perSuggestion,
      resolve: (campaign, { count }, context) => context.campaigns.suggestions(campaign, count),
    });
  },
});

export const ReserveSuggestionsSuccess = objectType({
  name: 'ReserveSuggestionsSuccess',
  access: 'OWNER',
  description: 'These candidates are yours to measure.',
  definition(t) {
    // The mutation multiplies by its count.
    t.list.field('candidates', { type: 'Candidate', complexity: row, description: 'Best first.' });
  },
});

export const ReserveSuggestionsResult = unionType({
  name: 'ReserveSuggestionsResult',
  description: 'What is reserved, or why nothing is.',
  definition(t) {
    t.members('ReserveSuggestionsSuccess', 'NotFoundError', 'ConflictError');
  },
  resolveType: (source) =>
    'candidates' in source ? 'ReserveSuggestionsSuccess' : (errorType(source as Failure) as 'ConflictError'),
});

export const reserveSuggestions = mutationField('reserveSuggestions', {
  type: nonNull(ReserveSuggestionsResult),
  access: 'CAMPAIGNS_WRITE',
  description:
    'Takes what is suggested next, so that it is suggested to nobody else: two laboratories never measure the same.',
  args: {
    campaignId: nonNull(idArg({ description: 'The campaign; it has to be COMPLETED.' })),
    count: nonNull(intArg({ description: 'How many, 1 to 100; fewer if no more are left.' })),
    idempotencyKey: stringArg({
      description: 'At most 255 characters. The same key gives the same candidates back; kept for 48 hours.',
    }),
  },
  complexity: ({ args, childComplexity }) => 1 + Math.max(1, Number(args.count) || 1) * childComplexity,
  resolve: (_, { campaignId, ...request }, context) => context.campaigns.reserveSuggestions(campaignId, request),
});
