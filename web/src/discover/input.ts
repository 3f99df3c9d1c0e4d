import type { CostClass, DiscoverInput, PropertyKey, RankingStrategy } from '../generated/graphql';

/** The form edits the API's own input, so that a link, the form and "copy as GraphQL" are one thing. */
export type SpaceKind = 'enumerate' | 'substitute' | 'mix' | 'evolve' | 'formulas';
export const SPACE_KINDS: readonly { readonly id: SpaceKind; readonly label: string; readonly hint: string }[] = [
  { id: 'enumerate', label: 'Enumerate', hint: 'Every plausible stoichiometry of a palette of elements.' },
  { id: 'substitute', label: 'Substitute', hint: 'Known parents, likely ion swaps.' },
  { id: 'mix', label: 'Mix', hint: 'Alloys, solid solutions and dopants: fractions on a grid that sum to one.' },
  { id: 'evolve', label: 'Evolve', hint: 'An evolutionary search where the space is too large to enumerate.' },
  { id: 'formulas', label: 'Formulas', hint: 'A list of your own.' },
];

export const RANKINGS: Record<RankingStrategy, { readonly label: string; readonly hint: string }> = {
  PARETO: { label: 'Pareto fronts', hint: 'No weighing: what nothing else beats in every objective comes first.' },
  WEIGHTED_SUM: { label: 'Weighted desirability', hint: 'One score from 0 to 1 by your weights.' },
  PROBABILITY_OF_SUCCESS: { label: 'Probability of success', hint: 'How likely every goal with a number is met.' },
  EXPECTED_IMPROVEMENT: { label: 'Expected improvement', hint: 'Over the best that is known: what to try next.' },
  UPPER_CONFIDENCE_BOUND: { label: 'Upper confidence bound', hint: 'Optimistic: rewards what is uncertain.' },
};

export const COSTS: Record<CostClass, string> = {
  BELOW_1_USD_PER_KG: 'below 1 USD/kg',
  BELOW_10_USD_PER_KG: 'below 10 USD/kg',
  BELOW_100_USD_PER_KG: 'below 100 USD/kg',
  BELOW_1000_USD_PER_KG: 'below 1,000 USD/kg',
  BELOW_10000_USD_PER_KG: 'below 10,000 USD/kg',
};

export const DEFAULT_SPACES = {
  enumerate: { elements: ['B', 'C', 'N', 'Al', 'Si', 'Ti', 'Zr'], elementCount: { min: 2, max: 3 }, maxAtoms: 6 },
  substitute: { parents: ['LiCoO2', 'LiFePO4'] },
  mix: { components: [{ formula: 'GaAs' }, { formula: 'InAs' }, { formula: 'AlAs' }], step: 0.1 },
  evolve: {
    elements: ['Li', 'Mg', 'Al', 'Si', 'P', 'S', 'Cl', 'Ge'],
    maxAtoms: 20,
    generations: 10,
    populationSize: 60,
  },
  formulas: ['GaAs', 'InP', 'CdTe', 'CuInSe2', 'Cu2ZnSnS4'],
} as const satisfies { [Kind in SpaceKind]: NonNullable<DiscoverInput['space'][Kind]> };

/** Light and hard compounds, as a first question. */
export const EXAMPLE: DiscoverInput = {
  space: { enumerate: { ...DEFAULT_SPACES.enumerate, elements: [...DEFAULT_SPACES.enumerate.elements] } },
  objectives: [
    { property: 'VICKERS_HARDNESS', goal: 'MAXIMIZE' },
    { property: 'DENSITY', goal: 'MINIMIZE' },
  ],
  constraints: [{ property: 'ENERGY_ABOVE_HULL', max: 0.1 }],
};

/** The words of a field that takes several. */
export const split = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);

export function spaceKind(input: DiscoverInput): SpaceKind {
  return SPACE_KINDS.find((kind) => input.space[kind.id] != null)?.id ?? 'enumerate';
}

/** What the space is made of, in a few words. */
export function spaceName({ space }: DiscoverInput): string {
  const list = (parts: readonly string[]) =>
    parts.length > 6 ? `${parts.slice(0, 5).join('-')}-…` : parts.join('-') || 'nothing';
  if (space.formulas) return `${space.formulas.length} formulas`;
  if (space.mix) return list(space.mix.components.map(({ formula }) => formula));
  if (space.substitute) return `relatives of ${space.substitute.parents.join(', ')}`;
  return list(space.enumerate?.elements ?? space.evolve?.elements ?? []);
}

/** The input that an address holds; null when it holds none that can be read. */
export function parseInput(text: string | null): DiscoverInput | null {
  if (!text) return null;
  try {
    const value = JSON.parse(text) as Partial<DiscoverInput>;
    const readable =
      typeof value.space === 'object' &&
      value.space !== null &&
      Array.isArray(value.objectives) &&
      value.objectives.every((objective) => typeof objective?.property === 'string') &&
      (value.constraints == null || Array.isArray(value.constraints)) &&
      (value.elementLimits == null || Array.isArray(value.elementLimits));
    return readable ? (value as DiscoverInput) : null;
  } catch {
    return null;
  }
}

/** Without what was left empty, which takes the API's defaults. */
export function tidy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(tidy) as T;
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).flatMap(([name, part]) => {
    if (part === null || part === undefined || part === '') return [];
    const tidied: unknown = tidy(part);
    const isEmpty =
      typeof tidied === 'object' && tidied !== null && !Array.isArray(tidied) && Object.keys(tidied).length === 0;
    return isEmpty ? [] : [[name, tidied]];
  });
  return Object.fromEntries(kept) as T;
}

/** Members of the input whose text is a GraphQL enum, written without quotes. */
const ENUM_FIELDS = new Set(['property', 'goal', 'ranking', 'maxCostClass', 'processing', 'testType']);

function literal(value: unknown, name: string, indent: string): string {
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((part) => typeof part !== 'object'))
      return `[${value.map((part) => literal(part, name, deeper)).join(', ')}]`;
    return `[\n${value.map((part) => deeper + literal(part, name, deeper)).join('\n')}\n${indent}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value).map(([key, part]) => `${key}: ${literal(part, key, deeper)}`);
    const line = `{ ${parts.join(', ')} }`;
    if (line.length <= 100 && !line.includes('\n')) return line;
    return `{\n${parts.map((part) => deeper + part).join('\n')}\n${indent}}`;
  }
  return typeof value === 'string' && ENUM_FIELDS.has(name) ? value : JSON.stringify(value);
}

export function toGraphQL(input: DiscoverInput): string {
  return `query Discover {
  discover(
    input: ${literal(tidy(input), 'input', '    ')}
    first: 20
  ) {
    totalCount
    nodes {
      rank
      score
      paretoFront
      composition { formula }
      objectives {
        property { key }
        prediction { value unit interval(level: 0.9) { lower upper } }
        desirability
      }
      noveltyDistance
    }
    summary { enumerated passedFilters predicted satisfyingConstraints paretoFrontSize hypervolume }
  }
}
`;
}

/** How many candidates a space can hold at most, before any filter: exact for lists and mixtures, else the limit that is set. */
export function candidateBound(input: DiscoverInput): { readonly count: number; readonly exact: boolean } {
  const limit = input.maxCandidates ?? 100_000;
  if (input.space.formulas) return { count: input.space.formulas.length, exact: true };
  const mix = input.space.mix;
  if (mix && mix.step > 0)
    return {
      count: gridPoints(
        mix.components.map(({ min, max }) => [min ?? 0, max ?? 1]),
        mix.step,
      ),
      exact: true,
    };
  const evolve = input.space.evolve;
  if (evolve) return { count: (evolve.populationSize ?? 200) * ((evolve.generations ?? 30) + 1), exact: false };
  return { count: limit, exact: false };
}

/** Compositions of a simplex grid: ways to write 1/step as a sum with each part between its bounds. */
function gridPoints(bounds: readonly (readonly [number, number])[], step: number): number {
  const total = Math.round(1 / step);
  if (total > 10_000) return Infinity;
  let ways = new Array<number>(total + 1).fill(0);
  ways[0] = 1;
  for (const [min, max] of bounds) {
    const next = new Array<number>(total + 1).fill(0);
    const low = Math.ceil(min / step - 1e-9);
    const high = Math.floor(max / step + 1e-9);
    for (let sum = 0; sum <= total; sum++) {
      for (let part = Math.max(low, 0); part <= high && sum + part <= total; part++) {
        next[sum + part] = (next[sum + part] ?? 0) + (ways[sum] ?? 0);
      }
    }
    ways = next;
  }
  return ways[total] ?? 0;
}

/** Distinct properties that every candidate is predicted for. */
export function predictedProperties(input: DiscoverInput): readonly PropertyKey[] {
  return [...new Set([...input.objectives, ...(input.constraints ?? [])].map((part) => part.property))];
}
