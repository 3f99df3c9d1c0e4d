import { arg, idArg, inputObjectType, mutationField, nonNull, objectType, unionType } from 'nexus';
import type { Failure } from './context';
import { errorType } from './errors';

export const CreateCampaignInput = inputObjectType({
  name: 'CreateCampaignInput',
  description: 'A new campaign.',
  definition(t) {
    t.nonNull.string('name', { description: '1 to 200 characters.' });
    t.nonNull.field('discovery', {
      type: 'DiscoverInput',
      description: 'What to look through. `maxCandidates` may be raised to 10,000,000 here.',
    });
    t.boolean('start', { default: true, description: 'Whether it starts at once; else it is a DRAFT.' });
    t.string('idempotencyKey', {
      description:
        'At most 255 characters. The same key with the same input gives the same campaign back, with another input a ConflictError; kept for 48 hours.',
    });
    t.id('webhookId', {
      description: 'The only webhook of yours that is told of it and of its exports; all of them if it is left out.',
    });
    t.boolean('keepAll', {
      default: false,
      description: 'Keep every scored candidate for the export, not only the best.',
    });
  },
});

export const CampaignSuccess = objectType({
  name: 'CampaignSuccess',
  access: 'OWNER',
  description: 'The campaign, as it is now.',
  definition(t) {
    t.field('campaign', { type: 'Campaign', description: 'The campaign.' });
  },
});

export const CampaignResult = unionType({
  name: 'CampaignResult',
  description: 'The campaign, or why not.',
  definition(t) {
    t.members('CampaignSuccess', 'ValidationError', 'NotFoundError', 'ConflictError', 'QuotaExceededError');
  },
  resolveType: (source) =>
    'campaign' in source ? 'CampaignSuccess' : (errorType(source as Failure) as 'ConflictError'),
});

export const createCampaign = mutationField('createCampaign', {
  type: nonNull(CampaignResult),
  access: 'CAMPAIGNS_WRITE',
  description: 'Checks and counts the design space, then creates the campaign and starts it.',
  args: { input: nonNull(arg({ type: CreateCampaignInput, description: 'The campaign.' })) },
  resolve: (_, { input }, context) => context.campaigns.create(input),
});

const args = { id: nonNull(idArg({ description: 'The campaign.' })) };

export const startCampaign = mutationField('startCampaign', {
  type: nonNull(CampaignResult),
  access: 'CAMPAIGNS_WRITE',
  description: 'Starts a DRAFT: its model is pinned, and it waits for a worker.',
  args,
  resolve: (_, { id }, context) => context.campaigns.start(id),
});

export const pauseCampaign = mutationField('pauseCampaign', {
  type: nonNull(CampaignResult),
  access: 'CAMPAIGNS_WRITE',
  description: 'No chunk of it begins any more; those under way are finished and kept.',
  args,
  resolve: (_, { id }, context) => context.campaigns.pause(id),
});

export const resumeCampaign = mutationField('resumeCampaign', {
  type: nonNull(CampaignResult),
  access: 'CAMPAIGNS_WRITE',
  description: 'Continues a PAUSED campaign where it was, or tries a FAILED one again.',
  args,
  resolve: (_, { id }, context) => context.campaigns.resume(id),
});

export const cancelCampaign = mutationField('cancelCampaign', {
  type: nonNull(CampaignResult),
  access: 'CAMPAIGNS_WRITE',
  description: 'Ends a campaign for good; what has been scored stays.',
  args,
  resolve: (_, { id }, context) => context.campaigns.cancel(id),
});
