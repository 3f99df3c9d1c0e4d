import {
  accountOf,
  type AccessStore,
  type Allowance,
  type AllowanceKind,
  type Limits,
  type Principal,
} from '../domain';
import { exceeded, LeasedAllowance } from './leases';

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** A window of one kind, counted in Postgres. */
export function leasedFrom(
  store: AccessStore,
  kind: AllowanceKind,
  windowMs: number,
  now: () => number = Date.now,
): LeasedAllowance {
  return new LeasedAllowance(
    windowMs,
    async (id, windowStart, amount) => ({ usedAfter: await store.takeFromWindow(kind, id, windowStart, amount) }),
    now,
  );
}

/** Points per minute and predictions per UTC day of every principal, over all instances. */
export class AccessLimits implements Limits {
  constructor(
    private readonly pointsLeases: LeasedAllowance,
    private readonly predictionLeases: LeasedAllowance,
    private readonly now: () => number = Date.now,
  ) {}

  async chargePoints(principal: Principal, points: number): Promise<Allowance> {
    const left = await this.pointsLeases.charge(accountOf(principal), principal.pointsPerMinute, points);
    if (!left) throw exceeded('RATE_LIMITED', 'points', points, await this.points(principal), this.now());
    return left;
  }

  async chargePredictions(principal: Principal, predictions: number): Promise<Allowance> {
    const left = await this.predictionLeases.charge(accountOf(principal), principal.predictionsPerDay, predictions);
    if (!left)
      throw exceeded('QUOTA_EXCEEDED', 'predictions', predictions, await this.predictions(principal), this.now());
    return left;
  }

  async points(principal: Principal): Promise<Allowance> {
    return this.pointsLeases.peek(accountOf(principal), principal.pointsPerMinute);
  }

  async predictions(principal: Principal): Promise<Allowance> {
    return this.predictionLeases.peek(accountOf(principal), principal.predictionsPerDay);
  }
}
