import type { Composition } from '../chemistry';
import type { NewPart, StoredCampaign, StoredPart, StoredResult } from '../data';
import type { DiscoveryDeps, DiscoveryPlan, Evolution, ScreenOptions, SpaceWork } from '../discovery';
import type { DiscoverySummary } from '../domain';
import { startedPlan } from './plans';

/** Reads the parts of the campaign whose chunks are not among those given. */
export type LoadParts = (known: readonly number[]) => Promise<readonly StoredPart[]>;

/** One campaign in one process: its plan, what scans its space, and how far its search has been gone through. */
export class CampaignWork {
  readonly plan: DiscoveryPlan;
  private scanner: SpaceWork | null = null;
  private evolution: Evolution | null = null;
  private generations = 0;
  private turn: Promise<unknown> = Promise.resolve();

  /** @throws BeagleError CONFLICT if this software sees another design space than the one it was started with. */
  constructor(
    private readonly campaign: StoredCampaign,
    deps: DiscoveryDeps,
  ) {
    this.plan = startedPlan(campaign, deps);
  }

  get isSearch(): boolean {
    return this.plan.query.space.kind === 'evolve';
  }

  /** @returns null if a search has nothing new to propose */
  async screen(chunk: number, load: LoadParts, options: ScreenOptions): Promise<NewPart | null> {
    if (this.isSearch) return this.inTurn(() => this.screenGeneration(chunk, load, options));
    const { chunkSize, total } = this.campaign;
    const from = chunk * chunkSize;
    const to = Math.min(total, from + chunkSize);
    this.scanner ??= this.plan.startWork();
    const part = await this.plan.screen(from, to, this.scanner, options);
    return { ...part, chunk, size: to - from };
  }

  /** Goes through the parts of a search that this process has not seen, so that their positions have compositions. */
  replay(parts: readonly StoredPart[]): void {
    const { space } = this.plan.query;
    if (space.kind !== 'evolve') return;
    this.evolution ??= this.plan.startEvolution(space);
    for (const part of parts) {
      if (part.chunk !== this.generations) continue;
      this.plan.replayGeneration(this.evolution, part);
      this.generations++;
    }
  }

  /** The final list, and what it took: exactly what one query gives for the whole space. */
  async rank(parts: readonly StoredPart[], lastRank: number) {
    this.replay(parts);
    const scanner = this.plan.startWork();
    try {
      const ranking = await this.plan.rank(parts, scanner);
      const results = Array.from(ranking.positions, (position, i): StoredResult => ({
        rank: i + 1,
        position,
        formula: this.formulaAt(position),
        score: ranking.scores[i]!,
        paretoFront: ranking.fronts[i]!,
      }));
      // Under PARETO the front comes first; a strategy with scores of its own may leave a part of it behind the best.
      const scored = parts.some((part) => part.scores !== null);
      if (scored && ranking.positions.length >= lastRank)
        results.push(...(await this.restOfFront(parts, results, scanner)));
      return { results, paretoFrontSize: ranking.paretoFrontSize, hypervolume: ranking.hypervolume };
    } finally {
      scanner.close();
    }
  }

  close(): void {
    this.scanner?.close();
  }

  compositionAt(position: number): Composition {
    return this.plan.space.at(position);
  }

  /** As the space writes it: a property of the formula unit depends on its amounts. */
  private formulaAt(position: number): string {
    return this.compositionAt(position).input;
  }

  private async restOfFront(
    parts: readonly StoredPart[],
    best: readonly StoredResult[],
    scanner: SpaceWork,
  ): Promise<StoredResult[]> {
    const pareto = await this.plan.rank(
      parts.map((part) => ({ ...part, scores: null })),
      scanner,
    );
    const kept = new Set(best.map(({ position }) => position));
    const scoreAt = new Map<number, number>();
    for (const { positions, scores } of parts)
      positions.forEach((position, row) => scoreAt.set(position, scores![row]!));
    return Array.from(pareto.positions)
      .filter((position, i) => pareto.fronts[i] === 1 && !kept.has(position))
      .map((position) => ({
        position,
        formula: this.formulaAt(position),
        score: scoreAt.get(position)!,
        paretoFront: 1,
      }))
      .sort((a, b) => b.score - a.score || a.position - b.position)
      .map((member, i) => ({ ...member, rank: best.length + 1 + i }));
  }

  private async screenGeneration(chunk: number, load: LoadParts, options: ScreenOptions): Promise<NewPart | null> {
    const { space } = this.plan.query;
    if (space.kind !== 'evolve') throw new Error('not a search');
    if (this.generations < chunk) this.replay(await load([...Array(this.generations).keys()]));
    if (this.generations !== chunk)
      throw new Error(`the search stands at generation ${this.generations}, not ${chunk}`);
    this.evolution ??= this.plan.startEvolution(space);
    const before = this.plan.space.size;
    const part = await this.plan.screenGeneration(this.evolution, options);
    this.generations++;
    return part && { ...part, chunk, size: this.plan.space.size - before };
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }
}

/** What is told of a part once its candidates are ranked. */
export interface PartCounts {
  readonly chunk: number;
  readonly size: number;
  readonly passedFilters: number;
  readonly predicted: number;
  readonly satisfying: number;
  readonly modelRuns: number;
}

export const countsOf = ({ chunk, size, passedFilters, predicted, positions, modelRuns }: StoredPart): PartCounts => ({
  chunk,
  size,
  passedFilters,
  predicted,
  satisfying: positions.length,
  modelRuns,
});

export function summaryOf(
  { startedAt }: Pick<StoredCampaign, 'startedAt'>,
  parts: readonly PartCounts[],
  { paretoFrontSize, hypervolume }: Pick<DiscoverySummary, 'paretoFrontSize' | 'hypervolume'>,
): DiscoverySummary {
  const sum = (name: keyof PartCounts): number => parts.reduce((total, part) => total + part[name], 0);
  return {
    enumerated: sum('size'),
    passedFilters: sum('passedFilters'),
    predicted: sum('predicted'),
    satisfyingConstraints: sum('satisfying'),
    paretoFrontSize,
    hypervolume,
    elapsedMs: startedAt === null ? 0 : Date.now() - startedAt.getTime(),
    modelRuns: sum('modelRuns'),
  };
}
