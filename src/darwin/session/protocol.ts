import type { TensorType } from '../manifest';

/** What passes between the pool and a session worker. Tensor data travels in transferred buffers, never copied. */

/** A slice of a memory file; each worker reads it once, since the runtime refuses tensors over shared memory. */
export interface MemoryInput {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly number[];
  readonly path: string;
  /** Bytes. */
  readonly offset: number;
}

export interface SessionOptions {
  readonly graphPath: string;
  /** Memory inputs of each property, by its index. */
  readonly memory: readonly (readonly MemoryInput[])[];
  /** `auto` takes the first CUDA device if there is one, otherwise the CPU. */
  readonly device: 'auto' | 'cpu' | `cuda:${number}`;
  readonly threads: number;
  /** Executed before the worker is ready, so that no request pays for the first allocations. */
  readonly warmUp: RunMessage | GraphRunMessage;
}

export interface RunMessage {
  readonly id: number;
  readonly property: number;
  /** [P] */
  readonly instruction: BigInt64Array;
  /** [B, L] */
  readonly tokens: BigInt64Array;
  /** [B, L] */
  readonly numbers: Float32Array;
  readonly rows: number;
  readonly length: number;
}

export interface TensorData {
  readonly type: TensorType;
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint16Array | BigInt64Array | Int32Array | Int8Array | Uint8Array;
}

/** A run of any graph, its inputs and outputs by name (graph-session.ts). */
export interface GraphRunMessage {
  readonly id: number;
  readonly feeds: Readonly<Record<string, TensorData>>;
  /** Outputs that are wanted; all of them if not given. What is not wanted is not copied from a GPU. */
  readonly fetches?: readonly string[];
}

export interface ReadyMessage {
  readonly type: 'ready';
  readonly device: string;
  /** Why `auto` did not take CUDA. */
  readonly fallback: string | null;
}
export interface FailedMessage {
  readonly type: 'failed';
  readonly reason: string;
}
export interface ResultMessage {
  readonly type: 'result';
  readonly id: number;
  readonly probabilities: Float32Array;
  readonly columns: number;
  readonly neighbours: BigInt64Array | null;
  readonly neighbourWeights: Float32Array | null;
  readonly computeMs: number;
}
export interface RunFailedMessage {
  readonly type: 'run-failed';
  readonly id: number;
  readonly reason: string;
}
export interface OutputsMessage {
  readonly type: 'outputs';
  readonly id: number;
  readonly outputs: Readonly<Record<string, TensorData>>;
}
export type GraphWorkerMessage = ReadyMessage | FailedMessage | OutputsMessage | RunFailedMessage;
export type WorkerMessage = ReadyMessage | FailedMessage | ResultMessage | RunFailedMessage;
