import { LRUCache } from 'lru-cache';
import type { PredictionKey, PredictionResult, PredictionStore, StoredPrediction } from '../domain';
import { decodeAnswer, encodeAnswer, type RowAnswer } from './answer';

export interface CacheKey extends PredictionKey {
  /** Probabilities that an answer to this key has. */
  readonly columns: number;
}

export interface CachedAnswer {
  readonly answer: RowAnswer;
  readonly computedAt: Date;
  /** What the answer says, kept by its first reader. */
  reading?: Reading;
}

export type Reading = Pick<PredictionResult, 'distribution' | 'neighbours'>;

export interface ComputedAnswer extends CachedAnswer {
  readonly key: CacheKey;
  readonly value: number;
  readonly standardDeviation: number;
}

export interface PredictionCacheOptions {
  readonly modelId: string;
  /** Answers kept in the process, about 1 kB each. */
  readonly entries: number;
  /** Answers that outlive the process. */
  readonly store?: PredictionStore;
  readonly log: (message: string) => void;
}

interface LookUp {
  readonly keys: readonly CacheKey[];
  resolve(rows: readonly (StoredPrediction | null)[]): void;
  reject(error: unknown): void;
}

/** Of one statement, unless one caller asks for more. */
const READ_ROWS = 2000;
const WRITE_ROWS = 1000;
const WRITE_AFTER_MS = 100;
/** Beyond this a store that does not keep up loses rows: they are only a cache. */
const MAX_UNWRITTEN = 20_000;

const textOf = (key: PredictionKey) => `${key.property} ${key.compositionKey} ${key.variant}`;

/**
 * Answers of one model version: the latest in the process, all of them in the store. Writing happens in bulk behind the
 * answers; a store that fails costs only speed.
 */
export class PredictionCache {
  private readonly latest: LRUCache<string, CachedAnswer>;
  private unwritten: StoredPrediction[] = [];
  private writing: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private readonly lookUps: LookUp[] = [];

  constructor(private readonly options: PredictionCacheOptions) {
    this.latest = new LRUCache({ max: options.entries });
  }

  /** At most one statement; in the order of the keys, null for what is not there. */
  async getMany(keys: readonly CacheKey[]): Promise<(CachedAnswer | null)[]> {
    const found = keys.map((key) => this.latest.get(textOf(key)) ?? null);
    const { store, log } = this.options;
    const missing = store ? keys.map((_, i) => i).filter((i) => !found[i]) : [];
    if (!store || missing.length === 0) return found;
    try {
      const rows = await this.stored(missing.map((i) => keys[i]!));
      rows.forEach((row, m) => {
        const index = missing[m]!;
        const answer = row && decodeAnswer(row.answer, keys[index]!.columns);
        if (!answer) return;
        found[index] = { answer, computedAt: row.computedAt };
        this.latest.set(textOf(keys[index]!), found[index]);
      });
    } catch (error) {
      log(`stored predictions could not be read, computing instead: ${(error as Error).message}`);
    }
    return found;
  }

  /** What all callers of one turn of the event loop look for goes together: 64 single asks are one statement, not 64. */
  private stored(keys: readonly CacheKey[]): Promise<readonly (StoredPrediction | null)[]> {
    return new Promise((resolve, reject) => {
      if (this.lookUps.length === 0) setImmediate(() => this.lookUp(this.lookUps.splice(0)));
      this.lookUps.push({ keys, resolve, reject });
    });
  }

  private lookUp(lookUps: readonly LookUp[]): void {
    for (let from = 0; from < lookUps.length;) {
      const together: LookUp[] = [];
      let count = 0;
      while (from < lookUps.length && (count === 0 || count + lookUps[from]!.keys.length <= READ_ROWS)) {
        count += lookUps[from]!.keys.length;
        together.push(lookUps[from++]!);
      }
      const keys = together.flatMap((one) => one.keys);
      this.options.store!.getMany(this.options.modelId, keys).then(
        (rows) => {
          let start = 0;
          for (const one of together) one.resolve(rows.slice(start, (start += one.keys.length)));
        },
        (error: unknown) => together.forEach((one) => one.reject(error)),
      );
    }
  }

  /** Returns at once. @param onlyStored nobody looks at them yet: they push nothing out of the process' memory */
  put(computed: readonly ComputedAnswer[], { onlyStored = false } = {}): void {
    for (const { key, answer, computedAt } of onlyStored ? [] : computed)
      this.latest.set(textOf(key), { answer, computedAt });
    if (!this.options.store || this.unwritten.length + computed.length > MAX_UNWRITTEN) return;
    for (const { key, answer, ...rest } of computed) {
      const { compositionKey, property, variant } = key;
      this.unwritten.push({ compositionKey, property, variant, answer: encodeAnswer(answer), ...rest });
    }
    this.timer ??= setTimeout(() => void this.flush(), WRITE_AFTER_MS).unref();
  }

  /** Resolves when everything put so far is in the store, or has failed. */
  async flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    while (this.writing) await this.writing;
    if (this.unwritten.length === 0) return;
    this.writing = this.write().finally(() => (this.writing = null));
    await this.writing;
  }

  private async write(): Promise<void> {
    const { store, modelId, log } = this.options;
    while (this.unwritten.length > 0) {
      const rows = this.unwritten.splice(0, WRITE_ROWS);
      try {
        await store!.putMany(modelId, rows);
      } catch (error) {
        log(`${rows.length} predictions could not be stored: ${(error as Error).message}`);
      }
    }
  }
}
