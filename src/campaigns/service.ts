import { v7 as uuidv7 } from 'uuid';
import { claimKey, type CampaignPin, type CampaignStore, type StoredCampaign } from '../data';
import {
  accountOf,
  BeagleError,
  CAMPAIGN_LIMITS,
  InputError,
  type CampaignLoop,
  type CampaignRecord,
  type Campaigns,
  type CampaignStatus,
  type CreateCampaignInput,
  type FieldError,
  type MeasurementRecorder,
  type Principal,
} from '../domain';
import type { CampaignDeps } from './deps';
import { campaignMeasurements } from './measurements';
import { campaignPlan, checkRanking, layoutOf, measurementsToPin } from './plans';
import { ResultReader } from './result-reader';
import { Suggestions } from './suggestions';
import { Watcher } from './watcher';

const MAX_NAME = 200;
const MAX_KEY = 255;
/** Candidates that are predicted together: an allowance below that would never let a campaign begin. */
const LEAST_CANDIDATES = 1024;

/** From which states each request may be made. */
const ALLOWED = {
  start: ['DRAFT'],
  pause: ['QUEUED', 'RUNNING'],
  resume: ['PAUSED', 'FAILED'],
  cancel: ['DRAFT', 'QUEUED', 'RUNNING', 'PAUSED'],
} as const satisfies Record<string, readonly CampaignStatus[]>;

/** The lifecycle of campaigns. Workers learn of every change from the database alone. */
export function createCampaigns(
  deps: CampaignDeps,
  recorder: Pick<MeasurementRecorder, 'check'>,
): Campaigns & CampaignLoop {
  const { database, predictor } = deps;
  const store = database.campaigns;
  const results = new ResultReader(deps);
  const watcher = new Watcher(database);
  const { suggestions, reserveSuggestions } = new Suggestions(deps);

  async function change(
    principal: Principal,
    id: string,
    request: keyof typeof ALLOWED,
    work: (campaign: StoredCampaign, campaigns: CampaignStore) => Promise<CampaignRecord>,
  ): Promise<CampaignRecord> {
    return database.transaction(async ({ campaigns }) => {
      const campaign = own(principal, await campaigns.lock(id));
      if (campaign === null) throw notFound();
      const allowed: readonly CampaignStatus[] = ALLOWED[request];
      if (!allowed.includes(campaign.status)) {
        const message = `the campaign is ${campaign.status}: only one that is ${allowed.join(' or ')} can be ${PAST[request]}`;
        throw new BeagleError('CONFLICT', message, [], { status: campaign.status });
      }
      return work(campaign, campaigns);
    });
  }

  async function checkWebhook({ ownerId }: Principal, id: string): Promise<void> {
    if ((await database.webhooks.byId(id))?.ownerId === ownerId) return;
    throw new InputError([
      { path: ['input', 'webhookId'], message: 'there is no such webhook; `webhooks { id }` lists yours' },
    ]);
  }

  /** The model, the space as this model's server sees it, and what was measured, as they are now. */
  async function pinOf(input: CreateCampaignInput['discovery'], principal: Principal, path: readonly string[]) {
    const plan = campaignPlan(input, deps, path);
    await checkRanking(plan);
    if (principal.predictionsPerDay < LEAST_CANDIDATES * plan.channels.list.length) {
      const { limit, remaining, resetAt } = await deps.limits.predictions(principal);
      const message = `the allowance of ${limit} predictions a day is too small for a campaign`;
      throw new BeagleError('QUOTA_EXCEEDED', message, [], { limit, remaining, resetAt: resetAt.toISOString() });
    }
    const { id: modelId, sha256: modelSha256 } = predictor.model;
    const measured = await measurementsToPin(plan, deps.known);
    return { modelId, modelSha256, fingerprint: layoutOf(plan).fingerprint, measured };
  }

  /** In the transaction that lets it wait for a worker. @throws BeagleError CONFLICT if as many as the principal may have do or are worked on */
  async function queue(
    principal: Principal,
    campaigns: CampaignStore,
    id: string,
    pin: CampaignPin | null,
  ): Promise<CampaignRecord> {
    const { concurrent } = principal.campaigns ?? CAMPAIGN_LIMITS;
    const active = await campaigns.lockActive(principal.ownerId);
    if (active < concurrent) return campaigns.queue(id, pin);
    const message = `${active} campaigns are queued or running, and at most ${concurrent} may be at once: wait for one to end, pause or cancel one`;
    throw new BeagleError('CONFLICT', message, [], { active, limit: concurrent });
  }

  return {
    async create(principal, input) {
      checkTexts(input);
      const { name, discovery, idempotencyKey, webhookId = null } = input;
      if (webhookId !== null) await checkWebhook(principal, webhookId);
      const path = ['input', 'discovery'];
      const layout = layoutOf(campaignPlan(discovery, deps, path));
      checkSize(principal, layout.total, path);
      const start = input.start ?? true;
      const keepAll = input.keepAll ?? false;
      const pin = start ? await pinOf(discovery, principal, path) : null;
      const id = uuidv7();
      const payload = ['createCampaign', name, discovery, start, keepAll, ...(webhookId ? [webhookId] : [])];
      return database.transaction(async ({ campaigns }) => {
        const { ownerId } = principal;
        if (idempotencyKey != null) {
          const used = await claimKey(campaigns, ownerId, idempotencyKey, payload, id);
          if (used !== null) return (await campaigns.byId(used))!;
        }
        const chargedTo = accountOf(principal);
        const { predictionsPerDay } = principal;
        const created = {
          id,
          ownerId,
          name,
          input: discovery,
          keepAll,
          webhookId,
          chargedTo,
          predictionsPerDay,
          ...layout,
        };
        const draft = await campaigns.insert(created);
        return pin === null ? draft : queue(principal, campaigns, id, pin);
      });
    },
    async start(principal, id) {
      const campaign = own(principal, await store.byId(id));
      if (campaign === null) throw notFound();
      const pin = campaign.status === 'DRAFT' ? await pinOf(campaign.input, principal, ['discovery']) : null;
      return change(principal, id, 'start', (_, campaigns) => queue(principal, campaigns, id, pin));
    },
    pause: (principal, id) => change(principal, id, 'pause', (_, campaigns) => campaigns.setStatus(id, 'PAUSED')),
    resume: (principal, id) => change(principal, id, 'resume', (_, campaigns) => queue(principal, campaigns, id, null)),
    cancel: (principal, id) => change(principal, id, 'cancel', (_, campaigns) => campaigns.setStatus(id, 'CANCELLED')),
    byId: async (principal, id) => own(principal, await store.byId(id)),
    async list({ ownerId }, { first, after, status }) {
      const statuses = status ?? null;
      const [rows, totalCount] = await Promise.all([
        store.page(ownerId, statuses, after == null ? null : readListCursor(after), first),
        store.count(ownerId, statuses),
      ]);
      const edges = rows.slice(0, first).map((node) => ({ cursor: writeListCursor(node.id), node }));
      return { edges, hasNextPage: rows.length > first, hasPreviousPage: after != null, totalCount };
    },
    rate: (campaign) => watcher.rate(campaign),
    results: (campaign, page, signal) => results.page(campaign, page, signal),
    top: (campaign, count, signal) => results.top(campaign, count, signal),
    failures: (campaign, page) => results.failures(campaign, page),
    ...campaignMeasurements(database, recorder),
    suggestions,
    reserveSuggestions,
    async *watch(principal, id, signal) {
      if (own(principal, await watcher.current(id)) === null) throw notFound();
      yield* watcher.watch(id, signal);
    },
  };
}

function checkSize({ campaigns = CAMPAIGN_LIMITS }: Principal, total: number, path: readonly string[]): void {
  if (total <= campaigns.candidates) return;
  const message = `the design space has ${total} candidates; your key may have ${campaigns.candidates} in one campaign`;
  throw new BeagleError('SEARCH_SPACE_TOO_LARGE', message, [{ path: [...path, 'space'], message }]);
}

const PAST = { start: 'started', pause: 'paused', resume: 'resumed', cancel: 'cancelled' };

/** Other owners' campaigns are not there. */
const own = ({ ownerId }: Principal, campaign: StoredCampaign | null): StoredCampaign | null =>
  campaign?.ownerId === ownerId ? campaign : null;

const notFound = (): BeagleError => new BeagleError('NOT_FOUND', 'there is no such campaign');

function checkTexts({ name, idempotencyKey }: CreateCampaignInput): void {
  const problems: FieldError[] = [];
  const check = (field: string, text: string, most: number): void => {
    if (text.trim().length >= 1 && text.length <= most) return;
    problems.push({ path: ['input', field], message: `has ${text.length} characters; 1 to ${most} are allowed` });
  };
  check('name', name, MAX_NAME);
  if (idempotencyKey != null) check('idempotencyKey', idempotencyKey, MAX_KEY);
  if (problems.length > 0) throw new InputError(problems);
}

const writeListCursor = (id: string): string => Buffer.from(`1:campaigns:${id}`).toString('base64url');

function readListCursor(cursor: string): string {
  const match = /^1:campaigns:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(
    Buffer.from(cursor, 'base64url').toString(),
  );
  if (match) return match[1]!;
  throw new InputError([{ path: ['after'], message: 'is not a cursor of the list of campaigns' }]);
}
