import type { CampaignDeps } from '../campaigns';
import { keptCandidates, rankedCandidates } from '../campaigns';
import { EXPORTS_CHANNEL, type Log, type StoredExport } from '../data';
import { BeagleError, type Catalog } from '../domain';
import { idle, JobQueue, Lanes, type TakenJob } from '../jobs';
import { campaignTable } from './campaign-table';
import { storeChunks } from './chunks';
import { FORMATS } from './formats';
import { materialTable } from './material-table';
import type { Table } from './table';

export interface ExportWorkerOptions extends Omit<CampaignDeps, 'limits'> {
  readonly catalog: Catalog;
  readonly log: Log;
}

interface ExportJob {
  readonly exportId: string;
}

/** A complete file, and its link, are there for so long; so is the record of a failure. */
const KEEP_HOURS = 48;
/** Looks for exports without a job, and for expired ones, at most this often and at least every `PLAN_EVERY_MS`. */
const PLAN_PAUSE_MS = 200;
const PLAN_EVERY_MS = 10_000;
const TAKEN_OVER = 'another worker writes this export';

/**
 * Writes exports of this predictor's model until it is stopped. Like a campaign's, its jobs are made from what is there: an export that
 * is not complete and has no job gets one, so none is lost between the mutation and the queue.
 */
export async function startExportWorker(options: ExportWorkerOptions): Promise<{ stop(): Promise<void> }> {
  const { database, predictor, log } = options;
  const store = database.exports;
  const queue = await JobQueue.open<ExportJob>(database, `exports-${predictor.model.sha256.slice(0, 16)}`, log);
  const stopping = new AbortController();
  let planSoon = new AbortController();
  const lanes = new Lanes<ExportJob>({ queue, lanes: 1, run: write, onFailed });

  async function write({ exportId }: TakenJob<ExportJob>, signal: AbortSignal): Promise<void> {
    const attempt = await database.transaction(({ exports }) => exports.begin(exportId));
    if (attempt === null) return;
    const table = await tableOf(attempt);
    let rows = 0;
    const counted: Table = {
      ...table,
      async *pages() {
        for await (const page of table.pages(signal)) {
          signal.throwIfAborted();
          rows += page.length;
          yield page;
        }
      },
    };
    const { bytes, sha256 } = await storeChunks(
      FORMATS[attempt.format].write(counted, signal),
      async (number, chunk) => {
        signal.throwIfAborted();
        if (!(await store.append(attempt, number, chunk))) throw new Error(TAKEN_OVER);
      },
    );
    signal.throwIfAborted();
    await database.transaction(async ({ exports }) => {
      if (!(await exports.complete(attempt, { rows, bytes, sha256, keepHours: KEEP_HOURS })))
        throw new Error(TAKEN_OVER);
    });
  }

  async function tableOf({ campaignId, filter }: StoredExport): Promise<Table> {
    const modelId = predictor.model.id;
    if (campaignId === null) return materialTable(filter!, modelId, options.catalog, database);
    const campaign = await database.campaigns.byId(campaignId);
    if (campaign === null) throw new BeagleError('NOT_FOUND', 'the campaign is not there any more');
    return campaignTable(campaign, modelId, {
      ranked: (signal) => rankedCandidates(options, campaign, signal),
      kept: campaign.keepAll ? (signal) => keptCandidates(options, campaign, signal) : null,
    });
  }

  async function onFailed({ exportId, lastTry }: TakenJob<ExportJob>, error: unknown): Promise<void> {
    log.error({ err: error, export: exportId }, 'an export failed');
    // What is wrong with what was asked for does not mend by trying again.
    if (error instanceof BeagleError && FINAL.has(error.code)) await store.fail(exportId, error.message, KEEP_HOURS);
    else if (lastTry) await store.fail(exportId, 'internal error; the log of the workers has it', KEEP_HOURS);
  }

  async function plan(): Promise<void> {
    const missing = await store.unfinished(predictor.model.sha256);
    await queue.put(missing.map((exportId) => ({ id: exportId, data: { exportId } })));
    for (const { exportId } of await queue.givenUp())
      await store.fail(exportId, 'it was tried too often without success; the log of the workers says why', KEEP_HOURS);
    await store.deleteExpired();
    lanes.wake();
  }

  async function planLoop(): Promise<void> {
    while (!stopping.signal.aborted) {
      planSoon = new AbortController();
      await plan().catch((error: Error) =>
        log.warn({ error: error.message }, 'exports could not be planned; trying again'),
      );
      await idle(PLAN_PAUSE_MS, stopping.signal);
      if (!stopping.signal.aborted) await idle(PLAN_EVERY_MS, planSoon.signal);
    }
  }

  const unlisten = await database.notifications.listen(EXPORTS_CHANNEL, () => planSoon.abort());
  const planning = planLoop();
  lanes.start();
  return {
    async stop() {
      unlisten();
      stopping.abort();
      planSoon.abort();
      await Promise.all([lanes.stop(), planning]);
      await queue.close();
    },
  };
}

const FINAL: ReadonlySet<string> = new Set(['BAD_USER_INPUT', 'CONFLICT', 'NOT_FOUND']);
