import { PacedPredictor } from '../campaigns';
import { fillPredictions, predictedColumn, type StoringPredictor } from '../catalog';
import type { Database, Log, PredictedColumn } from '../data';
import type { PropertyKey } from '../domain';
import { idle, JobQueue, Lanes, type TakenJob } from '../jobs';

export interface PrecomputeOptions {
  readonly database: Database;
  readonly predictor: StoringPredictor;
  /** `asked`: those that a filter, an order or a plot has asked for, of whatever model. */
  readonly properties: readonly PropertyKey[] | 'asked';
  readonly log: Log;
}

interface FillJob {
  readonly property: PropertyKey;
  readonly run: string;
}

/** How often is looked for what was imported. */
const PLAN_EVERY_MS = 3_000;

/**
 * Keeps the predictions of some properties complete for the whole catalogue until it is stopped: after an import, whoever made it, and
 * after a change of the model. Jobs follow from what is there, one a property at a time among all servers of a database; one that is
 * broken off goes on with the page that it was at. People's questions go before.
 */
export async function startPrecomputing(options: PrecomputeOptions): Promise<{ stop(): Promise<void> }> {
  const { database, predictor, log } = options;
  const { id: modelId, sha256 } = predictor.model;
  const fills = database.predictionFills;
  const paced = new PacedPredictor(predictor);
  const patient: StoringPredictor = {
    model: predictor.model,
    storedAs: (property) => predictor.storedAs(property),
    flush: () => predictor.flush(),
    predict: (requests, { signal } = {}) => paced.predict(requests, { signal, priority: 'campaign', keep: true }),
  };
  const queue = await JobQueue.open<FillJob>(database, `predictions-${sha256.slice(0, 16)}`, log);
  const stopping = new AbortController();
  const lanes = new Lanes<FillJob>({
    queue,
    lanes: 1,
    run,
    onFailed: async ({ property }, error) => log.error({ err: error, property }, 'predicting the catalogue failed'),
  });

  async function run({ property, run }: TakenJob<FillJob>, signal: AbortSignal): Promise<void> {
    const fill = await fills.begin(modelId, property, run);
    if (fill === null) return;
    const column = predictedColumn(patient, property)!;
    const { through: since } = fill;
    let { after } = fill;
    let made = 0;
    for await (const page of fillPredictions(database.catalogue, patient, column, { since, after }, signal)) {
      await checkStored(column, { since, after, to: page.after }, page.unsupported);
      await fills.advance(modelId, property, run, page.after);
      after = page.after;
      made += page.predicted;
    }
    await fills.finish(modelId, property, run);
    if (made > 0) log.info({ property, predictions: made, model: modelId }, 'predicted the catalogue');
  }

  /** The predictor's store is a cache, which may lose what it cannot write; here nothing may be lost. */
  async function checkStored(
    column: PredictedColumn,
    stretch: { since: Date | null; after: string | null; to: string },
    unsupported: number,
  ): Promise<void> {
    const left = await database.catalogue.materialsWithoutPrediction(column, stretch);
    if (left.length > unsupported)
      throw new Error(`${left.length - unsupported} predictions of ${column.property} were not stored`);
  }

  async function plan(): Promise<void> {
    const wanted = options.properties === 'asked' ? await fills.wanted() : options.properties;
    const known = wanted.filter((property) => predictedColumn(predictor, property) !== null);
    if (known.length === 0) return;
    await fills.want(modelId, known);
    const due = await fills.due(modelId, known);
    await queue.put(due.map(({ property, run }) => ({ id: run, data: { property, run } })));
    if (due.length > 0) lanes.wake();
  }

  async function planLoop(): Promise<void> {
    while (!stopping.signal.aborted) {
      await plan().catch((error: Error) =>
        log.warn({ error: error.message }, 'predicting the catalogue could not be planned; trying again'),
      );
      await idle(PLAN_EVERY_MS, stopping.signal);
    }
  }

  const planning = planLoop();
  lanes.start();
  return {
    async stop() {
      stopping.abort();
      await Promise.all([lanes.stop(), planning]);
      await queue.close();
    },
  };
}
