import type { DiscoverInput, KnownCompositions, Predictor } from '../domain';
import { channelsOf, type Channels } from './channels';
import type { DiscoveryQuery } from './query';
import { workOn, type SpaceWork } from './offload';
import { costOf, desirabilityOf, scaleOf, type Scale } from './ranking/objectives';
import type { Ranking } from './ranking/rank';
import { scorerOf, type Scorer } from './scoring';
import { Screener, type ScreenedPart, type ScreenOptions } from './screening';
import { buildSpace, refuseTooLarge, type DesignSpace } from './spaces';
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

/**
 * A checked and counted discovery, not yet begun. A query screens it in one part; a campaign screens parts by position, on any
 * number of machines, and ranks them joined: the list is the same.
 */
export class DiscoveryPlan {
  readonly query: DiscoveryQuery;
  readonly channels: Channels;
  readonly space: DesignSpace;
  private readonly scales: readonly Scale[];
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

  /** What needs a processor for long; on a thread of its own where the space is large. To be closed. */
  startWork(): SpaceWork {
    return workOn(this.query.space, this.query.elementFilter, this.space);
  }

  /** Filters, predicts, constrains and scores the positions [from, to). */
  async screen(from: number, to: number, work: SpaceWork, options?: ScreenOptions): Promise<ScreenedPart> {
    const { predictor, known } = this.deps;
    this.scorer ??= scorerOf(this.query, this.channels, predictor.model, known, this.path);
    const screener = new Screener(this.query, this.space, this.channels, await this.scorer, predictor, known);
    return screener.screen(from, to, work, options);
  }

  /** @param parts of the whole space, by ascending position. */
  rank(parts: readonly ScreenedPart[], work: SpaceWork): Promise<Ranking> {
    return work.rank(joinParts(parts), this.scales);
  }

  /** 0..1 of the k-th objective. */
  desirability(k: number, value: number): number {
    const scale = this.scales[k]!;
    return desirabilityOf(scale, costOf(scale.objective, value));
  }
}

function joinParts(parts: readonly ScreenedPart[]): Pick<ScreenedPart, 'positions' | 'costs' | 'scores'> {
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
