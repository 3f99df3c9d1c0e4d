import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Composition } from '../chemistry';
import {
  BeagleError,
  type Distribution,
  type ErrorCode,
  type KnownCompositions,
  type PredictionRequest,
  type Predictor,
  type Priority,
} from '../domain';
import { satisfies, type Channels } from './channels';
import type { DiscoveryQuery } from './query';
import { costOf } from './ranking/objectives';
import type { SpaceWork } from './offload';
import type { Scorer } from './scoring';
import type { DesignSpace } from './spaces';

/** Candidates that are predicted together. */
const BATCH = 1024;
/** Positions that are filtered together. */
const STRIDE = 16_384;
/** What `readings` hold of an objective: value, standard deviation, lower and upper end of the central 90 % interval. */
export const READINGS = 4;
/** Failures that are told one by one; the rest is counted. */
const MAX_FAILURES = 1000;

const COMPOSITION_ERRORS: ReadonlySet<ErrorCode> = new Set([
  'UNSUPPORTED_ELEMENT',
  'INVALID_FORMULA',
  'BAD_USER_INPUT',
]);

export interface ScreeningFailure {
  readonly position: number;
  readonly formula: string;
  readonly message: string;
  readonly code: ErrorCode;
}

/** What a part of a design space came to. Parts may be screened anywhere and in any order, and joined by position. */
export interface ScreenedPart {
  readonly positions: Uint32Array;
  /** n × objectives, row by row. */
  readonly costs: Float64Array;
  readonly scores: Float64Array | null;
  /** If asked for: n × objectives × READINGS, row by row. */
  readonly readings: Float32Array | null;
  readonly passedFilters: number;
  readonly predicted: number;
  readonly failed: number;
  readonly failures: readonly ScreeningFailure[];
  readonly modelRuns: number;
}

export interface ScreenOptions {
  readonly signal?: AbortSignal;
  readonly priority?: Priority;
  readonly charge?: (predictions: number) => void | Promise<void>;
  /** Whether to keep what was predicted of each candidate. */
  readonly readings?: boolean;
  /** After each batch: the positions worked through and the candidates predicted so far. */
  readonly onProgress?: (done: number, predicted: number) => void;
}

interface Candidate {
  readonly position: number;
  readonly composition: Composition;
}

/** Filters, predicts, constrains and scores the positions of a design space. Holds a few thousand candidates at a time. */
export class Screener {
  constructor(
    private readonly query: DiscoveryQuery,
    private readonly space: DesignSpace,
    private readonly channels: Channels,
    private readonly scorer: Scorer | null,
    private readonly predictor: Predictor,
    private readonly known: KnownCompositions,
  ) {}

  /** @param from first position, @param to one past the last. */
  async screen(from: number, to: number, work: SpaceWork, options: ScreenOptions = {}): Promise<ScreenedPart> {
    const part = new PartBuilder(this.query.objectives.length, this.scorer !== null, options.readings ?? false);
    let waiting: Candidate[] = [];
    let running: Promise<void> = Promise.resolve();
    // The next stride is filtered while this one is predicted.
    const scan = (start: number): Promise<Uint32Array> => {
      const scanned = start < to ? work.scan(start, Math.min(to, start + STRIDE)) : Promise.resolve(new Uint32Array(0));
      scanned.catch(() => undefined);
      return scanned;
    };
    const flush = async (done: number): Promise<void> => {
      const batch = waiting;
      waiting = [];
      // One batch runs while the next is generated, and the caller's thread gets a turn between two.
      await Promise.all([running, nextTurn()]);
      running = this.evaluate(batch, part, options).then(() => options.onProgress?.(done, part.predicted));
      // A rejection is seen at the next flush or at the end; until then it must not count as unhandled.
      running.catch(() => undefined);
    };
    let positions = scan(from);
    for (let start = from; start < to; start += STRIDE) {
      options.signal?.throwIfAborted();
      const passing = await positions;
      positions = scan(start + STRIDE);
      for (const position of passing) {
        waiting.push({ position, composition: this.space.at(position) });
        if (waiting.length === BATCH) await flush(position + 1 - from);
      }
    }
    await flush(to - from);
    await running;
    return part.build();
  }

  private async evaluate(batch: readonly Candidate[], part: PartBuilder, options: ScreenOptions): Promise<void> {
    options.signal?.throwIfAborted();
    const candidates = this.query.excludeKnown ? await this.dropKnown(batch) : batch;
    part.passedFilters += candidates.length;
    if (candidates.length === 0) return;
    await options.charge?.(candidates.length * this.channels.list.length);
    const answers = await Promise.all(
      this.channels.list.map(({ property, conditions }) =>
        this.predictor.predict(
          candidates.map(({ composition }): PredictionRequest => ({ composition, property, conditions })),
          { priority: options.priority, signal: options.signal },
        ),
      ),
    );
    for (const answer of answers)
      if (answer.some((result) => result instanceof Error || !result.cached)) part.modelRuns++;
    candidates.forEach((candidate, i) => {
      const distributions: Distribution[] = [];
      for (const answer of answers) {
        const result = answer[i]!;
        if (result instanceof Error) return part.fail(candidate, aboutComposition(result));
        distributions.push(result.distribution);
      }
      part.predicted++;
      if (!satisfies(this.query.constraints, this.channels.ofConstraints, distributions)) return;
      const costs = this.query.objectives.map((objective, k) =>
        costOf(objective, distributions[this.channels.ofObjectives[k]!]!.value),
      );
      const predicted = this.channels.ofObjectives.map((channel) => distributions[channel]!);
      part.add(candidate.position, costs, this.scorer?.(distributions) ?? 0, predicted);
    });
  }

  private async dropKnown(batch: readonly Candidate[]): Promise<readonly Candidate[]> {
    if (batch.length === 0) return batch;
    const known = await this.known.knownCompositionKeys(batch.map(({ composition }) => composition.key));
    return batch.filter(({ composition }) => !known.has(composition.key));
  }
}

/** A failure of this composition; any other (the model is gone, the caller has left) ends the screening. */
function aboutComposition(error: Error): BeagleError {
  if (error instanceof BeagleError && COMPOSITION_ERRORS.has(error.code)) return error;
  throw error;
}

const readingsOf = (predicted: Distribution): number[] => [
  predicted.value,
  predicted.standardDeviation,
  predicted.quantile(0.05),
  predicted.quantile(0.95),
];

class PartBuilder {
  passedFilters = 0;
  predicted = 0;
  modelRuns = 0;
  private failed = 0;
  private readonly failures: ScreeningFailure[] = [];
  private positions = new Uint32Array(BATCH);
  private scores = new Float64Array(BATCH);
  private costs: Float64Array;
  private readings: Float32Array;
  private n = 0;

  constructor(
    private readonly objectives: number,
    private readonly scored: boolean,
    private readonly keepsReadings: boolean,
  ) {
    this.costs = new Float64Array(BATCH * objectives);
    this.readings = new Float32Array(keepsReadings ? BATCH * objectives * READINGS : 0);
  }

  add(position: number, costs: readonly number[], score: number, predicted: readonly Distribution[]): void {
    if (this.n === this.positions.length) this.grow();
    this.positions[this.n] = position;
    this.scores[this.n] = score;
    this.costs.set(costs, this.n * this.objectives);
    if (this.keepsReadings) this.readings.set(predicted.flatMap(readingsOf), this.n * this.objectives * READINGS);
    this.n++;
  }

  fail({ position, composition }: Candidate, { message, code }: BeagleError): void {
    this.failed++;
    if (this.failures.length < MAX_FAILURES)
      this.failures.push({ position, formula: composition.formula, message, code });
  }

  build(): ScreenedPart {
    const { n, objectives, passedFilters, predicted, failed, failures, modelRuns } = this;
    return {
      positions: this.positions.slice(0, n),
      costs: this.costs.slice(0, n * objectives),
      scores: this.scored ? this.scores.slice(0, n) : null,
      readings: this.keepsReadings ? this.readings.slice(0, n * objectives * READINGS) : null,
      passedFilters,
      predicted,
      failed,
      failures,
      modelRuns,
    };
  }

  private grow(): void {
    const size = this.n * 2;
    const enlarge = <T extends Uint32Array | Float64Array | Float32Array>(old: T, bigger: T): T => {
      bigger.set(old);
      return bigger;
    };
    this.positions = enlarge(this.positions, new Uint32Array(size));
    this.scores = enlarge(this.scores, new Float64Array(size));
    this.costs = enlarge(this.costs, new Float64Array(size * this.objectives));
    if (this.keepsReadings) this.readings = enlarge(this.readings, new Float32Array(size * this.objectives * READINGS));
  }
}
