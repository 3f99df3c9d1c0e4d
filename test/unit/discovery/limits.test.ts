import fc from 'fast-check';
import { elementBySymbol, parseFormula, type Composition } from '../../../src/chemistry';
import {
  COST_CLASSES,
  InputError,
  type CostClass,
  type DiscoverInput,
  type ElementLimitInput,
} from '../../../src/domain';
import { createDiscovery, DiscoveryPlan } from '../../../src/discovery';
import { inlineWork } from '../../../src/discovery/offload/inline';
import { threadedWork } from '../../../src/discovery/offload/threaded';
import { fakeKnown, fakePredictor } from './fakes';

type Limits = Omit<Partial<DiscoverInput>, 'space' | 'objectives'>;

const OBJECTIVES = [{ property: 'BAND_GAP', goal: 'MAXIMIZE' }];
const PALETTE = ['Li', 'Mg', 'Ti', 'Ni', 'Pb', 'O', 'S'];
const SPACES: readonly (readonly [string, DiscoverInput['space']])[] = [
  ['enumerate', { enumerate: { elements: PALETTE, elementCount: { min: 1, max: 3 }, maxAtoms: 7 } }],
  [
    'mix',
    { mix: { components: ['LiNiO2', 'Pb', 'TiO2', 'MgS'].map((formula) => ({ formula })), step: 0.1 } }, // prettier-ignore
  ],
  ['substitute', { substitute: { parents: ['LiNiO2', 'PbTiO3', 'MgTiO3'], elements: PALETTE, minProbability: 1e-5 } }],
  [
    'formulas',
    { formulas: ['Li2O', 'NiO', 'PbS', 'TiO2', 'Mg2TiO4', 'LiNi0.5Ti0.5O2', 'Pb0.001Ti0.999O2', 'Po', 'Au'] },
  ],
];

const planOf = (space: DiscoverInput['space'], limits: Limits = {}): DiscoveryPlan =>
  new DiscoveryPlan(
    { space, objectives: OBJECTIVES, maxCandidates: 1_000_000, ...limits },
    { predictor: fakePredictor(), known: fakeKnown() },
  );

function all({ space }: DiscoveryPlan): Composition[] {
  return Array.from(space.scan(0, space.size), (position) => space.at(position));
}

/** What the limits say, word for word. */
function passes(composition: Composition, { excludeToxic, maxCostClass, elementLimits }: Limits): boolean {
  const { elements, fractions } = composition;
  if (excludeToxic && elements.some((symbol) => 'Be As Cd Hg Tl Pb U'.split(' ').includes(symbol))) return false;
  for (const { element, minFraction, maxFraction } of elementLimits ?? []) {
    const fraction = fractions[elements.indexOf(element)] ?? 0;
    if (fraction < (minFraction ?? 0) - 5e-7 || fraction > (maxFraction ?? 1) + 5e-7) return false;
  }
  // Nickel and titanium are of one price, the bound itself: rounding must not decide.
  return maxCostClass == null || costPerKilogram(composition) < Number(/\d+/.exec(maxCostClass)![0]) * (1 - 1e-12);
}

function costPerKilogram({ elements, amounts }: Composition): number {
  const masses = elements.map((symbol, i) => amounts[i]! * elementBySymbol(symbol)!.atomicMass);
  const total = masses.reduce((sum, mass) => sum + mass);
  return elements.reduce(
    (sum, symbol, i) => sum + (masses[i]! / total) * (elementBySymbol(symbol)!.price ?? Infinity),
    0,
  );
}

const fraction = fc.integer({ min: 0, max: 12 }).map((twelfths) => twelfths / 12);
const limits: fc.Arbitrary<Limits> = fc.record({
  excludeToxic: fc.boolean(),
  maxCostClass: fc.option(fc.constantFrom(...COST_CLASSES)),
  elementLimits: fc.uniqueArray(
    fc.tuple(fc.constantFrom(...PALETTE), fraction, fraction).map(([element, a, b]): ElementLimitInput => ({
      element,
      minFraction: element === 'O' || element === 'Ti' ? Math.min(a, b) / 2 : null,
      maxFraction: Math.max(a, b),
    })),
    { selector: ({ element }) => element, maxLength: 3 },
  ),
});

describe('limits of elements', () => {
  it.each(SPACES)('leave of %s exactly what each candidate, looked at alone, passes', (_, space) => {
    const everything = all(planOf(space));
    let kept = 0;
    fc.assert(
      fc.property(limits, (limited) => {
        const expected = everything.filter((composition) => passes(composition, limited)).map(({ key }) => key);
        expect(all(planOf(space, limited)).map(({ key }) => key)).toEqual(expected);
        if (expected.length < everything.length) kept += expected.length;
      }),
      { seed: 5, numRuns: 40 },
    );
    expect(kept).toBeGreaterThan(0);
  });

  it('are counted by the summary, and change neither the size of the space nor its order', async () => {
    const [, space] = SPACES[0]!;
    const discovery = createDiscovery({ predictor: fakePredictor(), known: fakeKnown() });
    const input = { space, objectives: OBJECTIVES, elementLimits: [{ element: 'O', minFraction: 0.5 }] };
    const { summary, edges, totalCount } = await discovery.discover(input, { first: 1000 });
    expect(summary.enumerated).toBe(planOf(space).space.size);
    expect(summary.passedFilters).toBe(all(planOf(space, input)).length);
    expect(totalCount).toBe(summary.passedFilters);
    for (const { node } of edges) expect(node.composition.elements).toContain('O');
  });

  it('belong to the query: its cursor is none of another limit', async () => {
    const discovery = createDiscovery({ predictor: fakePredictor(), known: fakeKnown() });
    const [, space] = SPACES[0]!;
    const ask = (limited: Limits, after?: string) =>
      discovery.discover({ space, objectives: OBJECTIVES, ...limited }, { first: 1, after });
    for (const limited of [
      { excludeToxic: true },
      { maxCostClass: 'BELOW_100_USD_PER_KG' },
      { elementLimits: [{ element: 'O', maxFraction: 0.5 }] },
    ]) {
      const after = (await ask(limited)).edges[0]!.cursor;
      await expect(ask({}, after)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
      await expect(ask(limited, after)).resolves.toMatchObject({ hasPreviousPage: true });
    }
  });

  it.each(SPACES)('are the same on a thread of their own, and in parts: %s', async (_, space) => {
    const limited = { maxCostClass: 'BELOW_100_USD_PER_KG', elementLimits: [{ element: 'Ti', maxFraction: 0.3 }] };
    const { space: opened, query } = planOf(space, limited);
    const threaded = threadedWork(query.space, query.elementFilter);
    try {
      const [whole, ...halves] = await Promise.all([
        inlineWork(query.space, query.elementFilter).scan(0, opened.size),
        threaded.scan(0, opened.size >> 1),
        threaded.scan(opened.size >> 1, opened.size),
      ]);
      expect(halves.flatMap((half) => [...half])).toEqual([...whole]);
    } finally {
      threaded.close();
    }
  });
});

describe('a fraction', () => {
  const kept = (formulas: string[], ...elementLimits: ElementLimitInput[]) =>
    all(planOf({ formulas }, { elementLimits })).map(({ formula }) => formula);

  it('meets its bound to a millionth, so a third may be written 0.333333', () => {
    expect(kept(['TiO2'], { element: 'Ti', minFraction: 0.333333, maxFraction: 0.333333 })).toEqual(['TiO2']);
    expect(kept(['TiO2'], { element: 'Ti', maxFraction: 0.3333 })).toEqual([]);
    expect(kept(['TiO2'], { element: 'O', minFraction: 0.66667 })).toEqual([]);
  });

  it('above 0 asks for the element, of 0 forbids even a trace of it', () => {
    expect(kept(['TiO2', 'Ti'], { element: 'O', minFraction: 0.01 })).toEqual(['TiO2']);
    expect(kept(['TiO2', 'Ti', 'Ti0.999998O0.000002'], { element: 'O', maxFraction: 0 })).toEqual(['Ti']);
  });

  it('is of the atoms of a mixture, beside the mole fractions of its components', () => {
    const components = [{ formula: 'LiCoO2', max: 0.8 }, { formula: 'LiNiO2' }];
    const input = { mix: { components, step: 0.1 } };
    const found = all(planOf(input, { elementLimits: [{ element: 'Co', minFraction: 0.15 }] }));
    // A formula unit has four atoms: Co is 0.15 of them from 0.6 of LiCoO2 on.
    expect(found.map(({ formula }) => parseFormula(formula).key)).toEqual(
      [0.6, 0.7, 0.8].map((x) => parseFormula(`LiCo${x}Ni${Number((1 - x).toFixed(1))}O2`).key),
    );
  });
});

describe('the cost class', () => {
  const classOf = (formula: string): CostClass | undefined =>
    COST_CLASSES.find((maxCostClass) => all(planOf({ formulas: [formula] }, { maxCostClass })).length === 1);

  it.each<[string, CostClass | undefined, string]>([
    ['Fe2O3', 'BELOW_1_USD_PER_KG', 'iron ore'],
    ['TiO2', 'BELOW_10_USD_PER_KG', 'titanium at 10 USD/kg is 60 % of the mass'],
    ['LiCoO2', 'BELOW_100_USD_PER_KG', 'cobalt is 60 % of the mass'],
    ['CsPbI3', undefined, 'caesium at 60,000 USD/kg is 18 % of the mass'],
    ['RuO2', 'BELOW_10000_USD_PER_KG', 'three quarters of 10,000 USD/kg'],
    ['Ru', undefined, '10,000 USD/kg are not below 10,000'],
    ['Pt', undefined, 'above every class'],
    ['TcO2', undefined, 'technetium has no market price'],
    ['Fe0.9999Rh0.0001', 'BELOW_100_USD_PER_KG', 'a trace of the dearest element costs what it weighs'],
  ])('%s: %s, since %s', (formula, costClass) => {
    expect(classOf(formula)).toBe(costClass);
  });
});

describe('evolve within limits', () => {
  it('proposes nothing else, and finds what is wanted in a large palette', async () => {
    const elements = 'Li Na K Mg Ca Sr Ba Al Si P Ti V Cr Mn Fe Co Ni Cu Zn Ag Cd Pb O S F Cl'.split(' ');
    const limited: Limits = {
      excludeToxic: true,
      maxCostClass: 'BELOW_10_USD_PER_KG',
      elementLimits: [
        { element: 'O', minFraction: 0.4, maxFraction: 0.65 },
        { element: 'Li', minFraction: 0.1 },
      ],
    };
    const evolve = { elements, elementCount: { min: 1, max: 4 }, populationSize: 30, generations: 4 };
    const discovery = createDiscovery({ predictor: fakePredictor(), known: fakeKnown() });
    const { edges, summary } = await discovery.discover(
      { space: { evolve }, objectives: OBJECTIVES, seed: 1, ...limited },
      { first: 1000 },
    );
    expect(summary).toMatchObject({ enumerated: 150, passedFilters: 150 });
    for (const { node } of edges) expect(passes(node.composition, limited)).toBe(true);
  });
});

/** The paths of all mistakes, as one would write them. */
function mistakes({ space = { formulas: ['GaAs'] }, ...limited }: Partial<DiscoverInput>): Record<string, string> {
  try {
    planOf(space, limited);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return Object.fromEntries(error.fields.map(({ path, message }) => [path.join('.'), message]));
  }
  return {};
}
const limit = (input: Partial<ElementLimitInput>): Record<string, string> =>
  mistakes({ elementLimits: [{ element: 'Ga', minFraction: 0.1, ...input }] });
const III_V = ['Ga', 'In', 'As', 'P'];

describe('a wrong limit of elements', () => {
  it('is none that a stored campaign may hold: required, and radioactive or scarce, is an empty list', () => {
    const space = { enumerate: { elements: ['U', 'Pt', 'O'], required: ['U', 'Pt'] } };
    for (const limited of [{ excludeRadioactive: true }, { minAbundance: 1 }]) {
      expect(mistakes({ space, ...limited })).toEqual({});
      expect(all(planOf(space, limited))).toEqual([]);
    }
  });

  it.each<[string, Record<string, string>, string, RegExp]>([
    ['an unknown cost class', mistakes({ maxCostClass: 'CHEAP' }), 'input.maxCostClass', /BELOW_1_USD_PER_KG, /],
    [
      'a limit of an unknown element',
      limit({ element: 'Xx' }),
      'input.elementLimits.0.element',
      /unknown element "Xx"/,
    ],
    [
      'a limit without bounds',
      limit({ minFraction: null }),
      'input.elementLimits.0.minFraction',
      /needs minFraction, maxFraction or both/,
    ],
    [
      'a limit the wrong way round',
      limit({ minFraction: 0.5, maxFraction: 0.4 }),
      'input.elementLimits.0.minFraction',
      /minFraction 0.5 is above maxFraction 0.4/,
    ],
    ['a fraction in percent', limit({ minFraction: 40 }), 'input.elementLimits.0.minFraction', /40 is not .* 0 to 1/],
    [
      'an element limited twice',
      mistakes({ elementLimits: ['Ga', 'As', 'Ga'].map((element) => ({ element, maxFraction: 0.5 })) }),
      'input.elementLimits.2.element',
      /Ga is limited already, by limit 0/,
    ],
    [
      'least fractions of more than the whole',
      mistakes({ elementLimits: ['Ga', 'In', 'As'].map((element) => ({ element, minFraction: 0.4 })) }),
      'input.elementLimits',
      /sum to 1.2, more than 1/,
    ],
    [
      'some of an element wanted that is excluded',
      mistakes({ elementLimits: [{ element: 'Ga', minFraction: 0.1 }], excludeElements: ['Ga'] }),
      'input.excludeElements',
      /Ga is left out by this, but is required/,
    ],
    [
      'some of an element wanted that has no price',
      mistakes({ elementLimits: [{ element: 'Tc', minFraction: 0.1 }], maxCostClass: 'BELOW_10000_USD_PER_KG' }),
      'input.maxCostClass',
      /Tc is left out by this, but is required/,
    ],
    [
      'some of an element wanted that the palette lacks',
      mistakes({ space: { evolve: { elements: III_V } }, elementLimits: [{ element: 'O', minFraction: 0.1 }] }),
      'input.elementLimits',
      /O has a least fraction but is not among the elements/,
    ],
    [
      'some of more elements wanted than a compound has',
      mistakes({
        space: { enumerate: { elements: III_V, required: ['In'], elementCount: { max: 2 } } },
        elementLimits: ['Ga', 'As'].map((element) => ({ element, minFraction: 0.1 })),
      }),
      'input.elementLimits',
      /3 elements must appear, more than the 2/,
    ],
  ])('%s is reported at its path', (_, found, path, message) => {
    expect(Object.keys(found)).toEqual([path]);
    expect(found[path]).toMatch(message);
  });
});
