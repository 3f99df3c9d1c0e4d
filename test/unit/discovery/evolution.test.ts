import { elementBySymbol, type Composition } from '../../../src/chemistry';
import type { DiscoverInput, PredictionRequest } from '../../../src/domain';
import { createDiscovery } from '../../../src/discovery';
import { Evolution } from '../../../src/discovery/evolution/evolution';
import type { ElementLimits, EvolveQuery } from '../../../src/discovery/query';
import { fakeKnown, fakePredictor } from './fakes';

const ELEMENTS = 'Li Na K Mg Ca Ba Al Ga Si Sn Ti Fe Cu Zn O S Se N F Cl'.split(' ');
const NO_LIMITS: ElementLimits = {
  excluded: [],
  excludeRadioactive: false,
  excludeToxic: false,
  minAbundance: null,
  costBelow: null,
  fractions: [],
};
const QUERY: EvolveQuery = {
  kind: 'evolve',
  elements: ELEMENTS.map((symbol) => elementBySymbol(symbol)!.number),
  elementCount: { min: 2, max: 3 },
  maxAtoms: 8,
  populationSize: 20,
  generations: 5,
  chargeBalanced: true,
  minPlausibility: 0,
};

/** Two properties that pull in different directions and depend on elements and amounts alike. */
function landscape({ composition, property }: PredictionRequest): number {
  const mean = (of: (symbol: string) => number): number =>
    composition.elements.reduce((sum, symbol, i) => sum + composition.fractions[i]! * of(symbol), 0);
  const chi = mean((symbol) => elementBySymbol(symbol)!.electronegativity!);
  const spread = Math.sqrt(mean((symbol) => (elementBySymbol(symbol)!.electronegativity! - chi) ** 2));
  const weight = mean((symbol) => elementBySymbol(symbol)!.atomicMass);
  return property === 'BAND_GAP' ? 3 * spread - 0.01 * weight : 3 - weight / 60 - spread;
}

const OBJECTIVES = [
  { property: 'BAND_GAP', goal: 'MAXIMIZE' },
  { property: 'DENSITY', goal: 'TARGET', target: 1 },
];

function discover(space: DiscoverInput['space'], extra: Partial<DiscoverInput> = {}) {
  const discovery = createDiscovery({ predictor: fakePredictor(landscape), known: fakeKnown() });
  return discovery.discover({ space, objectives: OBJECTIVES, maxCandidates: 1_000_000, ...extra }, { first: 10_000 });
}

describe('evolve', () => {
  it('reaches 95 % of the enumerated hypervolume with at most 5 % of the evaluations', async () => {
    const shared = { elements: ELEMENTS, elementCount: { min: 2, max: 3 }, maxAtoms: 8 };
    const enumerated = await discover({ enumerate: shared });
    for (const seed of [1, 2, 3]) {
      const populationSize = 40;
      const generations = Math.floor((0.05 * enumerated.summary.predicted) / populationSize) - 1;
      const evolved = await discover({ evolve: { ...shared, populationSize, generations } }, { seed });
      expect(evolved.summary.predicted).toBeLessThanOrEqual(0.05 * enumerated.summary.predicted);
      expect(evolved.summary.hypervolume! / enumerated.summary.hypervolume!).toBeGreaterThan(0.95);
    }
  });

  it('proposes no composition twice, and only what the space allows', () => {
    const evolution = new Evolution(QUERY, { ...NO_LIMITS, excluded: [elementBySymbol('Cl')!.number] }, 7);
    const seen = new Set<string>();
    for (let generation = 0; generation < 5; generation++) {
      const proposal = evolution.propose();
      for (const { key, elements, atoms } of proposal) {
        expect(seen.has(key)).toBe(false);
        seen.add(key);
        expect(elements.length).toBeGreaterThanOrEqual(2);
        expect(elements.length).toBeLessThanOrEqual(3);
        expect(atoms).toBeLessThanOrEqual(8);
        expect(elements).not.toContain('Cl');
      }
      evolution.select(proposal.map((_, index) => ({ index, costs: [index] })));
    }
    expect(seen.size).toBe(100);
  });

  it('ends when the space has nothing new', async () => {
    const evolve = { elements: ['Na', 'Cl'], maxAtoms: 3, populationSize: 10, generations: 50 };
    const { edges, summary } = await discover({ evolve });
    expect(edges.map(({ node }) => node.composition.formula)).toEqual(['NaCl']);
    expect(summary.enumerated).toBe(1);
  });

  it('gives the same list for the same seed, another for another', async () => {
    const list = async (seed: number) => {
      const { edges } = await discover(
        { evolve: { elements: ELEMENTS, populationSize: 20, generations: 4 } },
        { seed },
      );
      return edges.map(({ node }) => node.composition.formula);
    };
    expect(await list(1)).toEqual(await list(1));
    expect(await list(2)).not.toEqual(await list(1));
  });

  it('continues from its state as if it had not been interrupted', () => {
    const costs = (proposal: Composition[]) =>
      proposal.map(({ fractions }, index) => ({ index, costs: [...fractions.slice(0, 2)] }));
    const whole = new Evolution(QUERY, NO_LIMITS, 3);
    let resumed = new Evolution(QUERY, NO_LIMITS, 3);
    for (let generation = 0; generation < 4; generation++) {
      const [a, b] = [whole.propose(), resumed.propose()];
      expect(b).toEqual(a);
      whole.select(costs(a));
      resumed.select(costs(b));
      resumed = new Evolution(QUERY, NO_LIMITS, 3, JSON.parse(JSON.stringify(resumed.state)));
    }
  });

  it('searches by the score of a strategy that has one', async () => {
    const evolve = {
      elements: ELEMENTS,
      elementCount: { min: 2, max: 3 },
      maxAtoms: 8,
      populationSize: 30,
      generations: 15,
    };
    const { edges } = await discover({ evolve }, { ranking: 'WEIGHTED_SUM' });
    const { generations: _, populationSize: __, ...enumerate } = evolve;
    const enumerated = await discover({ enumerate }, { ranking: 'WEIGHTED_SUM' });
    expect(edges[0]!.node.score).toBeGreaterThan(0.98 * enumerated.edges[0]!.node.score);
  });

  it('is refused when it would evaluate more than maxCandidates', async () => {
    const evolve = { elements: ELEMENTS, populationSize: 100, generations: 9 };
    await expect(discover({ evolve }, { maxCandidates: 999 })).rejects.toMatchObject({
      code: 'SEARCH_SPACE_TOO_LARGE',
      details: { count: 1000, limit: 999 },
    });
  });
});
