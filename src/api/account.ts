import type { Allowance, Limits, Principal } from '../domain';
import type { Access } from '../access';

/** What one operation is charged, and what it leaves its principal. */
export class OperationAccount {
  /** Static bound of the operation, charged before it ran; 0 until then. */
  points = 0;
  /** Left of the minute after the charge; null until then. */
  allowance: Allowance | null = null;

  constructor(
    private readonly principal: Principal,
    private readonly limits: Limits,
    private readonly usage: Pick<Access['usage'], 'add'>,
  ) {}

  /** @throws BeagleError RATE_LIMITED; nothing is charged then. */
  async chargePoints(points: number): Promise<void> {
    this.allowance = await this.limits.chargePoints(this.principal, points);
    this.points = points;
    this.usage.add(this.principal, { requests: 1, cost: points });
  }

  /** @throws BeagleError QUOTA_EXCEEDED; nothing is charged then. */
  async chargePredictions(predictions: number): Promise<void> {
    await this.limits.chargePredictions(this.principal, predictions);
    this.usage.add(this.principal, { predictions });
  }

  /** Points left, asked for only where the operation itself was refused. */
  async left(): Promise<Allowance> {
    return this.allowance ?? this.limits.points(this.principal);
  }
}
