import type { Composition } from '../chemistry';
import type { Conditions, Goal, PropertyKey, RankingStrategy } from '../domain';

/** A `DiscoverInput` that has been checked: defaults filled in, symbols turned into atomic numbers, formulas parsed. */
export interface DiscoveryQuery {
  readonly space: SpaceQuery;
  readonly objectives: readonly Objective[];
  readonly constraints: readonly Constraint[];
  readonly ranking: RankingStrategy;
  readonly diversity: number;
  readonly incumbent: number | null;
  readonly kappa: number;
  readonly elementFilter: ElementLimits;
  readonly excludeKnown: boolean;
  readonly maxCandidates: number;
  readonly seed: number;
}

export interface Objective {
  readonly property: PropertyKey;
  readonly goal: Goal;
  readonly target: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly weight: number;
  readonly conditions: Conditions;
}

export interface Constraint {
  readonly property: PropertyKey;
  /** −Infinity where open. */
  readonly min: number;
  /** Infinity where open. */
  readonly max: number;
  readonly minProbability: number;
  readonly conditions: Conditions;
}

export interface ElementLimits {
  /** Atomic numbers. */
  readonly excluded: readonly number[];
  readonly excludeRadioactive: boolean;
  readonly excludeToxic: boolean;
  /** mg/kg of the Earth's crust, or null. */
  readonly minAbundance: number | null;
  /** The elements in a kilogram cost less than so many USD; or null. */
  readonly costBelow: number | null;
  /** Atomic fractions, open bounds 0 and 1; each element at most once. */
  readonly fractions: readonly FractionLimit[];
}

export interface FractionLimit {
  /** Atomic number. */
  readonly element: number;
  readonly min: number;
  readonly max: number;
}

export type SpaceQuery = EnumerateQuery | SubstituteQuery | MixQuery | EvolveQuery | FormulasQuery;

export interface EnumerateQuery {
  readonly kind: 'enumerate';
  /** Atomic numbers, ascending, no two equal; so are `required`. */
  readonly elements: readonly number[];
  readonly required: readonly number[];
  readonly elementCount: { readonly min: number; readonly max: number };
  /** Reduced amounts, ascending, no two templates equal; null: every stoichiometry within maxAtoms. */
  readonly templates: readonly (readonly number[])[] | null;
  readonly maxAtoms: number;
  readonly chargeBalanced: boolean;
  readonly electronegativityOrdered: boolean;
  readonly minPlausibility: number;
}

export interface SubstituteQuery {
  readonly kind: 'substitute';
  readonly parents: readonly Composition[];
  /** Atomic numbers, ascending; null: any. */
  readonly elements: readonly number[] | null;
  readonly minProbability: number;
  readonly maxSwaps: number;
}

export interface MixQuery {
  readonly kind: 'mix';
  /** Bounds in steps. */
  readonly components: readonly { readonly composition: Composition; readonly min: number; readonly max: number }[];
  /** Steps from 0 to 1. */
  readonly steps: number;
}

export interface EvolveQuery {
  readonly kind: 'evolve';
  readonly elements: readonly number[];
  readonly elementCount: { readonly min: number; readonly max: number };
  readonly maxAtoms: number;
  readonly populationSize: number;
  readonly generations: number;
  readonly chargeBalanced: boolean;
  readonly minPlausibility: number;
}

export interface FormulasQuery {
  readonly kind: 'formulas';
  /** One of each composition, in the order given. */
  readonly compositions: readonly Composition[];
  /** Formulas given, repetitions included. */
  readonly count: number;
}
