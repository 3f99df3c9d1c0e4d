import type { Allowance } from '../domain';
import { BeagleError } from '../domain';

/** What one atomic statement granted of an allowance that all instances share. */
export interface Grant {
  /** Used by all instances in this window after the statement, asked-for amounts included. */
  readonly usedAfter: number;
}

/** Takes `amount` from the window in one upsert; exact under concurrency. */
export type TakeFromWindow = (principalId: string, windowStart: Date, amount: number) => Promise<Grant>;

interface Lease {
  windowStart: number;
  /** Granted to this instance and not yet spent. */
  left: number;
  /** Granted to anybody, as far as this instance has heard. */
  used: number;
  /** Whether this instance has heard of the shared counter in this window at all. */
  heard: boolean;
  pending?: Promise<void> | undefined;
}

/**
 * An allowance per fixed window, shared by any number of instances through one counter in Postgres. Each instance takes
 * blocks of 0.5 % of the limit ahead, so that most requests cost no statement and no more than one; what an
 * instance has taken and not spent is lost at the window's end, which keeps two instances within 1 % of the limit and never above it.
 */
export class LeasedAllowance {
  private readonly leases = new Map<string, Lease>();

  constructor(
    private readonly windowMs: number,
    private readonly take: TakeFromWindow,
    private readonly now: () => number = Date.now,
  ) {}

  static blockOf(limit: number): number {
    return Math.max(1, Math.floor(limit / 200));
  }

  windowStart(): Date {
    return new Date(Math.floor(this.now() / this.windowMs) * this.windowMs);
  }

  /** Charges all of `amount` or nothing. Null when it does not fit. */
  async charge(principalId: string, limit: number, amount: number): Promise<Allowance | null> {
    const lease = this.current(principalId);
    // What is known to be used up is refused without asking; while one block is on its way, nobody asks for another.
    while (lease.left < amount && lease.used - lease.left + amount <= limit) {
      lease.pending ??= this.takeBlock(principalId, lease, limit, amount);
      await lease.pending;
    }
    if (lease.left < amount) return null;
    lease.left -= amount;
    return this.allowance(lease, limit);
  }

  /** Whether this instance has that much to spend without asking. */
  holds(principalId: string, amount: number): boolean {
    return this.current(principalId).left >= amount;
  }

  /** A block that came with another statement, for example the key check. */
  granted(principalId: string, limit: number, wanted: number, windowStart: Date, usedAfter: number): void {
    const lease = this.current(principalId);
    if (lease.windowStart === windowStart.getTime()) this.credit(lease, limit, wanted, usedAfter);
  }

  /** What is left, without charging; asks the shared counter once a window if nothing else has. */
  async peek(principalId: string, limit: number): Promise<Allowance> {
    const lease = this.current(principalId);
    if (!lease.heard)
      this.credit(lease, limit, 0, (await this.take(principalId, new Date(lease.windowStart), 0)).usedAfter);
    return this.allowance(lease, limit);
  }

  private async takeBlock(principalId: string, lease: Lease, limit: number, amount: number): Promise<void> {
    try {
      const wanted = Math.max(amount - lease.left, LeasedAllowance.blockOf(limit));
      const { usedAfter } = await this.take(principalId, new Date(lease.windowStart), wanted);
      this.credit(lease, limit, wanted, usedAfter);
    } finally {
      lease.pending = undefined;
    }
  }

  private credit(lease: Lease, limit: number, wanted: number, usedAfter: number): void {
    lease.heard = true;
    const before = usedAfter - wanted;
    lease.left += Math.max(0, Math.min(wanted, limit - before));
    lease.used = Math.max(lease.used, Math.min(usedAfter, limit));
  }

  private current(principalId: string): Lease {
    const windowStart = this.windowStart().getTime();
    let lease = this.leases.get(principalId);
    if (!lease || lease.windowStart !== windowStart) {
      if (!lease) this.dropStale(windowStart);
      lease = { windowStart, left: 0, used: 0, heard: false };
      this.leases.set(principalId, lease);
    }
    return lease;
  }

  /** Keeps the map as small as the number of principals seen in this window. */
  private dropStale(windowStart: number): void {
    if (this.leases.size < 1024) return;
    for (const [id, lease] of this.leases) if (lease.windowStart !== windowStart) this.leases.delete(id);
  }

  private allowance(lease: Lease, limit: number): Allowance {
    return {
      limit,
      remaining: Math.max(0, limit - lease.used + lease.left),
      resetAt: new Date(lease.windowStart + this.windowMs),
    };
  }
}

export function exceeded(
  code: 'RATE_LIMITED' | 'QUOTA_EXCEEDED',
  what: string,
  asked: number,
  left: Allowance,
  now: number,
): BeagleError {
  const retryAfterMs = Math.max(0, left.resetAt.getTime() - now);
  const until = left.resetAt.toISOString();
  return new BeagleError(
    code,
    `this costs ${asked} ${what}; ${left.remaining} of ${left.limit} are left until ${until}`,
    [],
    { requested: asked, limit: left.limit, remaining: left.remaining, resetAt: until, retryAfterMs },
  );
}
