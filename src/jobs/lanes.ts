import { setTimeout as sleep } from 'node:timers/promises';
import { HEARTBEAT_MS, type JobQueue, type TakenJob } from './queue';

/** An idle lane looks for jobs this often; it is woken sooner when something changes. */
const IDLE_MS = 2_000;
const TAKEN_OVER = new Error('another worker has taken the job over');

export interface LanesOptions<Data extends object> {
  readonly queue: JobQueue<Data>;
  /** Jobs at a time. */
  readonly lanes: number;
  run(job: TakenJob<Data>, signal: AbortSignal): Promise<void>;
  /** Told of a job that failed; it is tried again unless this was its last try. */
  onFailed(job: TakenJob<Data>, error: unknown): Promise<void>;
}

/** Takes jobs from a queue and runs them, and says that it is alive while it does; the database may go and come back meanwhile. */
export class Lanes<Data extends object> {
  private readonly stopping = new AbortController();
  private readonly running = new Map<string, { readonly job: TakenJob<Data>; readonly abort: AbortController }>();
  private waking = new AbortController();
  private loops: Promise<void>[] = [];

  constructor(private readonly options: LanesOptions<Data>) {}

  start(): void {
    this.loops = [this.heartbeatLoop(), ...Array.from({ length: this.options.lanes }, () => this.lane())];
  }

  /** Looks for jobs now. */
  wake(): void {
    this.waking.abort();
  }

  get jobs(): readonly TakenJob<Data>[] {
    return [...this.running.values()].map(({ job }) => job);
  }

  abort(which: (job: TakenJob<Data>) => boolean, reason: Error): void {
    for (const { job, abort } of this.running.values()) if (which(job)) abort.abort(reason);
  }

  /** Takes no more jobs and gives back those under way. */
  async stop(): Promise<void> {
    this.stopping.abort(new Error('the worker is stopping'));
    this.waking.abort();
    for (const { abort } of this.running.values()) abort.abort(this.stopping.signal.reason);
    await Promise.all(this.loops);
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private async lane(): Promise<void> {
    while (!this.stopped) {
      const job = await this.options.queue.take();
      if (job === null) await idle(IDLE_MS, this.waking.signal);
      else await this.work(job);
      if (this.waking.signal.aborted) this.waking = new AbortController();
    }
  }

  private async work(job: TakenJob<Data>): Promise<void> {
    const { queue, run, onFailed } = this.options;
    const abort = new AbortController();
    this.running.set(job.id, { job, abort });
    if (this.stopped) abort.abort(this.stopping.signal.reason);
    try {
      await run(job, abort.signal);
      await queue.done(job.id);
    } catch (error) {
      if (!abort.signal.aborted) await onFailed(job, error).catch(() => undefined);
      // What another worker has taken over is its own. If the database is gone, the job goes to a worker when it expires.
      if (abort.signal.reason !== TAKEN_OVER) await queue.failed(job.id).catch(() => undefined);
    } finally {
      this.running.delete(job.id);
    }
  }

  private async heartbeatLoop(): Promise<void> {
    while (!this.stopped) {
      await idle(HEARTBEAT_MS, this.stopping.signal);
      if (this.running.size === 0) continue;
      const kept = await this.options.queue.keep([...this.running.keys()]).catch(() => null);
      if (kept === null) continue;
      for (const [id, { abort }] of this.running) if (!kept.has(id)) abort.abort(TAKEN_OVER);
    }
  }
}

/** Waits, or until the signal aborts. */
export async function idle(ms: number, until: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: until }).catch(() => undefined);
}
