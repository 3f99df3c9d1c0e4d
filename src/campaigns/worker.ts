import { CAMPAIGNS_CHANNEL, type Log, type StoredCampaign } from '../data';
import { BeagleError } from '../domain';
import { idle, Lanes } from '../jobs';
import type { CampaignDeps } from './deps';
import { JobRunner } from './job-runner';
import { PacedPredictor } from './paced-predictor';
import { Planner } from './planner';
import { openCampaignQueue, type CampaignJob, type CampaignQueue } from './queue';

export interface CampaignWorkerOptions extends CampaignDeps {
  readonly log: Log;
}

export interface CampaignWorker {
  /** Takes no more jobs and gives back those under way. */
  stop(): Promise<void>;
}

/** Jobs at a time: while one commits and the next begins, the other keeps the model busy. */
const LANES = 2;
/** Plans at most this often, and at least every `PLAN_EVERY_MS`. */
const PLAN_PAUSE_MS = 500;
const PLAN_EVERY_MS = 10_000;
const SWEEP_EVERY_MS = 3_600_000;

/** Works on campaigns of this predictor's model until it is stopped; the database may go and come back meanwhile. */
export async function startCampaignWorker(options: CampaignWorkerOptions): Promise<CampaignWorker> {
  const { database, predictor, log } = options;
  const queue = await openCampaignQueue(database, predictor.model.sha256, log);
  const worker = new Worker(options, queue);
  await worker.start();
  log.info({ model: predictor.model.id }, 'works on campaigns');
  return worker;
}

class Worker implements CampaignWorker {
  private readonly stopping = new AbortController();
  private readonly runner: JobRunner;
  private readonly planner: Planner;
  private readonly lanes: Lanes<CampaignJob>;
  private planSoon = new AbortController();
  private planning: Promise<void> = Promise.resolve();
  private unlisten: () => void = () => undefined;

  constructor(
    private readonly options: CampaignWorkerOptions,
    private readonly queue: CampaignQueue,
  ) {
    const predictor = new PacedPredictor(options.predictor);
    this.runner = new JobRunner({ ...options, predictor });
    this.planner = new Planner(options.database.campaigns, queue, predictor.model.sha256);
    this.lanes = new Lanes<CampaignJob>({
      queue,
      lanes: LANES,
      run: (job, signal) => this.runner.run(job, signal),
      onFailed: async (job, error) => {
        options.log.error({ err: error, campaign: job.campaignId, work: job.work }, 'a campaign job failed');
        await this.runner.gaveUp(job, error);
      },
    });
  }

  async start(): Promise<void> {
    this.unlisten = await this.options.database.notifications.listen(CAMPAIGNS_CHANNEL, (id) => this.changed(id));
    this.planning = this.planLoop();
    this.lanes.start();
  }

  async stop(): Promise<void> {
    this.unlisten();
    this.stopping.abort();
    this.planSoon.abort();
    await Promise.all([this.lanes.stop(), this.planning]);
    this.runner.close();
    await this.queue.close();
  }

  private changed(id: string | null): void {
    this.planSoon.abort();
    for (const { campaignId } of this.lanes.jobs)
      if (id === null || campaignId === id) void this.abortCancelled(campaignId);
  }

  private async abortCancelled(campaignId: string): Promise<void> {
    const campaign = await this.options.database.campaigns.byId(campaignId).catch(() => null);
    if (campaign?.status !== 'CANCELLED') return;
    this.lanes.abort((job) => job.campaignId === campaignId, new Error('the campaign was cancelled'));
  }

  private async planLoop(): Promise<void> {
    let swept = 0;
    while (!this.stopping.signal.aborted) {
      this.planSoon = new AbortController();
      try {
        await this.planner.run();
        for (const campaign of await this.planner.givenUp()) await this.fail(campaign);
        if (Date.now() - swept > SWEEP_EVERY_MS) {
          await this.options.database.campaigns.forgetOldKeys();
          swept = Date.now();
        }
        this.lanes.wake();
      } catch (error) {
        this.options.log.warn({ error: (error as Error).message }, 'campaigns could not be planned; trying again');
      }
      await idle(PLAN_PAUSE_MS, this.stopping.signal);
      if (!this.stopping.signal.aborted) await idle(PLAN_EVERY_MS, this.planSoon.signal);
    }
  }

  private async fail(campaign: StoredCampaign): Promise<void> {
    const message = 'a part of it was tried too often without success; the log of the workers says why';
    await this.runner.fail(campaign.id, new BeagleError('INTERNAL', message));
  }
}
