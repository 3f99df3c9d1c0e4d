import { arg, booleanArg, enumType, idArg, list, nonNull, nullable, objectType, queryField } from 'nexus';
import { CAMPAIGN_STATUSES, type CampaignStatus as Status } from '../src/domain';
import { connection, part } from './cost';
import { toGlobalId } from '../src/domain/global-id';
import { connectionTypes, forwardPaging } from './relay';

const MEANINGS: Record<Status, string> = {
  DRAFT: 'Created, not started.',
  QUEUED: 'Waits for a worker.',
  RUNNING: 'Being worked on.',
  PAUSED: 'Stopped by request; `resumeCampaign` continues where it was.',
  COMPLETED: 'Every candidate has been worked through and the results are final.',
  CANCELLED: 'Ended by request; what had been scored stays.',
  FAILED: 'Ended by an error that trying again did not mend; `resumeCampaign` tries once more.',
};

export const CampaignStatus = enumType({
  name: 'CampaignStatus',
  description: 'Where a campaign stands.',
  members: CAMPAIGN_STATUSES.map((name) => ({ name, description: MEANINGS[name] })),
});

export const CampaignProgress = objectType({
  name: 'CampaignProgress',
  access: 'CAMPAIGNS_READ',
  description: 'How far a campaign is.',
  definition(t) {
    t.field('status', { type: CampaignStatus, description: 'Where it stands.' });
    t.int('total', {
      description: 'Candidates of the design space before filters; of an evolutionary search, the most it proposes.',
    });
    t.int('done', { description: 'Worked through, each counted once.' });
    t.int('failed', { description: 'Could not be predicted; `failures` has the reasons.' });
    t.float('fraction', {
      description: '`done` over `total`, 0 to 1.',
      resolve: ({ status, done, total }) => (total > 0 ? done / total : status === 'COMPLETED' ? 1 : 0),
    });
    t.nullable.float('ratePerSecond', {
      description: 'Candidates a second over the last minute; null unless it is running.',
      resolve: async (campaign, _, context) => (await context.campaigns.rate(campaign))?.ratePerSecond ?? null,
    });
    t.nullable.float('etaSeconds', {
      description: 'Until it is done at that rate; null unless it is running.',
      resolve: async (campaign, _, context) => (await context.campaigns.rate(campaign))?.etaSeconds ?? null,
    });
    t.nullable.field('best', {
      type: 'Candidate',
      description: 'The best found so far; null if there is none.',
      resolve: async (campaign, _, context) => (await context.campaigns.top(campaign, 1))[0] ?? null,
    });
  },
});

export const CampaignFailure = objectType({
  name: 'CampaignFailure',
  access: 'CAMPAIGNS_READ',
  description: 'A candidate that could not be scored, and why.',
  definition(t) {
    t.float('position', { description: 'Its place in the design space, from 0.' });
    t.string('formula', { description: 'The candidate.' });
    t.string('message', { description: 'Why it could not be scored.' });
    t.field('code', { type: 'ErrorCode', description: 'The kind of the failure.' });
  },
});

export const [CampaignFailureEdge, CampaignFailureConnection] = connectionTypes<'CampaignFailureConnection'>(
  'CampaignFailure',
  'failures',
  (t) =>
    t.int('totalCount', { description: 'How many are told, at most 1,000 of a chunk; `progress.failed` counts all.' }),
);

export const Campaign = objectType({
  name: 'Campaign',
  access: 'CAMPAIGNS_READ',
  description: 'A discovery too large for one query, worked through by any number of workers; nothing of it is lost.',
  definition(t) {
    t.implements('Node');
    t.id('id', { description: 'Global id.', resolve: (campaign) => toGlobalId('Campaign', campaign.id) });
    t.string('name', { description: 'What its maker called it.' });
    t.field('status', { type: CampaignStatus, description: 'Where it stands.' });
    t.nullable.string('error', { description: 'Why it is FAILED.' });
    t.dateTime('createdAt', { description: 'When it was created.' });
    t.nullable.dateTime('startedAt', { description: 'When a worker began.' });
    t.nullable.dateTime('finishedAt', { description: 'When it ended.' });
    t.list.field('objectives', {
      type: 'CampaignObjective',
      complexity: part,
      description: 'What it looks for, 1 to 5, in the order of `Candidate.objectives`.',
      resolve: ({ input }) => input.objectives,
    });
    t.list.field('constraints', {
      type: 'CampaignConstraint',
      complexity: part,
      description: 'What its candidates have to satisfy.',
      resolve: ({ input }) => input.constraints ?? [],
    });
    t.field('ranking', {
      type: 'RankingStrategy',
      description: 'How its candidates are ordered.',
      resolve: ({ input }) => (input.ranking ?? 'PARETO') as 'PARETO',
    });
    t.boolean('keepAll', { description: 'Whether every scored candidate is kept, not only the best.' });
    t.field('progress', { type: CampaignProgress, description: 'How far it is.', resolve: (campaign) => campaign });
    t.field('results', {
      type: 'CandidateConnection',
      description: 'The best 10,000, best first; before it is COMPLETED, the best of what has been scored so far.',
      args: {
        ...forwardPaging,
        onlyFront: booleanArg({ default: false, description: 'Only candidates that no other dominates.' }),
      },
      complexity: connection,
      resolve: (campaign, { onlyFront, ...page }, context) => context.campaigns.results(campaign, page, onlyFront),
    });
    t.field('failures', {
      type: CampaignFailureConnection,
      description: 'The candidates that could not be scored, and why.',
      args: forwardPaging,
      complexity: connection,
      resolve: (campaign, page, context) => context.campaigns.failures(campaign, page),
    });
    t.nullable.field('model', {
      type: 'Model',
      description: 'Pinned when it starts; null before, and where this server answers from another one.',
      resolve: (campaign, _, context) => context.campaigns.model(campaign),
    });
  },
});

export const [CampaignEdge, CampaignConnection] = connectionTypes<'CampaignConnection'>('Campaign', 'campaigns', (t) =>
  t.int('totalCount', { description: 'How many there are on all pages together.' }),
);

export const campaign = queryField('campaign', {
  type: nullable(Campaign),
  access: 'CAMPAIGNS_READ',
  description: 'A campaign of yours; null if there is none.',
  args: { id: nonNull(idArg({ description: 'Its global id.' })) },
  resolve: (_, { id }, context) => context.campaigns.byId(id),
});

export const campaigns = queryField('campaigns', {
  type: nonNull(CampaignConnection),
  access: 'CAMPAIGNS_READ',
  description: 'Your campaigns, newest first.',
  args: {
    status: list(nonNull(arg({ type: CampaignStatus, description: 'Only of these.' }))),
    ...forwardPaging,
  },
  complexity: connection,
  resolve: (_, { status, ...page }, context) => context.campaigns.list(status, page),
});
