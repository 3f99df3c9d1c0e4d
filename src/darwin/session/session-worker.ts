import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SessionOptions } from './protocol';

const [STOP, BUSY] = [0, 1];

/**
 * The thread of one session (worker.cjs). It ends between native calls only: if Node ends a thread inside a call of
 * onnxruntime-node 1.30 (by `terminate()`, or as the process exits), the binding cannot throw into it and aborts the whole
 * process ("terminate called after throwing an instance of 'Napi::Error'").
 */
export class SessionWorker extends Worker {
  private readonly state: Int32Array;
  private readonly exited: Promise<number>;

  constructor(options: SessionOptions) {
    const state = new Int32Array(new SharedArrayBuffer(8));
    // No execArgv: a loader for TypeScript would be started again in every worker, for nothing.
    super(path.join(__dirname, 'worker.cjs'), { workerData: { ...options, state }, execArgv: [] });
    this.state = state;
    this.exited = new Promise((resolve) => this.once('exit', resolve));
  }

  /** Ends the thread as soon as it is back from native code, without an answer to what it was running. */
  override terminate(): Promise<number> {
    Atomics.store(this.state, STOP, 1);
    this.postMessage(null); // wakes a thread that waits for work
    return this.exited;
  }

  /** Blocks until the thread is out of native code and will not enter it again: the process may exit then. */
  leaveNativeCode(timeoutMs: number): void {
    Atomics.store(this.state, STOP, 1);
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const busy = Atomics.load(this.state, BUSY);
      const left = deadline - performance.now();
      if (busy === 0 || left <= 0) return;
      Atomics.wait(this.state, BUSY, busy, left);
    }
  }
}
