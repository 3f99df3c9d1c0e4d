import type { CampaignStore, StoredCampaign } from '../data';
import { queued, type CampaignQueue } from './queue';

/** Jobs of one campaign that wait at a time: campaigns take turns, and a cancelled one leaves few behind. */
const WINDOW = 64;

/**
 * Keeps the queue filled: whatever campaigns lack and the queue does not hold is put in. Run at any time and by any number of
 * workers with the same outcome, so nothing depends on a job having been put in when a campaign was started.
 */
export class Planner {
  constructor(
    private readonly store: CampaignStore,
    private readonly queue: CampaignQueue,
    private readonly modelSha256: string,
  ) {}

  async run(): Promise<void> {
    for (const campaign of await this.store.unfinished(this.modelSha256)) await this.fill(campaign);
  }

  /** Campaigns with a job that was tried too often. */
  async givenUp(): Promise<readonly StoredCampaign[]> {
    const jobs = await this.queue.givenUp();
    if (jobs.length === 0) return [];
    const campaigns = await this.store.unfinished(this.modelSha256);
    return campaigns.filter(({ id, epoch }) => jobs.some((job) => job.campaignId === id && job.epoch === epoch));
  }

  private async fill({ id, epoch, chunks, input }: StoredCampaign): Promise<void> {
    // A generation of a search begins with the one before it.
    const window = input.space.evolve ? 1 : WINDOW;
    const missing = await this.store.missingChunks(id, chunks, window);
    const work: (number | 'rank')[] = missing.length > 0 ? missing : ['rank'];
    await this.queue.put(work.map((one) => queued({ campaignId: id, epoch, work: one })));
  }
}
