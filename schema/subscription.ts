import { idArg, intArg, list, nonNull, subscriptionField } from 'nexus';
import type { Candidate, CampaignRecord } from '../src/domain';
import { DEFAULT_LIST } from './cost';

const id = nonNull(idArg({ description: 'The campaign.' }));

export const campaignProgress = subscriptionField('campaignProgress', {
  type: nonNull('CampaignProgress'),
  access: 'CAMPAIGNS_READ',
  description:
    'How far a campaign is: at once, then after changes, at most a few times a second, until it ends. After a lost connection subscribe again: the first event is the present state.',
  args: { id },
  subscribe: (_, args, context) => context.campaigns.watch(args.id),
  resolve: (campaign) => campaign as CampaignRecord,
});

export const campaignTopCandidates = subscriptionField('campaignTopCandidates', {
  type: nonNull(list(nonNull('Candidate'))),
  access: 'CAMPAIGNS_READ',
  description: 'The best candidates of a campaign so far: at once, then when they change, until it ends.',
  args: { id, count: intArg({ default: DEFAULT_LIST, description: 'How many, 1 to 100.' }) },
  complexity: ({ args, childComplexity }) => Math.max(1, Number(args.count) || 1) * (1 + childComplexity),
  subscribe: (_, args, context) => context.campaigns.watchTop(args.id, args.count),
  resolve: (candidates) => candidates as readonly Candidate[],
});
