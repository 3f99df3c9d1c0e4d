import { setTimeout as sleep } from 'node:timers/promises';
import { CAMPAIGNS_CHANNEL, type Log, type StoredCampaign } from '../data';
import { BeagleError } from '../domain';
import type { CampaignDeps } from './deps';
import { JobRunner } from './job-runner';
import { PacedPredictor } from './paced-predictor';
import { Planner } from './planner';
import { CampaignQueue, HEARTBEAT_MS, type TakenJob } from './queue';

export interface CampaignWorkerOptions extends CampaignDeps {
  readonly log: Log;
}

export interface CampaignWorker {
  /** Takes no more jobs and gives back those under way. */
  stop(): Promise<void>;
}

/** Jobs at a time: while one commits and the next begins, the other keeps the model busy. */
const LANES = 2;
/** An idle worker looks for jobs this often; it is woken sooner when a campaign changes. */
const IDLE_MS = 2_000;
/** Plans at most this often, and at least every `PLAN_EVERY_MS`. */
const PLAN_PAUSE_MS = 500;
const PLAN_EVERY_MS = 10_000;
const TAKEN_OVER = new Error('another worker has taken the job over');
const SWEEP_EVERY_MS = 3_600_000;

/** Works on campaigns of this predictor's model until it is stopped; the database may go and come back meanwhile. */
export async function startCampaignWorker(options: CampaignWorkerOptions): Promise<CampaignWorker> {
  const { database, predictor, log } = options;
  const queue = await CampaignQueue.open(database, predictor.model.sha256, log);
  const worker = new Worker(options, queue);
  await worker.start();
  log.info({ model: predictor.model.id }, 'works on campaigns');
  return worker;
}

class Worker implements CampaignWorker {
  private readonly stopping = new AbortController();
  private readonly running = new Map<string, { readonly job: TakenJob; readonly abort: AbortController }>();
  private readonly runner: JobRunner;
  private readonly planner: Planner;
  private wake = new AbortController();
  private planSoon = new AbortController();
  private loops: Promise<void>[] = [];
  private unlisten: () => void = () => undefined;

  constructor(
    private readonly options: CampaignWorkerOptions,
    private readonly queue: CampaignQueue,
  ) {
    const predictor = new PacedPredictor(options.predictor);
    this.runner = new JobRunner({ ...options, predictor });
    this.planner = new Planner(options.database.campaigns, queue, predictor.model.sha256);
  }

  async start(): Promise<void> {
    this.unlisten = await this.options.database.notifications.listen(CAMPAIGNS_CHANNEL, (id) => this.changed(id));
    this.loops = [this.planLoop(), this.heartbeatLoop(), ...Array.from({ length: LANES }, () => this.lane())];
  }

  async stop(): Promise<void> {
    this.unlisten();
    this.stopping.abort(new Error('the worker is stopping'));
    this.wake.abort();
    this.planSoon.abort();
    for (const { abort } of this.running.values()) abort.abort(this.stopping.signal.reason);
    await Promise.all(this.loops);
    this.runner.close();
    await this.queue.close();
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private changed(id: string | null): void {
    this.planSoon.abort();
    for (const { job } of this.running.values())
      if (id === null || job.campaignId === id) void this.abortCancelled(job.campaignId);
  }

  private async abortCancelled(campaignId: string): Promise<void> {
    const campaign = await this.options.database.campaigns.byId(campaignId).catch(() => null);
    if (campaign?.status !== 'CANCELLED') return;
    for (const { job, abort } of this.running.values())
      if (job.campaignId === campaignId) abort.abort(new Error('the campaign was cancelled'));
  }

  private async lane(): Promise<void> {
    while (!this.stopped) {
      const job = await this.queue.take();
      if (job === null) await this.idle(IDLE_MS, this.wake);
      else await this.work(job);
      if (this.wake.signal.aborted) this.wake = new AbortController();
    }
  }

  private async work(job: TakenJob): Promise<void> {
    const abort = new AbortController();
    this.running.set(job.id, { job, abort });
    if (this.stopped) abort.abort(this.stopping.signal.reason);
    try {
      await this.runner.run(job, abort.signal);
      await this.queue.done(job.id);
    } catch (error) {
      if (!abort.signal.aborted) {
        this.options.log.error({ err: error, campaign: job.campaignId, work: job.work }, 'a campaign job failed');
        await this.runner.gaveUp(job, error).catch(() => undefined);
      }
      // What another worker has taken over is its own. If the database is gone, the job goes to a worker when it expires.
      if (abort.signal.reason !== TAKEN_OVER) await this.queue.failed(job.id).catch(() => undefined);
    } finally {
      this.running.delete(job.id);
    }
  }

  private async planLoop(): Promise<void> {
    let swept = 0;
    while (!this.stopped) {
      this.planSoon = new AbortController();
      try {
        await this.planner.run();
        for (const campaign of await this.planner.givenUp()) await this.fail(campaign);
        if (Date.now() - swept > SWEEP_EVERY_MS) {
          await this.options.database.campaigns.forgetOldKeys();
          swept = Date.now();
        }
        this.wake.abort();
      } catch (error) {
        this.options.log.warn({ error: (error as Error).message }, 'campaigns could not be planned; trying again');
      }
      await this.idle(PLAN_PAUSE_MS, this.stopping);
      await this.idle(PLAN_EVERY_MS, this.planSoon);
    }
  }

  private async fail(campaign: StoredCampaign): Promise<void> {
    const message = 'a part of it was tried too often without success; the log of the workers says why';
    await this.runner.fail(campaign.id, new BeagleError('INTERNAL', message));
  }

  private async heartbeatLoop(): Promise<void> {
    while (!this.stopped) {
      await this.idle(HEARTBEAT_MS, this.stopping);
      if (this.running.size === 0) continue;
      const kept = await this.queue.keep([...this.running.keys()]).catch(() => null);
      if (kept === null) continue;
      for (const [id, { abort }] of this.running) if (!kept.has(id)) abort.abort(TAKEN_OVER);
    }
  }

  private async idle(ms: number, until: AbortController): Promise<void> {
    if (this.stopped) return;
    await sleep(ms, undefined, { signal: until.signal }).catch(() => undefined);
  }
}
