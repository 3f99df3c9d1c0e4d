import { compositionOf, ELEMENTS, type Composition } from '../../chemistry';
import type { ElementLimits, EvolveQuery } from '../query';
import { Random } from '../random';
import { crowdingDistances } from '../ranking/crowding';
import { nondominatedFronts } from '../ranking/sorting';
import { allowedElements } from '../spaces/limits';
import { Operators, type Genome } from './operators';

/** Share of offspring that begin with a crossover; all others, and crossovers that only repeat a compound, are mutated. */
const CROSSOVER = 0.5;
/** Draws after which a place in the generation stays empty: the space has hardly anything new. */
const MAX_DRAWS = 60;
/** Share of each generation that is drawn at random, so that a population that has converged can still leave. */
const IMMIGRANTS = 0.05;

interface Individual extends Genome {
  /** Lower is better. */
  readonly costs: readonly number[];
}

/** Plain data: what a campaign keeps between two generations. */
export interface EvolutionState {
  readonly generation: number;
  readonly population: readonly Individual[];
  /** Compounds proposed so far, each `numbers:amounts`. */
  readonly proposed: readonly string[];
}

/**
 * NSGA-II (Deb, Pratap, Agarwal and Meyarivan, IEEE Trans. Evol. Comput. 6, 182 (2002)) over compounds. No compound is proposed twice. A
 * generation is a function of the query, the seed and the state, so that it can be continued elsewhere.
 */
export class Evolution {
  private readonly operators: Operators;
  private readonly palette: readonly number[];
  private generation: number;
  private population: readonly Individual[];
  private readonly proposed: Set<string>;
  private offspring: readonly Genome[] = [];

  constructor(
    private readonly query: EvolveQuery,
    limits: ElementLimits,
    private readonly seed: number,
    state: EvolutionState = { generation: 0, population: [], proposed: [] },
  ) {
    const allowed = allowedElements(limits);
    this.palette = query.elements.filter((number) => allowed[number] === 1);
    this.operators = new Operators(clampCount(query, this.palette.length), this.palette, limits);
    this.generation = state.generation;
    this.population = state.population;
    this.proposed = new Set(state.proposed);
  }

  get state(): EvolutionState {
    return { generation: this.generation, population: this.population, proposed: [...this.proposed] };
  }

  /** The compositions to evaluate next: at most `populationSize`, fewer when new ones run out. */
  propose(): Composition[] {
    const random = new Random(this.seed, this.generation);
    const offspring: Genome[] = [];
    const parents = this.population.length > 1 ? rankParents(this.population) : null;
    for (
      let place = 0;
      place < this.query.populationSize && this.palette.length >= this.query.elementCount.min;
      place++
    ) {
      for (let draw = 0; draw < MAX_DRAWS; draw++) {
        // Late draws are random ones: near the parents everything may be known already.
        const immigrant = parents === null || draw >= MAX_DRAWS / 2 || random.next() < IMMIGRANTS;
        const child = immigrant ? this.operators.random(random) : this.breed(parents, random);
        if (child === null || this.proposed.has(nameOf(child))) continue;
        this.proposed.add(nameOf(child));
        offspring.push(child);
        break;
      }
    }
    this.offspring = offspring;
    return offspring.map(({ numbers, amounts }) =>
      compositionOf(numbers.map((number, i) => [ELEMENTS[number - 1]!.symbol, amounts[i]!] as const)),
    );
  }

  /**
   * Takes the next population from the present one and the proposed compositions that could be scored.
   * @param scored index into the last proposal, and its costs.
   */
  select(scored: readonly { readonly index: number; readonly costs: readonly number[] }[]): void {
    const children = scored.map(({ index, costs }) => ({ ...this.offspring[index]!, costs }));
    const everyone = [...this.population, ...children];
    const { better } = rankParents(everyone);
    const order = [...everyone.keys()].sort(better);
    this.population = order.slice(0, this.query.populationSize).map((i) => everyone[i]!);
    this.generation++;
  }

  private breed({ better }: RankedParents, random: Random): Genome | null {
    const parent = (): Individual => {
      const [a, b] = [random.below(this.population.length), random.below(this.population.length)];
      return this.population[better(a, b) <= 0 ? a : b]!;
    };
    if (random.next() >= CROSSOVER) return this.operators.mutate(parent(), random);
    const child = this.operators.cross(parent(), parent(), random);
    return child !== null && this.proposed.has(nameOf(child)) ? this.operators.mutate(child, random) : child;
  }
}

interface RankedParents {
  /** Negative if a is better: on an earlier front, or less crowded on the same. */
  better(a: number, b: number): number;
}

function rankParents(individuals: readonly Individual[]): RankedParents {
  const m = individuals[0]?.costs.length ?? 0;
  const costs = Float64Array.from(individuals.flatMap((individual) => individual.costs));
  const fronts = nondominatedFronts(costs, m);
  const crowding = crowdingDistances(costs, m, fronts);
  return { better: (a, b) => fronts[a]! - fronts[b]! || crowding[b]! - crowding[a]! || a - b };
}

function nameOf({ numbers, amounts }: Genome): string {
  return `${numbers.join()}:${amounts.join()}`;
}

function clampCount(query: EvolveQuery, palette: number): EvolveQuery {
  const { min, max } = query.elementCount;
  return { ...query, elementCount: { min, max: Math.max(min, Math.min(max, palette)) } };
}
