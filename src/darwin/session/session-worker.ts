import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SessionOptions } from './protocol';

/** The thread of one session (worker.cjs). */
export class SessionWorker extends Worker {
  private readonly stop: Int32Array;
  private readonly exited: Promise<number>;

  constructor(options: SessionOptions) {
    const stop = new Int32Array(new SharedArrayBuffer(4));
    // No execArgv: a loader for TypeScript would be started again in every worker, for nothing.
    super(path.join(__dirname, 'worker.cjs'), { workerData: { ...options, stop }, execArgv: [] });
    this.stop = stop;
    this.exited = new Promise((resolve) => this.once('exit', resolve));
  }

  /**
   * Ends the thread as soon as it is back from native code, without an answer to what it was running. Node's own
   * terminate() inside a native call of onnxruntime-node 1.30 aborts the whole process: the binding cannot throw into a
   * terminating thread ("terminate called after throwing an instance of 'Napi::Error'").
   */
  override terminate(): Promise<number> {
    Atomics.store(this.stop, 0, 1);
    this.postMessage(null); // wakes a thread that waits for work
    return this.exited;
  }
}
