import { ELEMENTS } from '../../chemistry';
import type { ElementLimits, EvolveQuery } from '../query';
import type { Random } from '../random';
import { gcd } from '../spaces/combinatorics';
import { wantedElements, type Verdict } from '../spaces/limits';
import { compileRules } from '../spaces/rules';

/** A compound as the search handles it: atomic numbers ascending, reduced amounts. */
export interface Genome {
  readonly numbers: readonly number[];
  readonly amounts: readonly number[];
}

/** How fast likeness falls with the difference of electronegativities (Pauling units), and without a common oxidation state. */
const ELECTRONEGATIVITY_SCALE = 0.4;
const NO_COMMON_STATE = 0.1;
const MUTATIONS = ['replace', 'amount', 'add', 'remove'] as const;
const MUTATION_WEIGHTS = [5, 3, 1, 1];

/**
 * Makes compounds from compounds in ways that keep their chemistry: an element gives way to one like it, amounts change in small steps,
 * and what then is not balanced is balanced by the nearest change of one amount.
 */
export class Operators {
  private readonly accepts: Verdict;
  /** In every compound; the others of the palette may be. */
  private readonly wanted: readonly number[];
  private readonly optional: readonly number[];

  constructor(
    private readonly query: EvolveQuery,
    /** Atomic numbers that may appear. */
    private readonly palette: readonly number[],
    limits: ElementLimits,
  ) {
    this.accepts = compileRules({ ...query, electronegativityOrdered: query.chargeBalanced }, limits);
    this.wanted = wantedElements(limits);
    this.optional = palette.filter((number) => !this.wanted.includes(number));
  }

  /** A new compound, or null if the draw gave none that the rules accept. */
  random(random: Random): Genome | null {
    const { min, max } = this.query.elementCount;
    const k = Math.max(this.wanted.length, min + random.below(max - min + 1));
    const numbers = [...this.wanted, ...random.sample(this.optional, k - this.wanted.length)];
    return this.repair(numbers, numbers.map(() => 1 + Math.floor(4 * random.next() ** 2)), random); // prettier-ignore
  }

  /** Elements from either parent, each with the amount it has there. */
  cross(a: Genome, b: Genome, random: Random): Genome | null {
    const amounts = new Map<number, number>();
    for (const parent of random.sample([a, b], 2)) {
      parent.numbers.forEach((number, i) => amounts.set(number, parent.amounts[i]!));
    }
    const { min, max } = this.query.elementCount;
    const wanted = random.pick([a, b]).numbers.length;
    const k = Math.min(amounts.size, max, Math.max(min, wanted));
    const others = [...amounts.keys()].filter((number) => !this.wanted.includes(number));
    const numbers = [...this.wanted, ...random.sample(others, k - this.wanted.length)];
    return this.repair(numbers, numbers.map((number) => amounts.get(number)!), random); // prettier-ignore
  }

  mutate(parent: Genome, random: Random): Genome | null {
    const numbers = [...parent.numbers];
    const amounts = [...parent.amounts];
    const others = this.palette.filter((number) => !numbers.includes(number));
    const { min, max } = this.query.elementCount;
    const i = random.below(numbers.length);
    switch (random.weighted(MUTATIONS, MUTATION_WEIGHTS)) {
      case 'replace':
        if (others.length === 0) return null;
        numbers[i] = random.weighted(others, others.map((number) => likeness(numbers[i]!, number))); // prettier-ignore
        break;
      case 'amount':
        amounts[i] = Math.max(1, amounts[i]! + random.pick([-2, -1, 1, 2]));
        break;
      case 'add':
        if (others.length === 0 || numbers.length === max) return null;
        numbers.push(random.pick(others));
        amounts.push(1);
        break;
      case 'remove':
        if (numbers.length === min) return null;
        numbers.splice(i, 1);
        amounts.splice(i, 1);
        break;
    }
    return this.repair(numbers, amounts, random);
  }

  /** The compound itself if the rules accept it, else with the one amount changed by the least that makes it so; null if none does. */
  private repair(numbers: readonly number[], amounts: readonly number[], random: Random): Genome | null {
    const trial = [...amounts];
    if (this.fits(trial) && this.accepts(numbers, trial)) return genome(numbers, trial);
    for (const i of random.sample([...trial.keys()], trial.length)) {
      const before = trial[i]!;
      for (let step = 1; step < this.query.maxAtoms; step++) {
        for (const amount of [before + step, before - step]) {
          if (amount < 1) continue;
          trial[i] = amount;
          if (this.fits(trial) && this.accepts(numbers, trial)) return genome(numbers, trial);
        }
      }
      trial[i] = before;
    }
    return null;
  }

  private fits(amounts: readonly number[]): boolean {
    return amounts.reduce((sum, amount) => sum + amount, 0) <= this.query.maxAtoms;
  }
}

/** 0..1: near in electronegativity, with a common oxidation state. */
function likeness(a: number, b: number): number {
  const [x, y] = [ELEMENTS[a - 1]!, ELEMENTS[b - 1]!];
  const distance = Math.abs((x.electronegativity ?? 0) - (y.electronegativity ?? 0));
  const common = x.commonOxidationStates.some((state) => y.commonOxidationStates.includes(state));
  return Math.exp(-distance / ELECTRONEGATIVITY_SCALE) * (common ? 1 : NO_COMMON_STATE);
}

function genome(numbers: readonly number[], amounts: readonly number[]): Genome {
  const divisor = amounts.reduce((a, b) => gcd(a, b));
  const order = [...numbers.keys()].sort((a, b) => numbers[a]! - numbers[b]!);
  return { numbers: order.map((i) => numbers[i]!), amounts: order.map((i) => amounts[i]! / divisor) };
}
