import { BATCH_SIZE_BUCKETS, type PredictorMetrics, type RejectionReason } from '../domain';

export type { PredictorMetrics };

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
