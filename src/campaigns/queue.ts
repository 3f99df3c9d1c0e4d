import PgBoss from 'pg-boss';
import { v5 as uuidv5 } from 'uuid';
import type { Database, Log } from '../data';

/** A chunk by its number, or the ranking of all. */
export interface CampaignJob {
  readonly campaignId: string;
  readonly epoch: number;
  readonly work: number | 'rank';
}

export interface TakenJob extends CampaignJob {
  readonly id: string;
  /** It fails for good if it fails now. */
  readonly lastTry: boolean;
}

/** A worker says this often that it is alive, and a job whose worker has not done so for `EXPIRE_SECONDS` goes to another. */
export const HEARTBEAT_MS = 4_000;
const EXPIRE_SECONDS = 15;
/** Tries, whether the job failed or its worker was lost; they are `RETRY_SECONDS` apart. */
const RETRY_LIMIT = 30;
const RETRY_SECONDS = 2;
const JOB_IDS = '2f1c8a53-5c0e-4a0c-9d3d-7f2f1c0f6a11';

/**
 * The jobs of one model's campaigns, in pg-boss. Ids are made from what a job is about, so that putting it in twice changes nothing.
 */
export class CampaignQueue {
  private constructor(
    private readonly boss: PgBoss,
    private readonly execute: Database['execute'],
    private readonly name: string,
  ) {}

  /** A model has a queue of its own: a worker takes only what it can do. */
  static async open(database: Database, modelSha256: string, log: Log): Promise<CampaignQueue> {
    const boss = new PgBoss({
      db: { executeSql: (text, values) => database.execute(text, values) },
      schedule: false,
      maintenanceIntervalSeconds: 5,
      archiveCompletedAfterSeconds: 3600,
      deleteAfterDays: 1,
    });
    boss.on('error', (error) => log.warn({ error: error.message }, 'the job queue could not be maintained'));
    await boss.start();
    const name = `campaigns-${modelSha256.slice(0, 16)}`;
    const options = { expireInSeconds: EXPIRE_SECONDS, retryLimit: RETRY_LIMIT, retryDelay: RETRY_SECONDS };
    await boss.createQueue(name, { name, policy: 'standard', ...options });
    return new CampaignQueue(boss, database.execute, name);
  }

  async put(jobs: readonly CampaignJob[]): Promise<void> {
    const { name } = this;
    const rows = jobs.map((data) => ({
      id: uuidv5(`${data.campaignId}/${data.epoch}/${data.work}`, JOB_IDS),
      name,
      data,
    }));
    await this.boss.insert(rows);
  }

  /** The oldest job, now this worker's for as long as `keep` names it; null if there is none or the database does not answer. */
  async take(): Promise<TakenJob | null> {
    const [job] = await this.boss.fetch<CampaignJob>(this.name, { includeMetadata: true });
    return job ? { ...job.data, id: job.id, lastTry: job.retryCount >= job.retryLimit } : null;
  }

  /** @returns those of the jobs that are still this worker's */
  async keep(ids: readonly string[]): Promise<ReadonlySet<string>> {
    // The time since which a job is active is what pg-boss expires it by.
    const { rows } = await this.execute(
      `UPDATE pgboss.job SET started_on = now() WHERE name = $1 AND id = ANY($2::uuid[]) AND state = 'active' RETURNING id`,
      [this.name, ids],
    );
    return new Set((rows as { id: string }[]).map(({ id }) => id));
  }

  async done(id: string): Promise<void> {
    await this.boss.complete(this.name, id);
  }

  /** Back to the queue, until it has been tried too often. */
  async failed(id: string): Promise<void> {
    await this.boss.fail(this.name, id);
  }

  /** Jobs that were tried too often. */
  async givenUp(): Promise<readonly CampaignJob[]> {
    const { rows } = await this.execute(`SELECT data FROM pgboss.job WHERE name = $1 AND state = 'failed'`, [
      this.name,
    ]);
    return (rows as { data: CampaignJob }[]).map(({ data }) => data);
  }

  async close(): Promise<void> {
    await this.boss.stop({ graceful: false });
  }
}
