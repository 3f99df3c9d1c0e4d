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
