import type { StoredCampaign, StoredPart } from '../data';
import { inlineWork, type DiscoveryDeps, type Ranking, type RankedComposition } from '../discovery';
import type { DiscoverySummary } from '../domain';
import { CampaignWork, countsOf, summaryOf, type LoadParts, type PartCounts } from './campaign-work';

/** Rows up to which ranking takes no longer than a turn of the event loop may. */
const INLINE_ROWS = 20_000;

type Columns = Pick<StoredPart, 'positions' | 'costs' | 'scores'>;

/**
 * The ranking of a campaign that is not finished, from the parts that are there. It keeps the best 10,000 rows and merges new
 * parts into them: a row that falls out is dominated, or outscored, by 10,000 others and can come back in no later ranking. (Only
 * the crowding within the last front that is kept, and the front's members that a scored ranking drops, may differ from the final list.)
 */
export class LiveRanking {
  readonly work: CampaignWork;
  private readonly seen: PartCounts[] = [];
  private best: Columns | null = null;
  private ranking: Ranking | null = null;

  constructor(campaign: StoredCampaign, deps: DiscoveryDeps) {
    this.work = new CampaignWork(campaign, deps);
  }

  /** Takes in what is new. */
  async refresh(load: LoadParts): Promise<void> {
    const parts = await load(this.seen.map(({ chunk }) => chunk));
    if (parts.length === 0 && this.ranking !== null) return;
    this.work.replay(parts);
    const columns = sortedByPosition(this.best === null ? parts : [this.best, ...parts], this.objectives);
    this.ranking = await this.rank(columns);
    this.best = rowsAt(columns, this.ranking.positions, this.objectives);
    this.seen.push(...parts.map(countsOf));
  }

  places(onlyFront: boolean): RankedComposition[] {
    const { positions, scores, fronts } = this.ranking!;
    const places = Array.from(positions, (position, i) => ({
      rank: i + 1,
      position,
      score: scores[i]!,
      paretoFront: fronts[i]!,
    }));
    return places
      .filter(({ paretoFront }) => !onlyFront || paretoFront === 1)
      .map(({ position, ...place }) => ({ ...place, composition: this.work.compositionAt(position) }));
  }

  summary(campaign: StoredCampaign): DiscoverySummary {
    return summaryOf(campaign, this.seen, this.ranking!);
  }

  private get objectives(): number {
    return this.work.plan.query.objectives.length;
  }

  private async rank(columns: Columns): Promise<Ranking> {
    const { plan } = this.work;
    const { space, elementFilter } = plan.query;
    const scanner =
      columns.positions.length <= INLINE_ROWS ? inlineWork(space, elementFilter, plan.space) : plan.startWork();
    try {
      return await plan.rank([columns], scanner);
    } finally {
      scanner.close();
    }
  }
}

function sortedByPosition(pieces: readonly Columns[], objectives: number): Columns {
  const rows = pieces.flatMap((piece) => Array.from(piece.positions, (position, row) => ({ position, piece, row })));
  rows.sort((a, b) => a.position - b.position);
  return gathered(rows, objectives);
}

function rowsAt(columns: Columns, positions: Uint32Array, objectives: number): Columns {
  const kept = new Set(positions);
  const rows = Array.from(columns.positions, (position, row) => ({ position, piece: columns, row }));
  return gathered(
    rows.filter(({ position }) => kept.has(position)),
    objectives,
  );
}

function gathered(
  rows: readonly { readonly position: number; readonly piece: Columns; readonly row: number }[],
  objectives: number,
): Columns {
  const costs = new Float64Array(rows.length * objectives);
  rows.forEach(({ piece, row }, i) =>
    costs.set(piece.costs.subarray(row * objectives, (row + 1) * objectives), i * objectives),
  );
  const scored = rows.length > 0 && rows.every(({ piece }) => piece.scores !== null);
  return {
    positions: Uint32Array.from(rows, ({ position }) => position),
    costs,
    scores: scored ? Float64Array.from(rows, ({ piece, row }) => piece.scores![row]!) : null,
  };
}
