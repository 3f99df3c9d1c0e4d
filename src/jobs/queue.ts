import PgBoss from 'pg-boss';
import type { Database, Log } from '../data';

export interface Job<Data> {
  /** A UUID made from what the job is about: putting it in twice changes nothing. */
  readonly id: string;
  readonly data: Data;
}

export type TakenJob<Data> = Data & {
  readonly id: string;
  /** It fails for good if it fails now. */
  readonly lastTry: boolean;
};

/** A worker says this often that it is alive, and a job whose worker has not done so for `EXPIRE_SECONDS` goes to another. */
export const HEARTBEAT_MS = 4_000;
const EXPIRE_SECONDS = 15;
/** Tries, whether the job failed or its worker was lost; they are `RETRY_SECONDS` apart. */
const RETRY_LIMIT = 30;
const RETRY_SECONDS = 2;

/**
 * A queue is a partition, and attaching one locks the table that workers of other queues use meanwhile: on a new database Postgres may
 * choose this side to give way. Creating a queue that is there does nothing, so it is tried again.
 */
async function pastDeadlocks(work: () => Promise<void>, tries = 10): Promise<void> {
  try {
    await work();
  } catch (error) {
    const deadlock = error instanceof Error && 'code' in error && error.code === '40P01';
    if (!deadlock || tries === 1) throw error;
    await pastDeadlocks(work, tries - 1);
  }
}

/** Jobs of one kind, in pg-boss: whoever has the database can put them in and take them out. */
export class JobQueue<Data extends object> {
  private constructor(
    private readonly boss: PgBoss,
    private readonly execute: Database['execute'],
    private readonly name: string,
  ) {}

  static async open<Data extends object>(database: Database, name: string, log: Log): Promise<JobQueue<Data>> {
    const boss = new PgBoss({
      db: { executeSql: (text, values) => database.execute(text, values) },
      schedule: false,
      maintenanceIntervalSeconds: 5,
      archiveCompletedAfterSeconds: 3600,
      deleteAfterDays: 1,
    });
    boss.on('error', (error) => log.warn({ error: error.message }, 'the job queue could not be maintained'));
    await boss.start();
    const options = { expireInSeconds: EXPIRE_SECONDS, retryLimit: RETRY_LIMIT, retryDelay: RETRY_SECONDS };
    await pastDeadlocks(() => boss.createQueue(name, { name, policy: 'standard', ...options }));
    return new JobQueue(boss, database.execute, name);
  }

  async put(jobs: readonly Job<Data>[]): Promise<void> {
    await this.boss.insert(jobs.map((job) => ({ ...job, name: this.name })));
  }

  /** The oldest job, now this worker's for as long as `keep` names it; null if there is none or the database does not answer. */
  async take(): Promise<TakenJob<Data> | null> {
    const [job] = await this.boss.fetch<Data>(this.name, { includeMetadata: true });
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
  async givenUp(): Promise<readonly Data[]> {
    const { rows } = await this.execute(`SELECT data FROM pgboss.job WHERE name = $1 AND state = 'failed'`, [
      this.name,
    ]);
    return (rows as { data: Data }[]).map(({ data }) => data);
  }

  async close(): Promise<void> {
    await this.boss.stop({ graceful: false });
  }
}
