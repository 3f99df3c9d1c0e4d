import type { DiscoverInput, KnownCompositions, ModelInfo, Predictor } from '../domain';
import { channelsOf, type Channels } from './channels';
import type { DiscoveryQuery, EvolveQuery, SpaceQuery } from './query';
import { Evolution } from './evolution/evolution';
import { Proposals } from './evolution/proposals';
import { workOn, type SpaceWork } from './offload';
import { inlineWork } from './offload/inline';
import { costOf, desirabilityOf, scaleOf, type Scale } from './ranking/objectives';
import type { Ranking } from './ranking/rank';
import { scorerOf, type Scorer } from './scoring';
import { Screener, type ScreenedPart, type ScreenOptions } from './screening';
import { buildSpace, countEvolve, refuseTooLarge, type DesignSpace } from './spaces';
import { validate } from './validation';

export interface DiscoveryDeps {
  readonly predictor: Predictor;
  readonly known: KnownCompositions;
}

export interface PlanOptions {
  /** Where the input stands among the caller's arguments; begins the path of every field error. */
  readonly path?: readonly string[];
  /** Largest `maxCandidates` allowed. */
  readonly ceiling?: number;
}

/** What a ranking and a search need of a part. */
export type RankedColumns = Pick<ScreenedPart, 'positions' | 'costs' | 'scores'>;

/**
 * A checked and counted discovery, not yet begun. A query screens it in one part; a campaign screens parts by position, on any
 * number of machines, and ranks them joined: the list is the same.
 */
export class DiscoveryPlan {
  readonly query: DiscoveryQuery;
  readonly channels: Channels;
  readonly space: DesignSpace;
  /** Of the objectives. */
  readonly scales: readonly Scale[];
  private readonly path: readonly string[];
  private scorer: Promise<Scorer | null> | null = null;

  /**
   * @throws InputError naming every mistake of the input.
   * @throws BeagleError SEARCH_SPACE_TOO_LARGE.
   */
  constructor(
    input: DiscoverInput,
    private readonly deps: DiscoveryDeps,
    { path = ['input'], ceiling }: PlanOptions = {},
  ) {
    this.path = path;
    this.query = validate(input, deps.predictor.model, { path, ceiling });
    this.channels = channelsOf(this.query);
    refuseTooLarge(this.query.space, this.query.maxCandidates, path);
    this.space = buildSpace(this.query.space, this.query.elementFilter);
    this.scales = this.query.objectives.map((objective) => scaleOf(objective, deps.predictor.model));
  }

  get model(): ModelInfo {
    return this.deps.predictor.model;
  }

  /** Positions to work through; of a search, the most that it proposes. */
  get size(): number {
    const { space } = this.query;
    return space.kind === 'evolve' ? countEvolve(space) : this.space.size;
  }

  /** What needs a processor for long; on a thread of its own where the space is large. To be closed. */
  startWork(): SpaceWork {
    const { space: query, elementFilter } = this.query;
    // What a search has proposed is a list like any other.
    const compositions = this.space instanceof Proposals ? this.space.compositions : null;
    const work: SpaceQuery = compositions ? { kind: 'formulas', compositions, count: compositions.length } : query;
    return workOn(work, elementFilter, this.space);
  }

  /** Screens the whole space; of a search, generation by generation. @returns parts by ascending position. */
  async screenAll(work: SpaceWork, options: ScreenOptions = {}): Promise<readonly ScreenedPart[]> {
    const { space } = this.query;
    if (space.kind !== 'evolve') return [await this.screen(0, this.space.size, work, options)];
    const evolution = this.startEvolution(space);
    const parts: ScreenedPart[] = [];
    for (let generation = 0; generation <= space.generations; generation++) {
      const part = await this.screenGeneration(evolution, { ...options, onProgress: undefined });
      if (part === null) break;
      parts.push(part);
      options.onProgress?.(this.space.size, total(parts, 'predicted'));
    }
    return parts;
  }

  /** The search at its beginning: the same query and seed give the same one. */
  startEvolution(query: EvolveQuery): Evolution {
    return new Evolution(query, this.query.elementFilter, this.query.seed);
  }

  /** Proposes, screens and selects one generation. @returns null when there is nothing new to propose. */
  async screenGeneration(evolution: Evolution, options?: ScreenOptions): Promise<ScreenedPart | null> {
    const from = this.propose(evolution);
    if (from === null) return null;
    const { space: query, elementFilter } = this.query;
    const space = this.space as Proposals;
    const part = await this.screen(from, space.size, inlineWork(query, elementFilter, space), options);
    this.select(evolution, from, part);
    return part;
  }

  /** Goes once more through a generation that has been screened already, here or elsewhere: nothing is predicted. */
  replayGeneration(evolution: Evolution, part: RankedColumns): void {
    const from = this.propose(evolution);
    if (from !== null) this.select(evolution, from, part);
  }

  /** @returns the position of the first composition proposed; null if there is none. */
  private propose(evolution: Evolution): number | null {
    const proposal = evolution.propose();
    if (proposal.length === 0) return null;
    const space = this.space as Proposals;
    const from = space.size;
    space.add(proposal);
    return from;
  }

  private select(evolution: Evolution, from: number, part: RankedColumns): void {
    const m = this.query.objectives.length;
    // PARETO searches for the front, any other strategy for its own score.
    const costsOf = (row: number): number[] =>
      part.scores === null ? Array.from(part.costs.subarray(row * m, (row + 1) * m)) : [-part.scores[row]!];
    evolution.select(Array.from(part.positions, (position, row) => ({ index: position - from, costs: costsOf(row) })));
  }

  /** Filters, predicts, constrains and scores the positions [from, to). */
  async screen(from: number, to: number, work: SpaceWork, options?: ScreenOptions): Promise<ScreenedPart> {
    const { predictor, known } = this.deps;
    this.scorer ??= scorerOf(this.query, this.channels, predictor.model, known, this.path);
    const screener = new Screener(this.query, this.space, this.channels, await this.scorer, predictor, known);
    return screener.screen(from, to, work, options);
  }

  /** @param parts of the whole space, by ascending position. */
  rank(parts: readonly RankedColumns[], work: SpaceWork): Promise<Ranking> {
    return work.rank(joinParts(parts), { scales: this.scales, diversity: this.query.diversity });
  }

  /** 0..1 of the k-th objective. */
  desirability(k: number, value: number): number {
    const scale = this.scales[k]!;
    return desirabilityOf(scale, costOf(scale.objective, value));
  }
}

/** The sum of one count over all parts. */
export function total(
  parts: readonly ScreenedPart[],
  count: 'passedFilters' | 'predicted' | 'failed' | 'modelRuns',
): number {
  return parts.reduce((sum, part) => sum + part[count], 0);
}

function joinParts(parts: readonly RankedColumns[]): RankedColumns {
  const scored = parts.every((part) => part.scores !== null);
  return {
    positions: Uint32Array.from(joined(parts.map((part) => part.positions))),
    costs: joined(parts.map((part) => part.costs)),
    scores: scored ? joined(parts.map((part) => part.scores!)) : null,
  };
}

function joined(pieces: readonly (Uint32Array | Float64Array)[]): Float64Array {
  const whole = new Float64Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
