import { BeagleError } from '../domain';
import type { Row } from './prompt';

/** Rows of one property: one execution of the graph. */
export interface Run {
  /** Index into the manifest's properties. */
  readonly property: number;
  readonly instruction: readonly number[];
  readonly rows: readonly Row[];
}

export interface RunOutput {
  /** [rows, columns], row-major */
  readonly probabilities: Float32Array;
  readonly columns: number;
  /** [rows, N] rows of the property's memory, −1 = none; absent without a memory */
  readonly neighbours: BigInt64Array | null;
  /** [rows, N] */
  readonly neighbourWeights: Float32Array | null;
  /** Time inside the session, ms; of a remote one until its answer is here. */
  readonly computeMs: number;
}

/** Executes runs: sessions in worker threads, a server elsewhere, or anything else that holds the same graph. */
export interface ModelRuntime {
  /** "cpu", "cuda:0", "remote" */
  readonly device: string;
  /** Runs that can make progress at the same time. */
  readonly concurrency: number;
  /**
   * @throws RunLostError if whatever executed the run went away before it answered: the run may be tried again
   * @throws BeagleError MODEL_UNAVAILABLE if nothing can execute it
   */
  run(run: Run): Promise<RunOutput>;
  close(): Promise<void>;
}

export class RunLostError extends Error {
  override readonly name = 'RunLostError';
}

/** The reason goes to the log; the client needs to know only that it may try again. */
export function modelUnavailable(reason: string): BeagleError {
  const error = new BeagleError('MODEL_UNAVAILABLE', 'the model is not available at the moment');
  error.cause = reason;
  return error;
}
