import type { AccessStore, Principal, UsageCount } from '../domain';
import { DAY_MS } from './limits';

const FLUSH_MS = 5_000;

/**
 * Counts requests, points and predictions per key and day in memory and adds them to the database every few seconds: a
 * statistic for `usage(days)`, off every request's path. The enforced allowances are counted elsewhere, exactly.
 */
export class UsageMeter {
  private counts = new Map<string, { -readonly [K in keyof UsageCount]: UsageCount[K] }>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly store: AccessStore,
    private readonly onError: (error: unknown) => void,
    private readonly now: () => number = Date.now,
  ) {
    this.timer = setInterval(() => void this.flush(), FLUSH_MS);
    this.timer.unref();
  }

  add(principal: Principal, amounts: { requests?: number; cost?: number; predictions?: number }): void {
    if (!principal.keyId) return;
    const day = Math.floor(this.now() / DAY_MS) * DAY_MS;
    const at = `${principal.keyId} ${day}`;
    let count = this.counts.get(at);
    if (!count) {
      count = { keyId: principal.keyId, day: new Date(day), requests: 0, cost: 0, predictions: 0 };
      this.counts.set(at, count);
    }
    count.requests += amounts.requests ?? 0;
    count.cost += amounts.cost ?? 0;
    count.predictions += amounts.predictions ?? 0;
  }

  /** Nothing is lost when the database is away: what could not be written is counted again. */
  async flush(): Promise<void> {
    if (this.counts.size === 0) return;
    const counts = [...this.counts.values()];
    this.counts = new Map();
    try {
      await this.store.addUsage(counts);
    } catch (error) {
      this.onError(error);
      for (const { keyId, day, requests, cost, predictions } of counts) {
        const at = `${keyId} ${day.getTime()}`;
        const since = this.counts.get(at) ?? { keyId, day, requests: 0, cost: 0, predictions: 0 };
        since.requests += requests;
        since.cost += cost;
        since.predictions += predictions;
        this.counts.set(at, since);
      }
    }
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }
}
