/** Upper bounds of the batch-size histogram, rows; the last bucket is open. */
export const BATCH_SIZE_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] as const;

export type RejectionReason = 'overloaded' | 'timeout' | 'cancelled' | 'unavailable';

/**
 * Cumulative counters since the start, with the meanings of Triton's metrics: an inference is one row answered by the
 * model (cached answers are not), an execution is one run of the graph; inferences / executions is the mean batch size.
 */
export interface PredictorMetrics {
  readonly inferenceCount: number;
  readonly executionCount: number;
  /** Summed over the inferences, ms. */
  readonly queueMs: number;
  /** Summed over the executions, ms inside the session. */
  readonly computeMs: number;
  /** Executions by rows: as many as BATCH_SIZE_BUCKETS and one more; not cumulated. */
  readonly batchSizes: readonly number[];
  /** Tokens that were executed, and how many of them were padding. */
  readonly tokenCount: number;
  readonly paddingCount: number;
  /** Rows whose answer was shared with an identical one already in flight. */
  readonly sharedCount: number;
  readonly cacheHits: number;
  readonly cacheMisses: number;
  /** Rows by reason. */
  readonly rejections: Readonly<Record<RejectionReason, number>>;
  /** Rows tried again after their worker died. */
  readonly retryCount: number;
  /** Rows waiting now. */
  readonly queueLength: number;
}

/** The counters, written by the batcher and the predictor only. */
export class MetricsRecorder {
  inferenceCount = 0;
  executionCount = 0;
  queueMs = 0;
  computeMs = 0;
  tokenCount = 0;
  paddingCount = 0;
  sharedCount = 0;
  cacheHits = 0;
  cacheMisses = 0;
  retryCount = 0;
  readonly batchSizes = new Array<number>(BATCH_SIZE_BUCKETS.length + 1).fill(0);
  readonly rejections: Record<RejectionReason, number> = { overloaded: 0, timeout: 0, cancelled: 0, unavailable: 0 };

  execution(rows: number, tokens: number, padding: number, computeMs: number): void {
    this.inferenceCount += rows;
    this.executionCount += 1;
    this.computeMs += computeMs;
    this.tokenCount += tokens;
    this.paddingCount += padding;
    const bucket = BATCH_SIZE_BUCKETS.findIndex((bound) => rows <= bound);
    this.batchSizes[bucket === -1 ? BATCH_SIZE_BUCKETS.length : bucket]! += 1;
  }

  snapshot(queueLength: number): PredictorMetrics {
    return { ...this, batchSizes: [...this.batchSizes], rejections: { ...this.rejections }, queueLength };
  }
}
