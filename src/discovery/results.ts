/** How long a result can be paged through, and how many are kept. */
const KEPT_MS = 600_000;
const MAX_KEPT = 100;

interface Entry<T> {
  readonly result: Promise<T>;
  readonly abort: AbortController;
  waiting: number;
  /** Null while it runs. */
  expires: number | null;
}

/**
 * Runs each query once, for all who ask for it at the same time or within ten minutes. A run whose last asker has left is
 * stopped; a run that fails is forgotten.
 */
export class KeptResults<T> {
  /** Oldest use first. */
  private readonly entries = new Map<string, Entry<T>>();

  constructor(private readonly now: () => number = Date.now) {}

  async get(id: string, signal: AbortSignal | undefined, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    this.expire();
    const entry = this.entries.get(id) ?? this.start(id, run);
    this.entries.delete(id);
    this.entries.set(id, entry);
    entry.waiting++;
    try {
      return await untilAborted(entry.result, signal);
    } finally {
      entry.waiting--;
      if (entry.waiting === 0 && entry.expires === null) {
        entry.abort.abort();
        this.forget(id, entry);
      }
    }
  }

  private start(id: string, run: (signal: AbortSignal) => Promise<T>): Entry<T> {
    const abort = new AbortController();
    const result = run(abort.signal);
    const entry: Entry<T> = { result, abort, waiting: 0, expires: null };
    result.then(
      () => (entry.expires = this.now() + KEPT_MS),
      () => this.forget(id, entry),
    );
    return entry;
  }

  private forget(id: string, entry: Entry<T>): void {
    if (this.entries.get(id) === entry) this.entries.delete(id);
  }

  private expire(): void {
    for (const [id, entry] of this.entries) {
      const finished = entry.expires !== null;
      if (finished && (entry.expires! <= this.now() || this.entries.size >= MAX_KEPT)) this.entries.delete(id);
    }
  }
}

/** The promise, or the signal's reason as soon as it is aborted. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', leave, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
