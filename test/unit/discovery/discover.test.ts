import { elementMoversDistance, parseFormula } from '../../../src/chemistry';
import { BeagleError, type DiscoverInput, type DiscoverOptions } from '../../../src/domain';
import { createDiscovery, DiscoveryPlan } from '../../../src/discovery';
import { inlineWork } from '../../../src/discovery/offload/inline';
import { threadedWork } from '../../../src/discovery/offload/threaded';
import { fakeKnown, fakePredictor } from './fakes';

const BAND_GAP_1_4 = { property: 'BAND_GAP', goal: 'TARGET', target: 1.4 };
const ALLOY: DiscoverInput = {
  space: { mix: { components: [{ formula: 'GaAs' }, { formula: 'InAs' }], step: 0.1 } },
  objectives: [BAND_GAP_1_4],
};
const III_V: DiscoverInput = {
  space: {
    enumerate: { elements: ['Ga', 'In', 'Al', 'N', 'P', 'As', 'Sb'], elementCount: { min: 2, max: 3 }, maxAtoms: 4 },
  },
  objectives: [BAND_GAP_1_4],
};

function discovery({ predictor = fakePredictor(), known = fakeKnown() } = {}) {
  return createDiscovery({ predictor, known });
}

async function formulas(
  input: DiscoverInput,
  options: DiscoverOptions = { first: 1000 },
  deps = {},
): Promise<string[]> {
  const { edges } = await discovery(deps).discover(input, options);
  return edges.map(({ node }) => node.composition.formula);
}

describe('a discovery', () => {
  it('mixes GaAs and InAs in steps of 0.1 into exactly 11 compositions, end members included', async () => {
    const found = await formulas(ALLOY);
    expect(found).toHaveLength(11);
    expect(found).toEqual(expect.arrayContaining(['GaAs', 'InAs']));
    expect(new Set(found.map((formula) => parseFormula(formula).key)).size).toBe(11);
  });

  it('ranks every candidate, best first, with its objectives and the summary of the search', async () => {
    const { edges, totalCount, summary } = await discovery().discover(III_V, { first: 100 });
    const scores = edges.map(({ node }) => node.score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(edges.map(({ node }) => node.rank)).toEqual(edges.map((_, i) => i + 1));
    const best = edges[0]!.node;
    expect(best.paretoFront).toBe(1);
    expect(best.objectives).toEqual([expect.objectContaining({ property: 'BAND_GAP' })]);
    expect(best.objectives[0]!.desirability).toBeCloseTo(
      1 - Math.abs(best.objectives[0]!.prediction.distribution.value - 1.4) / 4,
    );
    expect(summary).toMatchObject({ predicted: totalCount, satisfyingConstraints: totalCount, modelRuns: 1 });
    expect(summary.enumerated).toBeGreaterThan(summary.passedFilters);
    expect(summary.hypervolume).toBeCloseTo(best.objectives[0]!.desirability);
  });

  it('gives the same list for parts of the space as for the whole', async () => {
    const input = { ...III_V, objectives: [BAND_GAP_1_4, { property: 'DENSITY', goal: 'MINIMIZE' }] };
    const deps = { predictor: fakePredictor(), known: fakeKnown() };
    const plan = new DiscoveryPlan(input, deps);
    const work = plan.startWork();
    const whole = await plan.rank([await plan.screen(0, plan.space.size, work)], work);
    const parts = [];
    for (let from = 0; from < plan.space.size; from += 37) {
      const to = Math.min(plan.space.size, from + 37);
      parts.push(await new DiscoveryPlan(input, deps).screen(from, to, work));
    }
    expect(await plan.rank(parts, work)).toEqual(whole);
  });

  it('gives the same list on a thread of its own, where the space is large', async () => {
    const elements = ['Li', 'Na', 'K', 'Mg', 'Ca', 'Ti', 'Fe', 'Co', 'O', 'S', 'F', 'Cl'];
    const objectives = [BAND_GAP_1_4, { property: 'DENSITY', goal: 'MINIMIZE' }];
    const input = { space: { enumerate: { elements, maxAtoms: 9 } }, objectives };
    const plan = new DiscoveryPlan(input, { predictor: fakePredictor(), known: fakeKnown() });
    expect(plan.space.size).toBeGreaterThan(50_000);
    const { space, elementFilter } = plan.query;
    const [threaded, inline] = [threadedWork(space, elementFilter), inlineWork(space, elementFilter)];
    try {
      const [a, b] = [await plan.screen(0, 60_000, threaded), await plan.screen(0, 60_000, inline)];
      expect(a).toEqual(b);
      expect(await plan.rank([a], threaded)).toEqual(await plan.rank([b], inline));
    } finally {
      threaded.close();
    }
    await expect(threaded.scan(0, 1)).rejects.toThrow('ended');
  });

  it('breaks ties by canonical formula', async () => {
    const found = await formulas(III_V, { first: 1000 }, { predictor: fakePredictor(() => 1.4) });
    const inside = found.slice(2); // crowding sets the two ends of the front apart from the rest
    expect(inside).toEqual([...inside].sort());
  });

  it('brings other kinds of compounds forward with diversity, the best still first', async () => {
    const spreadOf = (list: readonly string[]): number => {
      const ten = list.slice(0, 10).map((formula) => parseFormula(formula));
      const pairs = ten.flatMap((a, i) => ten.slice(0, i).map((b) => elementMoversDistance(a, b)));
      return pairs.reduce((sum, distance) => sum + distance, 0) / pairs.length;
    };
    const ranked = { ...III_V, ranking: 'WEIGHTED_SUM' };
    const [plain, spread] = [await formulas(ranked), await formulas({ ...ranked, diversity: 0.7 })];
    expect(spread[0]).toBe(plain[0]);
    expect([...spread].sort()).toEqual([...plain].sort());
    expect(spreadOf(spread)).toBeGreaterThan(1.5 * spreadOf(plain));
  });

  it('pages through one result without asking the model for the space again', async () => {
    const predictor = fakePredictor();
    const one = discovery({ predictor });
    const first = await one.discover(III_V, { first: 5 });
    const second = await one.discover(III_V, { first: 5, after: first.edges.at(-1)!.cursor });
    expect(second.edges[0]!.node.rank).toBe(6);
    expect([first.hasPreviousPage, first.hasNextPage, second.hasPreviousPage]).toEqual([false, true, true]);
    expect(predictor.calls).toEqual([first.totalCount, 5, 5]);
  });

  it('refuses a cursor of another query', async () => {
    const one = discovery();
    const { edges } = await one.discover(ALLOY, { first: 1 });
    const after = edges[0]!.cursor;
    await expect(one.discover(III_V, { after })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: ['after'] }],
    });
    await expect(one.discover(ALLOY, { after: 'bm9uc2Vuc2U' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(one.discover(ALLOY, { after })).resolves.toMatchObject({ hasPreviousPage: true });
  });

  it('runs a query once for all who ask at the same time', async () => {
    const predictor = fakePredictor();
    const one = discovery({ predictor });
    const [a, b] = await Promise.all([one.discover(III_V, { first: 1 }), one.discover(III_V, { first: 1 })]);
    expect(a.edges.map(({ node }) => node.composition)).toEqual(b.edges.map(({ node }) => node.composition));
    expect(predictor.calls).toHaveLength(3);
  });

  it('keeps what satisfies the constraints with their probability', async () => {
    const constraints = [{ property: 'DENSITY', max: 3, minProbability: 0.81 }];
    const { edges, summary } = await discovery().discover({ ...III_V, constraints }, { first: 1000 });
    const all = await discovery().discover(III_V, { first: 1000 });
    // The made-up distribution is uniform over ±0.5, so P(x ≤ 3) ≥ 0.81 means a median of at most 2.69.
    const z = (formula: string) => {
      const { elements, fractions } = parseFormula(formula);
      const numbers: Record<string, number> = { N: 7, Al: 13, P: 15, Ga: 31, As: 33, In: 49, Sb: 51 };
      return elements.reduce((sum, symbol, i) => sum + fractions[i]! * numbers[symbol]!, 0) / 10;
    };
    const expected = all.edges.map(({ node }) => node.composition.formula).filter((formula) => z(formula) <= 2.69);
    expect(expected.length).toBeGreaterThan(0);
    expect(edges.map(({ node }) => node.composition.formula).sort()).toEqual(expected.sort());
    expect(summary.satisfyingConstraints).toBe(expected.length);
    expect(summary.predicted).toBe(all.summary.predicted);
  });

  it('drops what the catalogue holds, elements named, radioactive or scarce', async () => {
    const list = (extra: Partial<DiscoverInput>, deps = {}) =>
      formulas({ ...ALLOY, space: { formulas: ['GaAs', 'InAs', 'UO2', 'Fe2O3', 'AlN'] }, ...extra }, undefined, deps);
    expect((await list({})).sort()).toEqual(['AlN', 'Fe2O3', 'GaAs', 'InAs', 'UO2']);
    const known = fakeKnown([parseFormula('GaAs').key]);
    expect(await list({ excludeKnown: true }, { known })).not.toContain('GaAs');
    expect((await list({ excludeElements: ['As', 'U'] })).sort()).toEqual(['AlN', 'Fe2O3']);
    expect(await list({ excludeRadioactive: true })).not.toContain('UO2');
    expect((await list({ minAbundance: 1000 })).sort()).toEqual(['Fe2O3']);
  });

  it('asks for excludeKnown once a batch, not once a candidate', async () => {
    const known = fakeKnown();
    const asked = jest.spyOn(known, 'knownCompositionKeys');
    await discovery({ known }).discover({ ...III_V, excludeKnown: true });
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('leaves out compositions that the model cannot take, and ends when the model is gone', async () => {
    const failing = (code: 'UNSUPPORTED_ELEMENT' | 'MODEL_UNAVAILABLE') =>
      fakePredictor(({ composition }) => (composition.formula === 'GaAs' ? new BeagleError(code, 'no') : 1));
    const some = await discovery({ predictor: failing('UNSUPPORTED_ELEMENT') }).discover(ALLOY);
    expect(some.summary).toMatchObject({ passedFilters: 11, predicted: 10 });
    await expect(discovery({ predictor: failing('MODEL_UNAVAILABLE') }).discover(ALLOY)).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
    });
  });

  it('charges before it predicts, and ends with what charging throws', async () => {
    const charged: number[] = [];
    const predictor = fakePredictor();
    await discovery({ predictor }).discover(ALLOY, { charge: (n) => void charged.push(n) });
    expect(charged).toEqual([11]);
    const broke = () => {
      throw new BeagleError('QUOTA_EXCEEDED', 'no predictions left today');
    };
    await expect(discovery().discover(ALLOY, { charge: broke })).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
  });

  it('stops when its caller leaves', async () => {
    const controller = new AbortController();
    const predictor = fakePredictor();
    const answer = discovery({ predictor }).discover(III_V, { signal: controller.signal });
    controller.abort(new Error('gone'));
    await expect(answer).rejects.toThrow('gone');
    expect(predictor.calls).toEqual([]);
  });
});
