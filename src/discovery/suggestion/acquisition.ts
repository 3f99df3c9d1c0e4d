import { hypervolume } from '../ranking/hypervolume';
import { gainOf, weightedSum } from '../ranking/objectives';
import type { DiscoveryQuery } from '../query';
import { improvement, NORMAL_NODES, type Aim } from './beliefs';

/** Mean and deviation of one value. */
export type Belief = readonly [mean: number, deviation: number];

/** What the strategy of a campaign makes of what is believed: how much a measurement of one candidate promises. */
export interface Acquisition {
  /** Higher promises more. @param beliefs one for each objective, on the coordinates */
  score(beliefs: readonly Belief[]): number;
  /** Takes values as known, for what follows to be compared with. @param values one for each objective, on the coordinates */
  know(values: readonly number[]): void;
  /** Whether what is promised is lost where the constraints are not satisfied. */
  readonly isGain: boolean;
}

/**
 * @param worst of each objective, the cost that anything known or believed stays below.
 */
export function acquisitionOf(
  query: Pick<DiscoveryQuery, 'ranking' | 'kappa'>,
  aims: readonly Aim[],
  worst: readonly number[],
): Acquisition {
  switch (query.ranking) {
    case 'UPPER_CONFIDENCE_BOUND':
      return optimism(aims, query.kappa);
    case 'WEIGHTED_SUM':
      return new WeightedSumImprovement(aims);
    case 'PROBABILITY_OF_SUCCESS':
      return success(aims);
    default:
      return aims.length === 1 ? new Improvement(aims[0]!) : new HypervolumeImprovement(aims, worst);
  }
}

/** Expected improvement on the best that is known (Močkus 1975; Jones, Schonlau and Welch, J. Glob. Optim. 13, 455 (1998)). */
class Improvement implements Acquisition {
  readonly isGain = true;
  private best = Infinity;

  constructor(private readonly aim: Aim) {}

  score([belief]: readonly Belief[]): number {
    const [mean, deviation] = belief!;
    // Nothing to beat: the best that is believed comes first.
    return this.best === Infinity ? -this.aim.cost(mean) : this.aim.expectedGain(mean, deviation, this.best);
  }

  know([value]: readonly number[]): void {
    this.best = Math.min(this.best, this.aim.cost(value!));
  }
}

/**
 * Expected growth of the hypervolume that the known points dominate (Emmerich, Giannakoglou and Naujoks, IEEE Trans. Evol. Comput. 10,
 * 421 (2006)), objectives independent. With G_k(t) = E[min(max(gain_k, 0), t)] it is the product of the G_k(∞) less the hypervolume of
 * the front mapped by the G_k; of a normal value every G_k is a difference of two expected gains.
 */
class HypervolumeImprovement implements Acquisition {
  readonly isGain = true;
  /** Gains over the worst cost, one row a known point; of these the dominated ones are left out. */
  private front: number[][] = [];

  constructor(
    private readonly aims: readonly Aim[],
    private readonly worst: readonly number[],
  ) {}

  score(beliefs: readonly Belief[]): number {
    const whole = beliefs.map(([mean, deviation], k) => this.aims[k]!.expectedGain(mean, deviation, this.worst[k]!));
    const mapped = this.front.map((point) =>
      point.map((gain, k) => {
        const [mean, deviation] = beliefs[k]!;
        return whole[k]! - this.aims[k]!.expectedGain(mean, deviation, this.worst[k]! - gain);
      }),
    );
    return Math.max(0, whole.reduce((product, gain) => product * gain, 1) - hypervolume(mapped));
  }

  know(values: readonly number[]): void {
    const point = values.map((value, k) => Math.max(0, this.worst[k]! - this.aims[k]!.cost(value)));
    const covers = (a: readonly number[], b: readonly number[]): boolean => a.every((gain, k) => gain >= b[k]!);
    if (this.front.some((other) => covers(other, point))) return;
    this.front = [...this.front.filter((other) => !covers(point, other)), point];
  }
}

/** Expected improvement of the weighted mean of the desirabilities, whose distribution is taken for a normal one of its two moments. */
class WeightedSumImprovement implements Acquisition {
  readonly isGain = true;
  private best = -Infinity;
  private readonly scales;

  constructor(private readonly aims: readonly Aim[]) {
    this.scales = aims.map(({ plainScale }) => plainScale);
  }

  score(beliefs: readonly Belief[]): number {
    let mean = 0;
    let variance = 0;
    let weights = 0;
    beliefs.forEach(([middle, deviation], k) => {
      const { weight } = this.scales[k]!.objective;
      const nodes = NORMAL_NODES.map((z) => this.desirability(k, middle + z * deviation));
      const first = nodes.reduce((sum, d) => sum + d, 0) / nodes.length;
      mean += weight * first;
      variance += weight ** 2 * (nodes.reduce((sum, d) => sum + (d - first) ** 2, 0) / nodes.length);
      weights += weight;
    });
    const expected = mean / weights;
    return this.best === -Infinity ? expected : improvement(expected, Math.sqrt(variance) / weights, this.best);
  }

  know(values: readonly number[]): void {
    const costs = values.map((value, k) => this.aims[k]!.plainCost(value));
    this.best = Math.max(this.best, weightedSum(this.scales, costs));
  }

  private desirability(k: number, value: number): number {
    return Math.min(1, Math.max(0, gainOf(this.scales[k]!, this.aims[k]!.plainCost(value))));
  }
}

/** The probability that every objective is met, objectives independent. What is known does not change what is wanted. */
const success = (aims: readonly Aim[]): Acquisition => ({
  isGain: true,
  score: (beliefs) =>
    beliefs.reduce((product, [mean, deviation], k) => product * aims[k]!.probabilityOfSuccess(mean, deviation), 1),
  know: () => undefined,
});

/**
 * The weighted mean of the gains, each `kappa` standard deviations optimistic; within a batch the deviations shrink as if what was chosen
 * had been measured (GP-BUCB: Desautels, Krause and Burdick, J. Mach. Learn. Res. 15, 4053 (2014)).
 */
const optimism = (aims: readonly Aim[], kappa: number): Acquisition => ({
  isGain: false,
  score(beliefs) {
    let sum = 0;
    let weights = 0;
    beliefs.forEach(([mean, deviation], k) => {
      const { objective, coordinate } = aims[k]!;
      const bonus = coordinate.isClass ? 0 : kappa;
      sum += objective.weight * gainOf(aims[k]!.scale, aims[k]!.cost(mean) - bonus * deviation);
      weights += objective.weight;
    });
    return sum / weights;
  },
  know: () => undefined,
});
