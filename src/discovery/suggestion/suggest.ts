import { setImmediate as nextTurn } from 'node:timers/promises';
import { moversProfiles, type Composition } from '../../chemistry';
import type { DiscoveryPlan } from '../plan';
import { acquisitionOf, type Belief } from './acquisition';
import { Aim, Coordinate, shiftedProbability } from './beliefs';
import { ResidualProcess, type Observations } from './residuals';

/** After its first member, a batch is chosen among the candidates that promised most at first. */
const SHORTLIST = 1_000;
/** Candidates that are scored between two turns of the event loop. */
const BLOCK = 512;

/** What the model believes of candidates: rows of `width` numbers, means and deviations of all channels, then P(each constraint). */
export interface Beliefs {
  readonly width: number;
  readonly values: Float64Array;
}

/** A measured value of one channel, with what the model believed of it. */
export interface Measured {
  readonly composition: Composition;
  readonly channel: number;
  /** In the unit of the property. */
  readonly value: number;
  readonly uncertainty: number | null;
  /** On the coordinate of the channel. */
  readonly belief: Belief;
}

export interface SuggestionRequest {
  readonly candidates: readonly Composition[];
  readonly beliefs: Beliefs;
  readonly measured: readonly Measured[];
  /** Values of every objective, in plain units, that are known from elsewhere. */
  readonly known: readonly (readonly number[])[];
  /** Indices of candidates that somebody is about to measure. */
  readonly reserved: readonly number[];
  readonly count: number;
}

/** A candidate worth measuring, as an index, and what it promises under the strategy. */
export interface Suggestion {
  readonly index: number;
  readonly score: number;
}

/** The channels of a discovery as suggestions look at them. */
export const coordinatesOf = (plan: DiscoveryPlan): readonly Coordinate[] =>
  plan.channels.list.map(({ property }) => new Coordinate(property, plan.model));

/**
 * What to measure next, best first: a pure function of the request. For each channel the model's belief is corrected by what the
 * measurements tell of its errors (`ResidualProcess`); the strategy of the discovery scores what is believed (`acquisitionOf`), weighted
 * with the probability that the constraints are satisfied (Schonlau, Welch and Jones 1998; Gardner et al., ICML 2014) and without those
 * that are likelier not to than the discovery allows. A batch is chosen one after another, as if each had been measured with
 * the value that is believed; so is what is reserved. Fewer suggestions than asked for: no more candidates are left.
 */
export async function suggest(
  plan: DiscoveryPlan,
  request: SuggestionRequest,
  signal?: AbortSignal,
): Promise<Suggestion[]> {
  const state = await State.of(plan, request, signal);
  return state.batch(request.count, signal);
}

class State {
  private readonly aims: readonly Aim[];
  private readonly acquisition;
  private readonly excluded: Set<number>;

  private constructor(
    private readonly plan: DiscoveryPlan,
    private readonly request: SuggestionRequest,
    private readonly coordinates: readonly Coordinate[],
    /** By channel; null where nothing has been measured and the model's belief stands. */
    private readonly processes: readonly ResidualProcess[],
  ) {
    const { ofObjectives } = plan.channels;
    this.aims = plan.scales.map((scale, k) => new Aim(scale, coordinates[ofObjectives[k]!]!));
    const complete = this.completelyMeasured();
    this.excluded = new Set(request.reserved);
    request.candidates.forEach(({ key }, i) => {
      if (complete.has(key)) this.excluded.add(i);
    });
    this.acquisition = acquisitionOf(plan.query, this.aims, this.worstCosts(complete));
    for (const values of request.known)
      this.acquisition.know(values.map((value, k) => this.aims[k]!.coordinate.of(value)));
    for (const values of complete.values()) if (values !== null) this.acquisition.know(values);
    for (const index of request.reserved) this.believe(index);
  }

  static async of(plan: DiscoveryPlan, request: SuggestionRequest, signal?: AbortSignal): Promise<State> {
    const coordinates = coordinatesOf(plan);
    const sites = moversProfiles(request.candidates);
    const processes: ResidualProcess[] = [];
    for (const [channel, coordinate] of coordinates.entries()) {
      processes.push(await ResidualProcess.over(sites, observationsOf(channel, coordinate, request.measured), signal));
    }
    return new State(plan, request, coordinates, processes);
  }

  async batch(count: number, signal?: AbortSignal): Promise<Suggestion[]> {
    const chosen: Suggestion[] = [];
    let open = this.request.candidates.map((_, i) => i).filter((i) => !this.excluded.has(i));
    while (chosen.length < count) {
      const ranked = (await this.scored(open, signal)).sort(
        (a, b) => b.score - a.score || b.success - a.success || a.index - b.index,
      );
      const [best] = ranked;
      if (best === undefined) break;
      chosen.push({ index: best.index, score: best.score });
      this.believe(best.index);
      // What does not satisfy the constraints now may do so no later: beliefs of values stay within a batch.
      open = ranked.slice(1, SHORTLIST).map(({ index }) => index);
    }
    return chosen;
  }

  private async scored(candidates: readonly number[], signal?: AbortSignal) {
    const scored: { readonly index: number; readonly score: number; readonly success: number }[] = [];
    for (const [at, index] of candidates.entries()) {
      if (at % BLOCK === BLOCK - 1) {
        await nextTurn();
        signal?.throwIfAborted();
      }
      const feasible = this.feasibility(index);
      if (feasible === null) continue;
      const beliefs = this.beliefsOf(index);
      const score = this.acquisition.score(beliefs);
      // Where nothing is left to gain, the likeliest success comes first.
      const success = beliefs.reduce(
        (product, [mean, deviation], k) => product * this.aims[k]!.probabilityOfSuccess(mean, deviation),
        feasible,
      );
      scored.push({ index, score: this.acquisition.isGain && score > 0 ? score * feasible : score, success });
    }
    return scored;
  }

  /** As if the believed values had been measured. */
  private believe(index: number): void {
    this.acquisition.know(this.beliefsOf(index).map(([mean]) => mean));
    for (const process of this.processes) process.believe(index);
  }

  /** Of each objective, on the coordinates. */
  private beliefsOf(index: number): Belief[] {
    return this.plan.channels.ofObjectives.map((channel) => this.corrected(channel, index));
  }

  private corrected(channel: number, index: number): Belief {
    const [mean, deviation] = this.prior(channel, index);
    const process = this.processes[channel]!;
    return [mean + deviation * process.error[index]!, deviation * process.deviation(index)];
  }

  private prior(channel: number, index: number): Belief {
    const { width, values } = this.request.beliefs;
    return [values[index * width + 2 * channel]!, values[index * width + 2 * channel + 1]!];
  }

  /** The probability that every constraint is satisfied; null if one is not satisfied with the probability that it asks for. */
  private feasibility(index: number): number | null {
    const { query, channels } = this.plan;
    const { width, values } = this.request.beliefs;
    let product = 1;
    for (const [i, { min, max, minProbability }] of query.constraints.entries()) {
      const channel = channels.ofConstraints[i]!;
      const coordinate = this.coordinates[channel]!;
      const [low, high] = [coordinate.of(min), coordinate.of(max)];
      const of = ([mean, deviation]: Belief): number => coordinate.probability(mean, deviation, low, high);
      const probability = shiftedProbability(
        values[index * width + 2 * channels.list.length + i]!,
        of(this.prior(channel, index)),
        of(this.corrected(channel, index)),
      );
      if (probability < minProbability) return null;
      product *= probability;
    }
    return product;
  }

  /**
   * The compositions of which every objective was measured, by key: the means of the values, on the coordinates; null where a measured
   * value breaks a constraint.
   */
  private completelyMeasured(): Map<string, number[] | null> {
    const values = new Map<string, number[][]>();
    for (const { composition, channel, value } of this.request.measured) {
      let ofChannels = values.get(composition.key);
      if (ofChannels === undefined)
        values.set(composition.key, (ofChannels = this.coordinates.map((): number[] => [])));
      ofChannels[channel]!.push(this.coordinates[channel]!.of(value));
    }
    const { query, channels } = this.plan;
    const complete = new Map<string, number[] | null>();
    for (const [key, ofChannels] of values) {
      if (!channels.ofObjectives.every((channel) => ofChannels[channel]!.length > 0)) continue;
      const means = ofChannels.map((found) => found.reduce((sum, value) => sum + value, 0) / found.length);
      // What was not measured is NaN here, which breaks nothing.
      const broken = query.constraints.some(({ min, max }, i) => {
        const channel = channels.ofConstraints[i]!;
        const { [channel]: mean } = means;
        const on = this.coordinates[channel]!;
        return mean! < on.of(min) || mean! > on.of(max);
      });
      complete.set(key, broken ? null : channels.ofObjectives.map((channel) => means[channel]!));
    }
    return complete;
  }

  /** Of each objective: what anything believed by the model, or measured, stays below. */
  private worstCosts(complete: ReadonlyMap<string, readonly number[] | null>): number[] {
    return this.aims.map((aim, k) => {
      const channel = this.plan.channels.ofObjectives[k]!;
      let worst = -Infinity;
      for (let i = 0; i < this.request.candidates.length; i++)
        worst = Math.max(worst, aim.cost(this.prior(channel, i)[0]));
      for (const values of complete.values()) if (values !== null) worst = Math.max(worst, aim.cost(values[k]!));
      return worst;
    });
  }
}

function observationsOf(channel: number, coordinate: Coordinate, measured: readonly Measured[]): Observations {
  const own = measured.filter((one) => one.channel === channel);
  return {
    compositions: own.map(({ composition }) => composition),
    errors: Float64Array.from(own, ({ value, belief: [mean, deviation] }) => (coordinate.of(value) - mean) / deviation),
    variances: Float64Array.from(own, ({ value, uncertainty, belief: [, deviation] }) =>
      uncertainty === null ? 0 : ((coordinate.of(value + uncertainty) - coordinate.of(value)) / deviation) ** 2,
    ),
  };
}
