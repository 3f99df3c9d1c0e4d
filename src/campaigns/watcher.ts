import { setTimeout as sleep } from 'node:timers/promises';
import { CAMPAIGNS_CHANNEL, type Database, type StoredCampaign } from '../data';
import { BeagleError, DatabaseUnavailableError, ENDED, type CampaignRate, type CampaignRecord } from '../domain';

/** A subscriber is told at most this often. */
const PAUSE_MS = 300;
/** Without a notification the campaign is read this often. */
const POLL_MS = 5_000;
/** Subscribers of one campaign share what was read. */
const SHARED_MS = 200;
const SHARED_RATE_MS = 1_000;

/** Follows campaigns for any number of subscribers: one reading serves all that ask for a campaign at about the same time. */
export class Watcher {
  private readonly campaigns = new Shared<StoredCampaign | null>(SHARED_MS);
  private readonly rates = new Shared<CampaignRate | null>(SHARED_RATE_MS);

  constructor(private readonly database: Database) {}

  /** Now and after changes, until its end; a database that goes away for a while only delays what is told. */
  async *watch(id: string, signal?: AbortSignal): AsyncGenerator<CampaignRecord> {
    let changed = new AbortController();
    const unlisten = await this.database.notifications.listen(CAMPAIGNS_CHANNEL, (told) => {
      if (told === null || told === id) changed.abort();
    });
    const leave = (): void => changed.abort();
    signal?.addEventListener('abort', leave);
    try {
      for (let last = ''; !signal?.aborted;) {
        changed = new AbortController();
        const campaign = await this.read(id);
        if (campaign !== undefined) {
          const state = JSON.stringify([campaign.status, campaign.done, campaign.failed, campaign.total]);
          if (state !== last) yield campaign;
          last = state;
          if (ENDED.has(campaign.status)) return;
        }
        await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
        await sleep(POLL_MS, undefined, { signal: changed.signal }).catch(() => undefined);
      }
    } finally {
      signal?.removeEventListener('abort', leave);
      unlisten();
    }
  }

  /** As it was at most 200 ms ago: hundreds who subscribe at once are one statement. @throws DatabaseUnavailableError */
  current(id: string): Promise<StoredCampaign | null> {
    return this.campaigns.get(id, () => this.database.campaigns.byId(id));
  }

  async rate(campaign: CampaignRecord): Promise<CampaignRate | null> {
    if (campaign.status !== 'RUNNING') return null;
    return this.rates.get(campaign.id, async () => {
      const { positions, seconds } = await this.database.campaigns.recentWork(campaign.id);
      const ratePerSecond = positions / seconds;
      return { ratePerSecond, etaSeconds: positions > 0 ? (campaign.total - campaign.done) / ratePerSecond : null };
    });
  }

  /** Undefined while the database does not answer. */
  private async read(id: string): Promise<StoredCampaign | undefined> {
    try {
      const campaign = await this.current(id);
      if (campaign === null) throw new BeagleError('NOT_FOUND', 'there is no such campaign');
      return campaign;
    } catch (error) {
      if (error instanceof DatabaseUnavailableError) return undefined;
      throw error;
    }
  }
}

/** Readings by id, each shared by all who ask within a time. */
class Shared<T> {
  private readonly readings = new Map<string, { readonly at: number; readonly value: Promise<T> }>();

  constructor(private readonly ms: number) {}

  get(id: string, read: () => Promise<T>): Promise<T> {
    const now = Date.now();
    const known = this.readings.get(id);
    if (known && now - known.at < this.ms) return known.value;
    for (const [other, { at }] of this.readings) if (now - at >= this.ms) this.readings.delete(other);
    const value = read();
    this.readings.set(id, { at: now, value });
    return value;
  }
}
