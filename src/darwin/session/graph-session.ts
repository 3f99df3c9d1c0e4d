import type { Worker } from 'node:worker_threads';
import { modelUnavailable } from '../runtime';
import type { GraphWorkerMessage, SessionOptions, TensorData } from './protocol';
import { SessionWorker } from './session-worker';

export type Tensors = Readonly<Record<string, TensorData>>;

export interface GraphSessionOptions extends Pick<SessionOptions, 'graphPath' | 'device' | 'threads'> {
  readonly warmUp: Tensors;
  readonly onWorker?: (worker: Worker) => void;
}

/** How long an exit of the process waits for a run to end. */
const EXIT_TIMEOUT_MS = 5000;

interface Pending {
  resolve(outputs: Tensors): void;
  reject(error: Error): void;
}

/**
 * One session of any graph, in a thread of its own that starts with the first run: for small graphs that are asked one thing at a time. A
 * thread that dies fails what it was running; the next run starts another.
 */
export class GraphSession {
  private worker: Promise<SessionWorker> | null = null;
  private current: SessionWorker | null = null;
  private readonly running = new Map<number, Pending>();
  private lastId = 0;
  private device = '';
  private closed = false;

  constructor(private readonly options: GraphSessionOptions) {
    process.once('exit', this.onProcessExit);
  }

  private readonly onProcessExit = (): void => this.current?.leaveNativeCode(EXIT_TIMEOUT_MS);

  /** Starts it before the first run. @returns the device that it runs on. @throws Error with the runtime's reason if there can be no session. */
  async start(): Promise<string> {
    await this.ready();
    return this.device;
  }

  /**
   * @param feeds their buffers are given away
   * @param fetches the outputs that are wanted; all of them if not given
   * @throws BeagleError MODEL_UNAVAILABLE if the session is gone
   */
  async run(feeds: Tensors, fetches?: readonly string[]): Promise<Tensors> {
    if (this.closed) throw modelUnavailable('it has been shut down');
    let worker: SessionWorker;
    try {
      worker = await this.ready();
    } catch (error) {
      throw modelUnavailable((error as Error).message);
    }
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.running.set(id, { resolve, reject });
      const buffers = Object.values(feeds).map(({ data }) => data.buffer as ArrayBuffer);
      worker.postMessage({ id, feeds, fetches }, buffers);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    process.removeListener('exit', this.onProcessExit);
    await this.current?.terminate();
  }

  private ready(): Promise<SessionWorker> {
    return (this.worker ??= this.startWorker());
  }

  private startWorker(): Promise<SessionWorker> {
    const { graphPath, device, threads, warmUp, onWorker } = this.options;
    return new Promise((resolve, reject) => {
      const worker = new SessionWorker({ graphPath, memory: [], device, threads, warmUp: { id: 0, feeds: warmUp } });
      onWorker?.(worker);
      this.current = worker;
      let reason = 'the session worker ended before it was ready';
      worker.on('error', (error) => (reason = error.message));
      worker.on('message', (message: GraphWorkerMessage) => {
        if (message.type === 'ready') {
          this.device = message.device;
          resolve(worker);
        } else if (message.type === 'failed') reason = message.reason;
        else this.settle(message);
      });
      worker.once('exit', () => {
        this.worker = this.current = null;
        reject(new Error(`no session of ${graphPath}: ${reason}`));
        for (const pending of this.running.values()) pending.reject(modelUnavailable(reason));
        this.running.clear();
      });
    });
  }

  private settle(message: Extract<GraphWorkerMessage, { id: number }>): void {
    const pending = this.running.get(message.id);
    this.running.delete(message.id);
    if (message.type === 'outputs') pending?.resolve(message.outputs);
    else pending?.reject(new Error(`the model run failed: ${message.reason}`));
  }
}
