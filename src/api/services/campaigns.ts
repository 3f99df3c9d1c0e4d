import {
  type CampaignLoop,
  type CampaignRecord,
  type Campaigns,
  type Candidate,
  type ErrorCode,
  type Principal,
} from '../../domain';
import type { Context } from '../../../schema';
import { listLength, pageRequest } from '../paging';
import { campaignLoopService } from './campaign-loop';
import { campaignId } from './campaign-id';
import { recordId } from './catalog';
import { asData } from './expected';

/** Campaigns of one principal, as the schema asks for them. Expected failures of mutations are answered as data. */
export function campaignService(
  campaigns: Campaigns & CampaignLoop,
  models: Context['models'],
  principal: Principal,
  signal: AbortSignal,
): Context['campaigns'] {
  const forward = (page: { readonly first?: number | null; readonly after?: string | null }) => {
    const { first, after } = pageRequest(page);
    return { first: first!, after };
  };
  const change = (globalId: string, work: (id: string) => Promise<CampaignRecord>) =>
    asChange(() => work(campaignId(globalId)));

  return {
    async byId(globalId) {
      const id = recordId(globalId, 'Campaign');
      return id === null ? null : campaigns.byId(principal, id);
    },
    list: async (status, page) => campaigns.list(principal, { ...forward(page), status }),
    rate: (campaign) => campaigns.rate(campaign),
    top: (campaign, count) => campaigns.top(campaign, count, signal),
    results: async (campaign, page, onlyFront) => campaigns.results(campaign, { ...forward(page), onlyFront }, signal),
    failures: async (campaign, page) => campaigns.failures(campaign, forward(page)),
    ...campaignLoopService(campaigns, principal, signal),
    model: ({ modelId }) => (modelId === null ? null : models.byId(modelId)),
    create: ({ webhookId, ...input }) =>
      asChange(async () => {
        // What is no id of a webhook is the id of none: the service says so.
        const webhook = webhookId == null ? null : (recordId(webhookId, 'Webhook') ?? NO_ID);
        return campaigns.create(principal, { ...input, webhookId: webhook });
      }),
    start: (globalId) => change(globalId, (id) => campaigns.start(principal, id)),
    pause: (globalId) => change(globalId, (id) => campaigns.pause(principal, id)),
    resume: (globalId) => change(globalId, (id) => campaigns.resume(principal, id)),
    cancel: (globalId) => change(globalId, (id) => campaigns.cancel(principal, id)),
    watch: (globalId) => campaigns.watch(principal, campaignId(globalId), signal),
    async *watchTop(globalId, count) {
      const length = listLength(count);
      let before = '';
      for await (const campaign of campaigns.watch(principal, campaignId(globalId), signal)) {
        const candidates = await campaigns.top(campaign, length, signal);
        const now = places(candidates);
        if (now !== before || before === '') yield candidates;
        before = now;
      }
    },
  };
}

/** What a subscriber sees change: who stands where, with which score. */
const places = (candidates: readonly Candidate[]): string =>
  JSON.stringify(candidates.map(({ composition, score }) => [composition.formula, score]));

const NO_ID = '00000000-0000-0000-0000-000000000000';

const EXPECTED: ReadonlySet<ErrorCode> = new Set([
  'BAD_USER_INPUT',
  'SEARCH_SPACE_TOO_LARGE',
  'NOT_FOUND',
  'CONFLICT',
  'IDEMPOTENCY_CONFLICT',
  'QUOTA_EXCEEDED',
]);

const asChange = (work: () => Promise<CampaignRecord>) => asData(EXPECTED, async () => ({ campaign: await work() }));
