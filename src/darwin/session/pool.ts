import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { ModelRuntime, Run, RunOutput } from '../runtime';
import { modelUnavailable, RunLostError } from '../runtime';
import { packRun } from './pack';
import type { SessionOptions, WorkerMessage } from './protocol';
import { SessionWorker } from './session-worker';

export interface SessionPoolOptions extends Omit<SessionOptions, 'warmUp'> {
  /** Default on a CPU: cores − 1, at least 1; on a GPU: 1, which keeps it busy by itself. */
  readonly workers?: number;
  readonly warmUp: Run;
  readonly log: (message: string) => void;
  /** Told of every worker thread that starts. */
  readonly onWorker?: (worker: Worker) => void;
}

interface Slot {
  worker: SessionWorker | null;
  ready: boolean;
  /** Starts that failed in a row. */
  failures: number;
  reason: string;
  readonly running: Map<number, { resolve(output: RunOutput): void; reject(error: Error): void }>;
  restart: NodeJS.Timeout | null;
}

const newSlot = (): Slot => ({
  worker: null,
  ready: false,
  failures: 0,
  reason: '',
  running: new Map(),
  restart: null,
});

/** Starts that may fail in a row before requests are refused instead of waiting for the next one. */
const MAX_FAILURES = 3;

/** How long an exit of the process waits for a run to end. */
const EXIT_TIMEOUT_MS = 5000;

/** Wait before another start: at once after a death, then 0.2 s doubling to 30 s while starts keep failing. */
const restartDelay = (failures: number) => (failures === 0 ? 0 : Math.min(30_000, 100 * 2 ** failures));

/** ONNX sessions, one in each of N worker threads. A worker that dies is replaced. */
export class SessionPool implements ModelRuntime {
  private readonly slots: Slot[];
  private waiting: { run: Run; resolve(output: RunOutput): void; reject(error: Error): void }[] = [];
  private sessionDevice: SessionOptions['device'];
  private lastId = 0;
  private started = false;
  private closed = false;

  private constructor(private readonly options: SessionPoolOptions) {
    this.sessionDevice = options.device;
    this.slots = [newSlot()];
    process.once('exit', this.onProcessExit);
  }

  /** @throws Error with the runtime's reason if no session can be made, for example without CUDA on `cuda:0` */
  static async start(options: SessionPoolOptions): Promise<SessionPool> {
    const pool = new SessionPool(options);
    try {
      // The first decides the device, so that `auto` is tried, and told, once.
      await pool.startWorker(pool.slots[0]!);
      const workers = options.workers ?? (pool.device === 'cpu' ? Math.max(1, availableParallelism() - 1) : 1);
      while (pool.slots.length < workers) pool.slots.push(newSlot());
      await Promise.all(pool.slots.slice(1).map((slot) => pool.startWorker(slot)));
      pool.started = true;
      return pool;
    } catch (error) {
      await pool.close();
      throw error;
    }
  }

  private readonly onProcessExit = (): void => {
    for (const slot of this.slots) slot.worker?.leaveNativeCode(EXIT_TIMEOUT_MS);
  };

  get device(): string {
    return this.sessionDevice;
  }

  get concurrency(): number {
    return this.slots.length;
  }

  run(run: Run): Promise<RunOutput> {
    return new Promise((resolve, reject) => {
      const slot = this.idlest();
      if (slot) this.post(slot, run, resolve, reject);
      else if (this.closed) reject(modelUnavailable('it has been shut down'));
      else if (this.hopeless) reject(modelUnavailable(this.slots[0]!.reason));
      else this.waiting.push({ run, resolve, reject });
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const slot of this.slots) if (slot.restart) clearTimeout(slot.restart);
    await Promise.all(this.slots.flatMap((slot) => (slot.worker ? [slot.worker.terminate()] : [])));
    this.failWaiting('it has been shut down');
    process.removeListener('exit', this.onProcessExit);
  }

  private get hopeless(): boolean {
    return this.slots.every((slot) => slot.failures >= MAX_FAILURES);
  }

  private idlest(): Slot | undefined {
    const ready = this.slots.filter((slot) => slot.ready);
    return ready.sort((a, b) => a.running.size - b.running.size)[0];
  }

  private post(slot: Slot, run: Run, resolve: (output: RunOutput) => void, reject: (error: Error) => void): void {
    const message = packRun(run, ++this.lastId);
    slot.running.set(message.id, { resolve, reject });
    const { instruction, tokens, numbers } = message;
    slot.worker!.postMessage(message, [instruction.buffer, tokens.buffer, numbers.buffer] as ArrayBuffer[]);
  }

  /** Resolves when the worker is ready; afterwards the slot looks after itself. */
  private startWorker(slot: Slot): Promise<void> {
    const { graphPath, memory, threads, warmUp, log, onWorker } = this.options;
    const device = this.sessionDevice;
    return new Promise((resolve, reject) => {
      const worker = new SessionWorker({ graphPath, memory, device, threads, warmUp: packRun(warmUp, 0) });
      onWorker?.(worker);
      slot.worker = worker;
      slot.reason = 'the session worker ended before it was ready';
      worker.on('error', (error) => (slot.reason = error.message));
      worker.on('message', (message: WorkerMessage) => {
        if (message.type === 'ready') {
          if (message.fallback) log(`no CUDA device, running on the CPU: ${message.fallback}`);
          this.sessionDevice = message.device as SessionOptions['device'];
          slot.ready = true;
          slot.failures = 0;
          this.drain();
          resolve();
        } else if (message.type === 'failed') {
          slot.reason = message.reason;
        } else {
          this.settle(slot, message);
        }
      });
      worker.once('exit', () => {
        reject(new Error(`no session on ${this.sessionDevice}: ${slot.reason}`));
        this.replace(slot);
      });
    });
  }

  private settle(slot: Slot, message: Extract<WorkerMessage, { id: number }>): void {
    const pending = slot.running.get(message.id);
    slot.running.delete(message.id);
    if (message.type === 'result') pending?.resolve(message);
    else pending?.reject(new Error(`the model run failed: ${message.reason}`));
  }

  private replace(slot: Slot): void {
    const wasReady = slot.ready;
    const lost = [...slot.running.values()];
    slot.worker = null;
    slot.ready = false;
    slot.running.clear();
    // A worker that was ready and died has told nothing about the next start.
    slot.failures = wasReady ? 0 : slot.failures + 1;
    for (const pending of lost) pending.reject(new RunLostError('the session worker died during the run'));
    if (this.closed || !this.started) return;
    this.options.log(`session worker ended (${slot.reason}); starting another`);
    if (this.hopeless) this.failWaiting(slot.reason);
    slot.restart = setTimeout(() => {
      slot.restart = null;
      this.startWorker(slot).catch(() => undefined); // its exit has scheduled the next start
    }, restartDelay(slot.failures)).unref();
  }

  private drain(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const { run, resolve, reject } of waiting) this.run(run).then(resolve, reject);
  }

  private failWaiting(reason: string): void {
    for (const { reject } of this.waiting.splice(0)) reject(modelUnavailable(reason));
  }
}
