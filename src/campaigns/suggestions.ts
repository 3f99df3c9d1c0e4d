import { LRUCache } from 'lru-cache';
import { v7 as uuidv7 } from 'uuid';
import { parseFormula, type Composition } from '../chemistry';
import { claimKey, type StoredCampaign, type StoredMeasurement, type StoredResult } from '../data';
import { candidatesOf, suggest, type Beliefs, type DiscoveryPlan, type Measured, type Suggestion } from '../discovery';
import { BeagleError, filledConditions, type CampaignLoop, type Candidate, type Conditions } from '../domain';
import { beliefsOf, widthOf } from './beliefs';
import type { CampaignDeps } from './deps';
import { PacedPredictor } from './paced-predictor';
import { startedPlan } from './plans';

/** Campaigns whose results one server keeps in memory, a few MB each. */
const KEPT = 8;
/** Batches that are kept for those who ask again. */
const KEPT_BATCHES = 100;
/** Measurements that are learnt from, the last ones: the work grows with their square. */
const MOST_MEASURED = 1_000;
/** A measurement at 298 K is one at 300 K. */
const SAME_CONDITION = 0.02;

/** The results of a completed campaign, and what the model believes of them. */
interface Pool {
  readonly plan: DiscoveryPlan;
  readonly results: readonly StoredResult[];
  readonly compositions: readonly Composition[];
  readonly indexAt: ReadonlyMap<number, number>;
  readonly beliefs: Beliefs;
}

/** What to measure next, and who measures it. */
export class Suggestions implements Pick<CampaignLoop, 'suggestions' | 'reserveSuggestions'> {
  private readonly pools = new LRUCache<string, Promise<Pool>>({ max: KEPT });
  private readonly batches = new LRUCache<string, { readonly count: number; readonly batch: Suggestion[] }>({
    max: KEPT_BATCHES,
  });
  /** Reservations of one campaign, one after another: the second has to know what the first took. */
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(private readonly deps: CampaignDeps) {}

  suggestions: CampaignLoop['suggestions'] = async (record, count, signal) => {
    const campaign = record as StoredCampaign;
    if (campaign.status !== 'COMPLETED') return [];
    const pool = await this.pool(campaign);
    const state = await this.deps.database.campaignLoop.state(campaign.id);
    return this.candidates(pool, await this.batch(campaign, pool, state, count, signal), signal);
  };

  reserveSuggestions: CampaignLoop['reserveSuggestions'] = async ({ ownerId }, campaignId, request, signal) => {
    const campaign = await this.deps.database.campaigns.byId(campaignId);
    if (campaign?.ownerId !== ownerId) throw new BeagleError('NOT_FOUND', 'there is no such campaign');
    if (campaign.status !== 'COMPLETED') {
      const message = `the campaign is ${campaign.status}: what to measure is suggested once it is COMPLETED`;
      throw new BeagleError('CONFLICT', message, [], { status: campaign.status });
    }
    const pool = await this.pool(campaign);
    const reserved = await this.inTurn(campaignId, () => this.reserve(campaign, pool, request, signal));
    return this.candidates(pool, reserved, signal);
  };

  /** Chooses without a lock, then takes what it chose if nothing was measured or reserved meanwhile; else chooses again. */
  private async reserve(
    campaign: StoredCampaign,
    pool: Pool,
    { count, idempotencyKey }: { readonly count: number; readonly idempotencyKey?: string | null },
    signal?: AbortSignal,
  ): Promise<readonly Suggestion[]> {
    const { database } = this.deps;
    const { id, ownerId } = campaign;
    for (;;) {
      const state = await database.campaignLoop.state(id);
      const batch = await this.batch(campaign, pool, state, count, signal);
      const batchId = uuidv7();
      const taken = await database
        .transaction(async ({ campaigns, campaignLoop }) => {
          await campaigns.lock(id);
          if (idempotencyKey != null) {
            const payload = ['reserveSuggestions', id, count];
            const used = await claimKey(campaigns, ownerId, idempotencyKey, payload, batchId);
            if (used !== null) return campaignLoop.batch(used);
          }
          if ((await campaignLoop.state(id)) !== state) throw new ChangedMeanwhile();
          const reservations = batch.map(({ index, score }) => ({ position: pool.results[index]!.position, score }));
          await campaignLoop.reserve(id, batchId, reservations);
          return reservations;
        })
        .catch((error: unknown) => {
          if (error instanceof ChangedMeanwhile) return null;
          throw error;
        });
      if (taken !== null) return taken.map(({ position, score }) => ({ index: pool.indexAt.get(position)!, score }));
      signal?.throwIfAborted();
    }
  }

  private async batch(
    campaign: StoredCampaign,
    pool: Pool,
    state: string,
    count: number,
    signal?: AbortSignal,
  ): Promise<readonly Suggestion[]> {
    const id = `${campaign.id}:${state}`;
    // A shorter batch is the beginning of a longer one.
    const kept = this.batches.get(id);
    if (kept && kept.count >= count) return kept.batch.slice(0, count);
    const { campaignLoop } = this.deps.database;
    const [measured, reserved] = await Promise.all([
      campaignLoop.lastMeasurements(campaign.id, MOST_MEASURED),
      campaignLoop.reservedPositions(campaign.id),
    ]);
    const batch = await suggest(
      pool.plan,
      {
        candidates: pool.compositions,
        beliefs: pool.beliefs,
        measured: await this.measured(pool, measured, signal),
        known: pool.plan.query.incumbent !== null ? [[pool.plan.query.incumbent]] : (campaign.measured ?? []),
        reserved: reserved.map((position) => pool.indexAt.get(position)!),
        count,
      },
      signal,
    );
    this.batches.set(id, { count, batch });
    return batch;
  }

  /** Those that tell of a prediction which the campaign asks for. */
  private async measured(pool: Pool, rows: readonly StoredMeasurement[], signal?: AbortSignal): Promise<Measured[]> {
    const { plan } = pool;
    const relevant = rows.flatMap((row) => {
      const channel = plan.channels.list.findIndex(({ property, conditions }) => {
        const { conditions: trained = [] } = plan.model.properties.find(({ key }) => key === property) ?? {};
        const filled = (given: Conditions): Conditions => filledConditions(trained, given);
        return row.property === property && sameConditions(filled(conditions), filled(row.conditions));
      });
      return channel === -1 ? [] : [{ ...row, channel, composition: parseFormula(row.formula) }];
    });
    // Asked as a person would, so that the answers are kept and are the same on every server.
    const beliefs = await beliefsOf(
      plan,
      relevant.map(({ composition }) => composition),
      this.deps.predictor,
      { priority: 'interactive', signal },
    );
    return relevant.map(({ composition, channel, value, uncertainty }, i) => {
      const at = i * beliefs.width + 2 * channel;
      return { composition, channel, value, uncertainty, belief: [beliefs.values[at]!, beliefs.values[at + 1]!] };
    });
  }

  private candidates(pool: Pool, batch: readonly Suggestion[], signal?: AbortSignal): Promise<Candidate[]> {
    if (batch.length === 0) return Promise.resolve([]);
    const places = batch.map(({ index, score }, i) => ({
      composition: pool.compositions[index]!,
      rank: i + 1,
      score,
      paretoFront: pool.results[index]!.paretoFront,
    }));
    return candidatesOf(pool.plan, places, this.deps, { signal, priority: 'interactive' });
  }

  private pool(campaign: StoredCampaign): Promise<Pool> {
    let pool = this.pools.get(campaign.id);
    if (pool === undefined) {
      pool = this.readPool(campaign);
      this.pools.set(campaign.id, pool);
      pool.catch(() => this.pools.delete(campaign.id));
    }
    return pool;
  }

  private async readPool(campaign: StoredCampaign): Promise<Pool> {
    const { predictor, database } = this.deps;
    if (campaign.modelSha256 !== predictor.model.sha256) {
      const message = `the campaign was scored by ${campaign.modelId}; this server answers from ${predictor.model.id}`;
      throw new BeagleError('MODEL_UNAVAILABLE', message);
    }
    const plan = startedPlan(campaign, this.deps);
    const store = database.campaignLoop;
    const results = await store.pool(campaign.id);
    const compositions = results.map(({ formula }) => parseFormula(formula));
    const width = widthOf(plan);
    let values = await store.beliefs(campaign.id);
    if (values === null) {
      const computed = await beliefsOf(plan, compositions, new PacedPredictor(predictor), { priority: 'campaign' });
      await store.keepBeliefs(campaign.id, computed.values);
      values = (await store.beliefs(campaign.id))!;
    }
    const indexAt = new Map(results.map(({ position }, index) => [position, index]));
    return { plan, results, compositions, indexAt, beliefs: { width, values } };
  }

  private inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const result = (this.turns.get(id) ?? Promise.resolve()).then(work);
    const turn = result
      .catch(() => undefined)
      .finally(() => {
        if (this.turns.get(id) === turn) this.turns.delete(id);
      });
    this.turns.set(id, turn);
    return result;
  }
}

class ChangedMeanwhile extends Error {}

/** Whether a measurement under `b` tells of a prediction for `a`: one that leaves the processing open takes any. */
function sameConditions(a: Conditions, b: Conditions): boolean {
  return (Object.keys(a) as (keyof Conditions)[]).every((name) => {
    const [wanted, had] = [a[name], b[name]];
    if (typeof wanted === 'number' && typeof had === 'number')
      return Math.abs(wanted - had) <= SAME_CONDITION * Math.abs(wanted);
    return wanted === had || wanted === 'UNSPECIFIED';
  });
}
