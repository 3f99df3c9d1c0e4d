import { LRUCache } from 'lru-cache';
import { parseFormula } from '../chemistry';
import { candidatesOf, type DiscoveryPlan, type RankedComposition } from '../discovery';
import {
  BeagleError,
  type CampaignFailure,
  type CampaignRecord,
  type Candidate,
  type CountedPage,
  type DiscoveryResult,
  type DiscoverySummary,
  type ForwardPage,
} from '../domain';
import type { StoredCampaign } from '../data';
import { LiveRanking } from './live-ranking';
import { startedPlan } from './plans';
import { LAST_RANK, readCursor, writeCursor } from './results';
import type { CampaignDeps } from './deps';

const NOTHING: DiscoverySummary = {
  enumerated: 0,
  passedFilters: 0,
  predicted: 0,
  satisfyingConstraints: 0,
  paretoFrontSize: 0,
  hypervolume: null,
  elapsedMs: 0,
  modelRuns: 0,
};
/** Rankings of running campaigns that one server keeps, about 1 MB each. */
const KEPT = 16;
/** A ranking of a running campaign may be this old. */
const FRESH_MS = 1_000;

interface Live {
  readonly ranking: LiveRanking;
  refreshed: number;
  refreshing: Promise<void> | null;
}

interface Places {
  readonly rows: readonly RankedComposition[];
  readonly hasNextPage: boolean;
  readonly totalCount: number;
  readonly summary: DiscoverySummary;
}

/** What a campaign has found: the final list, or before there is one, the ranking of what has been scored so far. */
export class ResultReader {
  private readonly plans = new LRUCache<string, DiscoveryPlan>({ max: KEPT });
  private readonly live = new LRUCache<string, Live>({ max: KEPT });

  constructor(private readonly deps: CampaignDeps) {}

  async page(
    campaign: CampaignRecord,
    { first, after, onlyFront }: ForwardPage & { readonly onlyFront?: boolean | null },
    signal?: AbortSignal,
  ): Promise<DiscoveryResult> {
    const list = onlyFront ? 'front' : 'best';
    const behind = readCursor(campaign, list, after, 0);
    const stored = campaign as StoredCampaign;
    const places = await this.places(stored, behind, first, onlyFront ?? false);
    const candidates = places.rows.length === 0 ? [] : await this.candidates(stored, places.rows, signal);
    const edges = candidates.map((node) => ({ cursor: writeCursor(campaign, list, node.rank), node }));
    const { hasNextPage, totalCount, summary } = places;
    return { edges, hasNextPage, hasPreviousPage: behind > 0, totalCount, summary };
  }

  async top(campaign: CampaignRecord, count: number, signal?: AbortSignal): Promise<readonly Candidate[]> {
    const { edges } = await this.page(campaign, { first: count }, signal);
    return edges.map(({ node }) => node);
  }

  async failures(campaign: CampaignRecord, { first, after }: ForwardPage): Promise<CountedPage<CampaignFailure>> {
    const behind = readCursor(campaign, 'failures', after, -1);
    const store = this.deps.database.campaigns;
    const [rows, totalCount] = await Promise.all([
      store.failures(campaign.id, behind, first),
      store.countFailures(campaign.id),
    ]);
    const edges = rows
      .slice(0, first)
      .map((node) => ({ cursor: writeCursor(campaign, 'failures', node.position), node }));
    return { edges, hasNextPage: rows.length > first, hasPreviousPage: after != null, totalCount };
  }

  private async places(campaign: StoredCampaign, behind: number, first: number, onlyFront: boolean): Promise<Places> {
    const store = this.deps.database.campaigns;
    if (campaign.status !== 'COMPLETED') {
      if (campaign.chunksDone === 0) return { rows: [], hasNextPage: false, totalCount: 0, summary: NOTHING };
      const ranking = await this.liveRanking(campaign);
      const all = ranking.places(onlyFront);
      const rest = all.filter(({ rank }) => rank > behind);
      const summary = ranking.summary(campaign);
      return { rows: rest.slice(0, first), hasNextPage: rest.length > first, totalCount: all.length, summary };
    }
    const [rows, totalCount] = await Promise.all([
      store.results(campaign.id, { after: behind, limit: first, onlyFront, lastRank: LAST_RANK }),
      store.countResults(campaign.id, onlyFront, LAST_RANK),
    ]);
    const places = rows.slice(0, first).map(({ formula, rank, score, paretoFront }) => ({
      composition: parseFormula(formula),
      rank,
      score,
      paretoFront,
    }));
    return { rows: places, hasNextPage: rows.length > first, totalCount, summary: campaign.summary! };
  }

  private async candidates(campaign: StoredCampaign, rows: readonly RankedComposition[], signal?: AbortSignal) {
    const { predictor } = this.deps;
    if (campaign.modelSha256 !== predictor.model.sha256) {
      const message = `the campaign was scored by ${campaign.modelId}; this server answers from ${predictor.model.id}`;
      throw new BeagleError('MODEL_UNAVAILABLE', message);
    }
    let plan = this.plans.get(campaign.id);
    if (plan === undefined) this.plans.set(campaign.id, (plan = startedPlan(campaign, this.deps)));
    return candidatesOf(plan, rows, this.deps, { signal, priority: 'interactive' });
  }

  private async liveRanking(campaign: StoredCampaign): Promise<LiveRanking> {
    let live = this.live.get(campaign.id);
    if (live === undefined) {
      live = { ranking: new LiveRanking(campaign, this.deps), refreshed: 0, refreshing: null };
      this.live.set(campaign.id, live);
    }
    if (Date.now() - live.refreshed >= FRESH_MS) live.refreshing ??= this.refresh(campaign.id, live);
    await live.refreshing;
    return live.ranking;
  }

  private async refresh(id: string, live: Live): Promise<void> {
    try {
      await live.ranking.refresh((known) => this.deps.database.campaigns.parts(id, known));
      live.refreshed = Date.now();
    } catch (error) {
      this.live.delete(id);
      throw error;
    } finally {
      live.refreshing = null;
    }
  }
}
