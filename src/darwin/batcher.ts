import type { SpanContext } from '@opentelemetry/api';
import { BeagleError, type PredictOptions, type Priority, type RejectionReason } from '../domain';
import type { RowAnswer } from './answer';
import type { MetricsRecorder } from './metrics';
import type { Row } from './prompt';
import { RowQueue, type BatchLimits } from './queue';
import { RunLostError, type ModelRuntime, type RunOutput } from './runtime';
import { currentSpan, tracedForAll } from './tracing';

export interface BatcherOptions extends BatchLimits {
  /** How long rows may wait for neighbours, ms; 0: a batch is what is waiting when a session is free. */
  readonly maxQueueDelayMs: number;
  /** Rows that may wait; a campaign may fill half of it. */
  readonly maxQueue: number;
  /** From the asking to the answer, ms. */
  readonly timeoutMs: number;
  /** The same for a campaign, which may wait behind many people. */
  readonly campaignTimeoutMs: number;
}

export const BATCHER_DEFAULTS: BatcherOptions = {
  // The bare session is fastest at 128 rows on a CPU (npm run bench:inference), and the next batch waits no longer than it must.
  maxBatch: 128,
  mixedRows: 128,
  maxPadding: 0.1,
  maxQueueDelayMs: 0,
  maxQueue: 16_384,
  timeoutMs: 30_000,
  campaignTimeoutMs: 300_000,
};

export interface BatchItem {
  /** Equal for rows that must have the same answer: asked twice at one time, executed once. */
  readonly key: string;
  readonly property: number;
  readonly row: Row;
}

interface Ask {
  readonly answers: (RowAnswer | Error)[];
  readonly rows: Set<WaitingRow>;
  readonly span: SpanContext | undefined;
  remaining: number;
  finish(): void;
}

interface WaitingRow extends BatchItem {
  readonly sequence: number;
  readonly since: number;
  priority: Priority;
  attempts: number;
  queued: boolean;
  readonly waiters: { readonly ask: Ask; readonly index: number }[];
}

/**
 * Dynamic batching across all callers, after Triton's batcher: rows that wait while the sessions are busy go together.
 * A full queue refuses at once, so memory is bounded and a client learns when to come back.
 */
export class Batcher {
  private readonly queue = new RowQueue<WaitingRow>();
  private readonly inFlight = new Map<string, WaitingRow>();
  private running = 0;
  private sequence = 0;
  private scheduled = false;
  /** Moving average, ms of session time a row. */
  private rowMs = 1;

  constructor(
    private readonly runtime: ModelRuntime,
    private readonly instructions: readonly (readonly number[])[],
    private readonly options: BatcherOptions,
    private readonly metrics: MetricsRecorder,
  ) {}

  get queueLength(): number {
    return this.queue.size;
  }

  /**
   * Answers in the order of the items; a row that fails holds its error.
   *
   * @throws BeagleError MODEL_OVERLOADED (with `retryAfterMs`) if the rows do not fit the queue
   * @throws the signal's reason once it is aborted
   */
  async ask(items: readonly BatchItem[], options: PredictOptions = {}): Promise<(RowAnswer | Error)[]> {
    const { priority = 'interactive', signal } = options;
    signal?.throwIfAborted();
    if (items.length === 0) return [];
    this.refuseOverload(items, priority);
    const timeoutMs = priority === 'campaign' ? this.options.campaignTimeoutMs : this.options.timeoutMs;
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancel);
      };
      const ask: Ask = {
        answers: new Array<RowAnswer | Error>(items.length),
        rows: new Set(),
        span: currentSpan(),
        remaining: items.length,
        finish: () => {
          done();
          resolve(ask.answers);
        },
      };
      const cancel = () => {
        this.withdraw(ask, 'cancelled');
        done();
        reject(signal!.reason as Error);
      };
      const timer = setTimeout(() => {
        this.withdraw(ask, 'timeout');
        for (let i = 0; i < items.length; i++) ask.answers[i] ??= this.timedOut(timeoutMs);
        ask.finish();
      }, timeoutMs);
      signal?.addEventListener('abort', cancel, { once: true });
      items.forEach((item, index) => this.join(item, index, ask, priority));
      this.schedule();
    });
  }

  private refuseOverload(items: readonly BatchItem[], priority: Priority): void {
    const fresh = new Set<string>();
    for (const { key } of items) if (!this.inFlight.has(key)) fresh.add(key);
    const limit = priority === 'campaign' ? this.options.maxQueue / 2 : this.options.maxQueue;
    if (this.queue.size + fresh.size <= limit) return;
    this.metrics.rejections.overloaded += items.length;
    throw new BeagleError('MODEL_OVERLOADED', 'too many predictions are waiting for the model; try again later', [], {
      retryAfterMs: this.drainMs(),
    });
  }

  private join(item: BatchItem, index: number, ask: Ask, priority: Priority): void {
    let row = this.inFlight.get(item.key);
    if (row) {
      this.metrics.sharedCount += 1;
      if (row.queued && row.priority === 'campaign' && priority === 'interactive') {
        this.queue.delete(row, 'campaign');
        row.priority = 'interactive';
        this.queue.add(row, 'interactive');
      }
    } else {
      const { key, property } = item;
      const sequence = ++this.sequence;
      const since = performance.now();
      row = { key, property, row: item.row, sequence, since, priority, attempts: 0, queued: true, waiters: [] };
      this.inFlight.set(key, row);
      this.queue.add(row, priority);
    }
    row.waiters.push({ ask, index });
    ask.rows.add(row);
  }

  /** Takes an ask's rows out of the queue, unless another ask waits for them too. */
  private withdraw(ask: Ask, reason: RejectionReason): void {
    this.metrics.rejections[reason] += ask.remaining;
    for (const row of ask.rows) {
      for (let i = row.waiters.length - 1; i >= 0; i--) if (row.waiters[i]!.ask === ask) row.waiters.splice(i, 1);
      if (row.waiters.length > 0 || !row.queued) continue;
      this.queue.delete(row, row.priority);
      this.inFlight.delete(row.key);
    }
    ask.rows.clear();
  }

  /** Waits for the end of this turn of the event loop, so that everything asked in it goes together. */
  private schedule(): void {
    if (this.scheduled || this.queue.size === 0) return;
    this.scheduled = true;
    const pump = () => {
      this.scheduled = false;
      this.pump();
    };
    const { maxQueueDelayMs, maxBatch } = this.options;
    if (maxQueueDelayMs > 0 && this.queue.size < maxBatch) setTimeout(pump, maxQueueDelayMs);
    else setImmediate(pump);
  }

  private pump(): void {
    for (;;) {
      // While full batches wait, each session has the next one at hand and never idles for an answer's way back.
      const busy = this.running >= this.runtime.concurrency;
      if (this.running >= 2 * this.runtime.concurrency) return;
      const batch = this.queue.take(this.options, busy);
      if (!batch) return;
      void this.execute(batch);
    }
  }

  private async execute(batch: readonly WaitingRow[]): Promise<void> {
    const start = performance.now();
    for (const row of batch) {
      row.queued = false;
      row.attempts += 1;
    }
    this.running += 1;
    const property = batch[0]!.property;
    try {
      const rows = batch.map(({ row }) => row);
      const run = { property, instruction: this.instructions[property]!, rows };
      const output = await tracedForAll(spansOf(batch), 'darwin.execution', { 'darwin.rows': rows.length }, (span) => {
        span.setAttribute('darwin.device', this.runtime.device);
        return this.runtime.run(run);
      });
      this.record(batch, output, start);
      batch.forEach((row, index) => this.settle(row, answerOf(output, index)));
    } catch (error) {
      for (const row of batch) this.fail(row, error as Error);
    } finally {
      this.running -= 1;
      this.schedule();
    }
  }

  private fail(row: WaitingRow, error: Error): void {
    if (!(error instanceof RunLostError)) {
      if (error instanceof BeagleError) this.metrics.rejections.unavailable += row.waiters.length;
      return this.settle(row, error);
    }
    if (row.waiters.length === 0) {
      this.inFlight.delete(row.key);
    } else if (row.attempts < 2) {
      this.metrics.retryCount += 1;
      row.queued = true;
      this.queue.add(row, row.priority);
    } else {
      this.metrics.rejections.unavailable += row.waiters.length;
      const message = 'the model failed twice on this prediction';
      this.settle(row, new BeagleError('MODEL_UNAVAILABLE', message, [], { retryAfterMs: 1000 }));
    }
  }

  private settle(row: WaitingRow, answer: RowAnswer | Error): void {
    this.inFlight.delete(row.key);
    for (const { ask, index } of row.waiters) {
      ask.answers[index] = answer;
      ask.rows.delete(row);
      ask.remaining -= 1;
      if (ask.remaining === 0) ask.finish();
    }
  }

  private record(batch: readonly WaitingRow[], output: RunOutput, start: number): void {
    let tokens = 0;
    let longest = 0;
    for (const { row, since } of batch) {
      tokens += row.tokens.length;
      longest = Math.max(longest, row.tokens.length);
      this.metrics.queueMs += start - since;
    }
    const padded = longest * batch.length;
    this.metrics.execution(batch.length, padded, padded - tokens, output.computeMs);
    this.rowMs += 0.1 * (output.computeMs / batch.length - this.rowMs);
  }

  private timedOut(timeoutMs: number): BeagleError {
    return new BeagleError('MODEL_OVERLOADED', `the model did not answer within ${timeoutMs} ms`, [], {
      retryAfterMs: this.drainMs(),
    });
  }

  /** How long the rows that wait now will take, at least 100 ms. */
  private drainMs(): number {
    return Math.max(100, Math.ceil((this.queue.size * this.rowMs) / this.runtime.concurrency));
  }
}

function* spansOf(batch: readonly WaitingRow[]): Generator<SpanContext> {
  for (const { waiters } of batch) for (const { ask } of waiters) if (ask.span) yield ask.span;
}

/** Copies: a view would keep the whole batch in memory for as long as one row is cached. */
function answerOf({ probabilities, columns, neighbours, neighbourWeights }: RunOutput, index: number): RowAnswer {
  const found: { row: number; weight: number }[] = [];
  if (neighbours && neighbourWeights) {
    const width = neighbours.length / (probabilities.length / columns);
    for (let i = index * width; i < (index + 1) * width; i++) {
      const row = Number(neighbours[i]);
      if (row >= 0) found.push({ row, weight: neighbourWeights[i]! });
    }
  }
  return { probabilities: probabilities.slice(index * columns, (index + 1) * columns), neighbours: found };
}
