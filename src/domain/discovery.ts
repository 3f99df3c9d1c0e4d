import type { Composition } from '../chemistry';
import type { Range } from './catalog';
import type { PredictionResult, Priority } from './prediction';
import type { Conditions, PropertyKey } from './properties';

/**
 * What a caller asks of a discovery, as the contract's inputs say it: nothing here is trusted. An absent or null field takes the
 * contract's default. `property`, `goal` and `ranking` are text, so that a wrong one is reported with its path beside all
 * other mistakes.
 */
export interface DiscoverInput {
  readonly space: DesignSpaceInput;
  /** 1..5 */
  readonly objectives: readonly ObjectiveInput[];
  readonly constraints?: readonly ConstraintInput[] | null;
  /** Default PARETO. */
  readonly ranking?: string | null;
  /** 0 (default) = score alone … 1 = spread alone. */
  readonly diversity?: number | null;
  /** EXPECTED_IMPROVEMENT of one objective: the value to beat; default: the best measured in the catalogue. */
  readonly incumbent?: number | null;
  /** UPPER_CONFIDENCE_BOUND: standard deviations of optimism, default 1.96. */
  readonly kappa?: number | null;
  readonly excludeElements?: readonly string[] | null;
  readonly excludeRadioactive?: boolean | null;
  readonly excludeToxic?: boolean | null;
  /** mg/kg of the Earth's crust, of the scarcest element. */
  readonly minAbundance?: number | null;
  /** One of COST_CLASSES. */
  readonly maxCostClass?: string | null;
  readonly elementLimits?: readonly ElementLimitInput[] | null;
  readonly excludeKnown?: boolean | null;
  /** Counted before any filter, default 100,000. */
  readonly maxCandidates?: number | null;
  readonly seed?: number | null;
}

/** Bounds on the atomic fraction of one element, 0..1; at least one of them is set. */
export interface ElementLimitInput {
  readonly element: string;
  /** Above 0, the element has to be there. */
  readonly minFraction?: number | null;
  readonly maxFraction?: number | null;
}

/** What the elements in a kilogram of a composition cost at most, one class a power of ten: the k-th is below 10ᵏ USD. */
export const COST_CLASSES = [
  'BELOW_1_USD_PER_KG',
  'BELOW_10_USD_PER_KG',
  'BELOW_100_USD_PER_KG',
  'BELOW_1000_USD_PER_KG',
  'BELOW_10000_USD_PER_KG',
] as const;
export type CostClass = (typeof COST_CLASSES)[number];

/** Exactly one field is set. */
export interface DesignSpaceInput {
  readonly enumerate?: EnumerateInput | null;
  readonly substitute?: SubstituteInput | null;
  readonly mix?: MixInput | null;
  readonly evolve?: EvolveInput | null;
  readonly formulas?: readonly string[] | null;
}

export interface EnumerateInput {
  readonly elements: readonly string[];
  readonly required?: readonly string[] | null;
  /** Default 2..4. */
  readonly elementCount?: Range | null;
  /** Anonymous formulas such as ABC3; default: every stoichiometry within maxAtoms. */
  readonly templates?: readonly string[] | null;
  /** Atoms per reduced formula, default 10. */
  readonly maxAtoms?: number | null;
  /** Default true. */
  readonly chargeBalanced?: boolean | null;
  readonly minPlausibility?: number | null;
  /** Default true. */
  readonly electronegativityOrdered?: boolean | null;
}

export interface SubstituteInput {
  readonly parents: readonly string[];
  /** What may be swapped in; default: every element that the substitution table knows. */
  readonly elements?: readonly string[] | null;
  /** Default 0.001. */
  readonly minProbability?: number | null;
  /** Default 1. */
  readonly maxSwaps?: number | null;
}

export interface MixInput {
  readonly components: readonly MixComponentInput[];
  /** Divides 1. */
  readonly step: number;
}

export interface MixComponentInput {
  readonly formula: string;
  /** Mole fraction of this formula unit, 0..1. */
  readonly min?: number | null;
  readonly max?: number | null;
}

export interface EvolveInput {
  readonly elements: readonly string[];
  /** Default 2..4. */
  readonly elementCount?: Range | null;
  /** Default 20. */
  readonly maxAtoms?: number | null;
  /** Default 200. */
  readonly populationSize?: number | null;
  /** Default 30. */
  readonly generations?: number | null;
  /** Default true. */
  readonly chargeBalanced?: boolean | null;
  readonly minPlausibility?: number | null;
}

export const GOALS = ['MINIMIZE', 'MAXIMIZE', 'TARGET', 'WITHIN'] as const;
export type Goal = (typeof GOALS)[number];

export const RANKING_STRATEGIES = [
  'PARETO',
  'WEIGHTED_SUM',
  'PROBABILITY_OF_SUCCESS',
  'EXPECTED_IMPROVEMENT',
  'UPPER_CONFIDENCE_BOUND',
] as const;
export type RankingStrategy = (typeof RANKING_STRATEGIES)[number];

export interface ObjectiveInput {
  readonly property: string;
  readonly goal: string;
  readonly target?: number | null;
  readonly min?: number | null;
  readonly max?: number | null;
  /** Default 1. */
  readonly weight?: number | null;
  readonly conditions?: Conditions | null;
}

/** Kept where P(min ≤ value ≤ max) ≥ minProbability. */
export interface ConstraintInput {
  readonly property: string;
  readonly min?: number | null;
  readonly max?: number | null;
  /** Default 0.5. */
  readonly minProbability?: number | null;
  readonly conditions?: Conditions | null;
}

export interface ObjectiveResult {
  readonly property: PropertyKey;
  readonly prediction: PredictionResult;
  /** 0..1 (Derringer–Suich) on the property's fixed scale. */
  readonly desirability: number;
}

export interface Candidate {
  /** From 1. */
  readonly rank: number;
  readonly composition: Composition;
  /** Higher is better under the chosen strategy. */
  readonly score: number;
  /** 1 = not dominated. */
  readonly paretoFront: number;
  /** In the order of the objectives asked for. */
  readonly objectives: readonly ObjectiveResult[];
  /** Element mover's distance to the nearest catalogue or training composition. */
  readonly noveltyDistance: number;
}

export interface DiscoverySummary {
  /** Size of the space before filters; for `evolve`, the compositions proposed. */
  readonly enumerated: number;
  readonly passedFilters: number;
  readonly predicted: number;
  readonly satisfyingConstraints: number;
  readonly paretoFrontSize: number;
  /**
   * Of the front, exact, with every objective scaled so that 0 is the worst and 1 the best end of the property's fixed scale
   * (TARGET and WITHIN: 1 is a hit); the reference point is 0. Null if nothing is left to rank.
   */
  readonly hypervolume: number | null;
  readonly elapsedMs: number;
  /** Calls of the model: one per chunk and property that was not answered from the cache alone. */
  readonly modelRuns: number;
}

export interface DiscoverProgress {
  /** Positions of the design space worked through. */
  readonly done: number;
  readonly total: number;
  readonly predicted: number;
}

export interface DiscoverOptions {
  /** Candidates on this page, default 20. */
  readonly first?: number | null;
  /** `cursor` of the last candidate seen; one of another query is an InputError. */
  readonly after?: string | null;
  readonly signal?: AbortSignal;
  readonly priority?: Priority;
  readonly onProgress?: (progress: DiscoverProgress) => void;
  /**
   * Called before each batch with the number of predictions about to be asked for; what it throws ends the discovery
   * (QUOTA_EXCEEDED). Not called for a page of a result that is still kept.
   */
  readonly charge?: (predictions: number) => void | Promise<void>;
  /** Where the input stands among the caller's arguments; begins the path of every field error. Default ['input']. */
  readonly path?: readonly string[];
}

export interface DiscoveryResult {
  readonly edges: readonly { readonly cursor: string; readonly node: Candidate }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Ranked candidates that can be paged through: those satisfying the constraints, at most 10,000. */
  readonly totalCount: number;
  readonly summary: DiscoverySummary;
}

/**
 * The port through which the API and the command line discover. Deterministic: the same input, seed and model give the same list.
 * Results are kept for ten minutes, so that pages after the first cost nothing.
 *
 * @throws InputError naming every mistake of the input at once.
 * @throws BeagleError SEARCH_SPACE_TOO_LARGE, with `details` { count, limit }, before any work has started.
 */
export interface Discovery {
  discover(input: DiscoverInput, options?: DiscoverOptions): Promise<DiscoveryResult>;
}

/** What discovery needs to know of the catalogue and the training data. Batched: one statement a call. */
export interface KnownCompositions {
  /** Which of these composition keys the catalogue holds. */
  knownCompositionKeys(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * For every composition of which all these properties have been measured (under those conditions where they are set), the
   * measured values in the order asked for. At most 10,000 compositions.
   */
  measuredTogether(
    properties: readonly { readonly property: PropertyKey; readonly conditions: Conditions }[],
  ): Promise<readonly (readonly number[])[]>;
  /** Element mover's distance from each composition to the nearest one known or trained on; order kept. */
  nearestDistances(compositions: readonly Composition[]): Promise<readonly number[]>;
}
