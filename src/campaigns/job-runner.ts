import type { StoredCampaign } from '../data';
import { BeagleError, ENDED, type ErrorCode, type Principal } from '../domain';
import { CampaignWork, countsOf, summaryOf } from './campaign-work';
import type { CampaignDeps } from './deps';
import { LAST_RANK } from './results';
import type { TakenCampaignJob } from './queue';

/** Campaigns whose plans a worker keeps: each may hold a thread that scans. */
const KEPT_PLANS = 4;

/** What trying again cannot mend. */
const FINAL: ReadonlySet<ErrorCode> = new Set(['BAD_USER_INPUT', 'SEARCH_SPACE_TOO_LARGE', 'CONFLICT']);

/** Runs one job of a campaign: all that it makes is committed at once, or nothing. */
export class JobRunner {
  /** Oldest use first. */
  private readonly open = new Map<string, { readonly work: CampaignWork; users: number }>();

  constructor(private readonly options: CampaignDeps) {}

  async run(job: TakenCampaignJob, signal: AbortSignal): Promise<void> {
    const campaign = await this.begin(job);
    if (campaign === null) return;
    const entry = this.workOn(campaign);
    entry.users++;
    try {
      if (job.work === 'rank') await this.rank(campaign, entry.work);
      else await this.screen(campaign, entry.work, job.work, signal);
    } catch (error) {
      // A search may stand amid a generation.
      if (this.open.get(campaign.id) === entry) this.open.delete(campaign.id);
      if (error instanceof BeagleError && error.code === 'QUOTA_EXCEEDED')
        return await this.waitForQuota(campaign, error);
      throw error;
    } finally {
      entry.users--;
      if (entry.users === 0 && this.open.get(campaign.id) !== entry) entry.work.close();
    }
  }

  /** Ends the campaign if the error is final, or this was the last try. */
  async gaveUp(job: TakenCampaignJob, error: unknown): Promise<void> {
    const final = error instanceof BeagleError && FINAL.has(error.code);
    if (final || job.lastTry) await this.fail(job.campaignId, error);
  }

  async fail(campaignId: string, error: unknown): Promise<void> {
    const message = error instanceof BeagleError ? error.message : 'internal error; the log of the workers has it';
    await this.options.database.transaction(async ({ campaigns }) => {
      const campaign = await campaigns.lock(campaignId);
      if (campaign && !ENDED.has(campaign.status)) await campaigns.setStatus(campaignId, 'FAILED', message);
    });
  }

  close(): void {
    for (const { work } of this.open.values()) work.close();
    this.open.clear();
  }

  /** @returns null if there is nothing to do: it is paused or ended, or others have done it */
  private async begin({ campaignId, epoch, work }: TakenCampaignJob): Promise<StoredCampaign | null> {
    return this.options.database.transaction(async ({ campaigns }) => {
      const campaign = await campaigns.lock(campaignId);
      if (campaign === null || campaign.epoch !== epoch) return null;
      if (campaign.notBefore !== null && campaign.notBefore > new Date()) return null;
      if (work !== 'rank' && (await campaigns.hasPart(campaignId, work))) return null;
      if (campaign.status === 'RUNNING') return campaign;
      return campaign.status === 'QUEUED' ? campaigns.setStatus(campaignId, 'RUNNING') : null;
    });
  }

  private async screen(
    campaign: StoredCampaign,
    work: CampaignWork,
    chunk: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { database, limits } = this.options;
    const part = await work.screen(chunk, (known) => database.campaigns.parts(campaign.id, known), {
      signal,
      priority: 'campaign',
      readings: campaign.keepAll,
      charge: async (predictions) => void (await limits.chargePredictions(chargedPrincipal(campaign), predictions)),
    });
    signal.throwIfAborted();
    await database.transaction(async ({ campaigns }) => {
      const now = await campaigns.lock(campaign.id);
      // Paused meanwhile, the work that is done still counts.
      if (now === null || now.status === 'CANCELLED' || now.status === 'COMPLETED') return;
      if (part === null) await campaigns.endSearch(campaign.id);
      else await campaigns.addPart(campaign.id, part);
    });
  }

  private async rank(campaign: StoredCampaign, work: CampaignWork): Promise<void> {
    const { database } = this.options;
    const parts = await database.campaigns.parts(campaign.id);
    if (parts.length < campaign.chunks) return;
    const { results, ...front } = await work.rank(parts, LAST_RANK);
    await database.transaction(async ({ campaigns }) => {
      const now = await campaigns.lock(campaign.id);
      if (now?.status !== 'RUNNING') return;
      if (work.isSearch) await campaigns.endSearch(campaign.id);
      await campaigns.complete(campaign.id, results, summaryOf(now, parts.map(countsOf), front), now.keepAll);
    });
  }

  private async waitForQuota(campaign: StoredCampaign, error: BeagleError): Promise<void> {
    await this.options.database.campaigns.delay(campaign.id, new Date(String(error.details['resetAt'])));
  }

  private workOn(campaign: StoredCampaign) {
    let entry = this.open.get(campaign.id);
    this.open.delete(campaign.id);
    entry ??= { work: new CampaignWork(campaign, this.options), users: 0 };
    this.open.set(campaign.id, entry);
    for (const [id, { work, users }] of this.open) {
      if (this.open.size <= KEPT_PLANS) break;
      if (users > 0) continue;
      this.open.delete(id);
      work.close();
    }
    return entry;
  }
}

/** Who pays; nothing else of a principal matters to the allowance. */
const chargedPrincipal = ({ chargedTo, ownerId, predictionsPerDay }: StoredCampaign): Principal => ({
  kind: 'key',
  keyId: chargedTo,
  ownerId,
  scopes: new Set(),
  pointsPerMinute: 0,
  predictionsPerDay,
});
