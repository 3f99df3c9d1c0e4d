import { randomUUID } from 'node:crypto';
import { parseFormula } from '../../../src/chemistry';
import type { Candidate, DiscoverInput, GivenMeasurement, PredictionRequest, Principal } from '../../../src/domain';
import { campaignsOn, someone } from '../../support/campaigns';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { fakeKnown, fakePredictor, madeUpValue } from '../../unit/discovery/fakes';

/** Ask and tell on Postgres with a made-up model, as a laboratory goes through it. */
let testDatabase: TestDatabase;
const cleanup: (() => Promise<void>)[] = [];
beforeAll(async () => (testDatabase = await createTestDatabase()));
afterEach(async () => {
  for (const clean of cleanup.splice(0)) await clean();
});
afterAll(() => testDatabase.drop());

const ALLOY = ['Fe', 'Ni', 'Co', 'Cr'].map((formula) => ({ formula }));
/** 286 candidates. */
const INPUT: DiscoverInput = {
  space: { mix: { components: ALLOY, step: 0.1 } },
  objectives: [{ property: 'BAND_GAP', goal: 'MAXIMIZE' }],
};

const setUp = () => {
  const made = campaignsOn(testDatabase.database, fakePredictor(), fakeKnown());
  cleanup.push(() => made.stopWorkers());
  return { ...made, me: someone(randomUUID()) };
};
type SetUp = ReturnType<typeof setUp>;

async function completed({ campaigns, startWorker, until }: SetUp, me: Principal, input: Partial<DiscoverInput> = {}) {
  const { id } = await campaigns.create(me, { name: 'a loop', discovery: { ...INPUT, ...input } });
  const worker = await startWorker();
  const campaign = await until(me, id);
  await worker.stop();
  return campaign;
}

const gap = (formula: string, value: number, part: Partial<GivenMeasurement> = {}): GivenMeasurement => ({
  formula,
  property: 'BAND_GAP',
  value,
  ...part,
});
const formulas = (candidates: readonly Candidate[]): string[] =>
  candidates.map(({ composition }) => composition.formula);

describe('recordMeasurements', () => {
  test('keeps what was measured in the unit of the property, with its source, in order', async () => {
    const { campaigns, me } = setUp();
    const { id } = await campaigns.create(me, { name: 'd', discovery: INPUT, start: false });
    const source = { name: 'Our laboratory', doi: '10.1000/1' };
    const told = await campaigns.recordMeasurements(me, id, {
      measurements: [
        gap('Fe2O3', 2200, { unit: 'meV', uncertainty: 50, source }),
        { formula: 'NaCl', property: 'MELTING_TEMPERATURE', value: 801, unit: '°C', uncertainty: 2 },
        { formula: 'Bi2Te3', property: 'SEEBECK_COEFFICIENT', value: -200, conditions: { temperature: 320 } },
      ],
    });
    expect(told).toMatchObject([
      { composition: { input: 'Fe2O3' }, unit: 'eV', fidelity: 'EXPERIMENT', materialId: null, source },
      { value: 801 + 273.15, unit: 'K', source: { name: 'unpublished measurement' } },
      { value: -200, unit: 'uV/K', uncertainty: null, conditions: { temperature: 320 } },
    ]);
    expect(told[0]!.value).toBeCloseTo(2.2, 12);
    expect(told[0]!.uncertainty).toBeCloseTo(0.05, 12);
    // An uncertainty is a difference: no zero point is added to it.
    expect(told[1]!.uncertainty).toBeCloseTo(2, 9);

    const campaign = (await campaigns.byId(me, id))!;
    const one = await campaigns.measurements(campaign, { first: 2 });
    const two = await campaigns.measurements(campaign, { first: 2, after: one.edges[1]!.cursor });
    expect([one.totalCount, one.hasNextPage, two.hasNextPage]).toEqual([3, true, false]);
    expect([...one.edges, ...two.edges].map(({ node }) => node)).toEqual(told);
    await expect(campaigns.measurements(campaign, { first: 2, after: 'nonsense' })).rejects.toThrow(/after: is not/);
  });

  test('stores the same report once, and a key is for one request', async () => {
    const { campaigns, me } = setUp();
    const { id } = await campaigns.create(me, { name: 'd', discovery: INPUT, start: false });
    const measurements = [gap('GaAs', 1.42), gap('GaP', 2.26)];
    const first = await campaigns.recordMeasurements(me, id, { measurements, idempotencyKey: 'k' });
    expect(await campaigns.recordMeasurements(me, id, { measurements, idempotencyKey: 'k' })).toEqual(first);
    expect(await campaigns.recordMeasurements(me, id, { measurements: [gap('GaAs', 1.42)] })).toEqual([first[0]]);
    await expect(
      campaigns.recordMeasurements(me, id, { measurements: [gap('GaAs', 1.43)], idempotencyKey: 'k' }),
    ).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    const campaign = (await campaigns.byId(me, id))!;
    expect((await campaigns.measurements(campaign, { first: 10 })).totalCount).toBe(2);
  });

  test('names everything that is wrong at once, and stores nothing of it', async () => {
    const { campaigns, me } = setUp();
    const { id } = await campaigns.create(me, { name: 'd', discovery: INPUT, start: false });
    const measurements = [
      gap('GaAs', 1.42),
      gap('Xx2', 1),
      gap('GaP', NaN),
      gap('GaP', 2.26, { unit: 'furlong' }),
      gap('GaP', -1),
      gap('GaP', 2.26, { uncertainty: -1 }),
      gap('GaP', 2.26, { conditions: { temperature: 300 } }),
      { formula: 'Bi2Te3', property: 'SEEBECK_COEFFICIENT', value: 1, conditions: { temperature: -5 } } as const,
      gap('GaP', 2.26, { source: { name: '', url: 'javascript:alert(1)' } }),
    ];
    const failure = await campaigns.recordMeasurements(me, id, { measurements }).catch((error: unknown) => error);
    const { code, fields } = failure as { code: string; fields: { path: string[]; message: string }[] };
    expect(code).toBe('BAD_USER_INPUT');
    expect(fields.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([
      expect.stringContaining('measurements.1.formula: unknown element "Xx"'),
      'measurements.2.value: NaN is no finite number',
      expect.stringContaining('measurements.3.unit: unknown unit "furlong"; expected eV, meV'),
      expect.stringContaining('measurements.4.value: -1 eV is negative'),
      expect.stringContaining('measurements.5.uncertainty: -1 is no uncertainty'),
      expect.stringContaining('measurements.6.conditions.temperature: BAND_GAP does not depend on it'),
      expect.stringContaining('measurements.7.conditions.temperature: -5 is no temperature'),
      expect.stringContaining('measurements.8.source.name: is empty'),
      expect.stringContaining('measurements.8.source.url: is no http'),
    ]);
    const campaign = (await campaigns.byId(me, id))!;
    expect((await campaigns.measurements(campaign, { first: 1 })).totalCount).toBe(0);
    await expect(campaigns.recordMeasurements(me, id, { measurements: [] })).rejects.toThrow(/measurements: 0 given/);
  });

  test('what was measured for a campaign is seen by its owner alone', async () => {
    const { campaigns, me } = setUp();
    const other = someone(randomUUID());
    const { id } = await campaigns.create(me, { name: 'd', discovery: INPUT, start: false });
    const measurements = [gap('InN', 0.7)];
    for (const [who, campaign] of [
      [other, id],
      [me, randomUUID()],
    ] as const)
      await expect(campaigns.recordMeasurements(who, campaign, { measurements })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    const [told] = await campaigns.recordMeasurements(me, id, { measurements });
    expect(await campaigns.measurementById(me, told!.id)).toEqual(told);
    expect(await campaigns.measurementById(other, told!.id)).toBeNull();
    const { catalogue } = testDatabase.database;
    const { key } = parseFormula('InN');
    expect(await catalogue.measurementsByCompositionKeys([key], null, 10)).toEqual([[]]);
  });
});

describe('suggestions', () => {
  test('begin where the model believes the best, and leave it as soon as that was measured to be wrong', async () => {
    const set = setUp();
    const { campaigns, me } = set;
    const campaign = await completed(set, me);
    const before = await campaigns.suggestions(campaign, 5);
    const { edges } = await campaigns.results(campaign, { first: 1 });
    expect(before[0]).toMatchObject({ rank: 1, composition: { key: edges[0]!.node.composition.key } });
    expect(before.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(formulas(before)).size).toBe(5);

    // Everything near the best is bad; iron, at the other end, is better than was thought.
    const measurements = [
      ...before.map(({ composition }) => gap(composition.input, 0.1)),
      gap('Fe', madeUpValue({ composition: parseFormula('Fe'), property: 'BAND_GAP' }) + 1),
    ];
    await campaigns.recordMeasurements(me, campaign.id, { measurements });
    const after = await campaigns.suggestions(campaign, 5);
    expect(formulas(after).filter((formula) => formulas(before).includes(formula))).toEqual([]);
    const iron = ({ composition: { elements, fractions } }: Candidate): number =>
      fractions[elements.indexOf('Fe')] ?? 0;
    expect(iron(after[0]!)).toBeGreaterThan(0.5);
  });

  test('depend on what was measured and reserved alone: not on the order, the server or how many are asked for', async () => {
    const [here, there] = [setUp(), setUp()];
    const { me } = here;
    const one = await completed(here, me);
    const two = await completed(here, me);
    const measurements = formulas(await here.campaigns.suggestions(one, 12)).map((formula, i) =>
      gap(formula, 1 + i / 7),
    );
    for (const measurement of measurements)
      await here.campaigns.recordMeasurements(me, one.id, { measurements: [measurement] });
    await here.campaigns.recordMeasurements(me, two.id, { measurements: [...measurements].reverse() });
    const told = (candidates: readonly Candidate[]) =>
      candidates.map(({ composition, score }) => [composition.key, score]);
    const first = told(await here.campaigns.suggestions(one, 10));
    expect(told(await there.campaigns.suggestions(one, 10))).toEqual(first);
    expect(told(await there.campaigns.suggestions(two, 4))).toEqual(first.slice(0, 4));
    expect(told(await here.campaigns.suggestions(two, 10))).toEqual(first);
  });

  test.each<[string, Partial<DiscoverInput>]>([
    ['a target', { objectives: [{ property: 'BAND_GAP', goal: 'TARGET', target: 1.85 }] }],
    ['a range', { objectives: [{ property: 'BAND_GAP', goal: 'WITHIN', min: 1.8, max: 1.82 }] }],
    ['two objectives', { objectives: [...INPUT.objectives, { property: 'DENSITY', goal: 'MINIMIZE' }] }],
    ...(['WEIGHTED_SUM', 'PROBABILITY_OF_SUCCESS', 'UPPER_CONFIDENCE_BOUND', 'EXPECTED_IMPROVEMENT'] as const).map(
      (ranking): [string, Partial<DiscoverInput>] => [
        ranking,
        { ranking, objectives: [{ property: 'BAND_GAP', goal: 'MAXIMIZE', min: 1.8 }], incumbent: 1.7 },
      ],
    ),
  ])('%s: the best are found among fewer measurements than a walk down the list would take', async (_, part) => {
    const set = setUp();
    const { campaigns, me } = set;
    const campaign = await completed(set, me, part);
    // The truth is the model's value and an error that grows with the share of chromium.
    const truth = (request: PredictionRequest): number => {
      const { elements, fractions } = request.composition;
      return madeUpValue(request) + 0.4 * ((fractions[elements.indexOf('Cr')] ?? 0) - 0.5);
    };
    const { objectives } = campaign.input;
    const [only] = objectives;
    const costs = ({ composition }: Candidate): number[] =>
      objectives.map(({ property, goal, target, min, max }) => {
        const value = truth({ composition, property: property as 'BAND_GAP' });
        if (goal === 'TARGET') return Math.abs(value - target!);
        if (goal === 'WITHIN') return Math.max(0, min! - value, value - max!);
        return goal === 'MAXIMIZE' ? -value : value;
      });
    const all: Candidate[] = [];
    for (let after: string | null = null; ;) {
      const { edges, hasNextPage } = await campaigns.results(campaign, { first: 100, after });
      all.push(...edges.map(({ node }) => node));
      if (!hasNextPage) break;
      after = edges.at(-1)!.cursor;
    }
    expect(all.length).toBe(286);
    const good = (candidate: Candidate): boolean => {
      const own = costs(candidate);
      return !all.some((other) => costs(other).every((cost, k) => cost < own[k]! - (own.length > 1 ? 0 : 0.02)));
    };
    const goal = only!.goal === 'WITHIN' ? (candidate: Candidate) => costs(candidate)[0] === 0 : good;
    let measured = 0;
    for (let found = 0; found === 0;) {
      const batch = await campaigns.suggestions(campaign, 5);
      const measurements = batch.flatMap(({ composition }) =>
        objectives.map(({ property }) => ({
          formula: composition.input,
          property: property as 'BAND_GAP',
          value: truth({ composition, property: property as 'BAND_GAP' }),
        })),
      );
      await campaigns.recordMeasurements(me, campaign.id, { measurements });
      found = batch.findIndex(goal) + 1;
      measured += found || batch.length;
      expect(measured).toBeLessThanOrEqual(30);
    }
    const walk = all.findIndex(goal) + 1;
    expect(measured).toBeLessThanOrEqual(Math.max(walk, 15));
  });

  test('a constraint that measurements speak against keeps candidates out', async () => {
    const set = setUp();
    const { campaigns, me } = set;
    const constraints = [{ property: 'DENSITY', max: 2.7, minProbability: 0.5 }];
    const campaign = await completed(set, me, { constraints });
    const before = await campaigns.suggestions(campaign, 3);
    const heavier = before.map(({ composition }): GivenMeasurement => ({
      formula: composition.input,
      property: 'DENSITY',
      value: madeUpValue({ composition, property: 'DENSITY' }) + 1,
    }));
    await campaigns.recordMeasurements(me, campaign.id, { measurements: heavier });
    const after = await campaigns.suggestions(campaign, 100);
    const keys = new Set(after.map(({ composition }) => composition.key));
    expect(before.filter(({ composition }) => keys.has(composition.key))).toEqual([]);
  });

  test('of a campaign that is not completed there are none', async () => {
    const { campaigns, me } = setUp();
    const draft = await campaigns.create(me, { name: 'd', discovery: INPUT, start: false });
    expect(await campaigns.suggestions(draft, 5)).toEqual([]);
    await expect(campaigns.reserveSuggestions(me, draft.id, { count: 5 })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('DRAFT'),
    });
  });
});

describe('reserveSuggestions', () => {
  test('two laboratories on two servers never get the same candidate, and together get them all', async () => {
    const [here, there] = [setUp(), setUp()];
    const { me } = here;
    const campaign = await completed(here, me);
    const taken: string[] = [];
    const laboratory = async ({ campaigns }: SetUp): Promise<void> => {
      for (;;) {
        const batch = await campaigns.reserveSuggestions(me, campaign.id, { count: 30 });
        if (batch.length === 0) return;
        taken.push(...batch.map(({ composition }) => composition.key));
      }
    };
    await Promise.all([here, there, here, there].map(laboratory));
    expect(taken.length).toBe(286);
    expect(new Set(taken).size).toBe(286);
    expect(await here.campaigns.suggestions(campaign, 5)).toEqual([]);
  });

  test('what is reserved is suggested no more; the same key gives the same candidates back', async () => {
    const set = setUp();
    const { campaigns, me } = set;
    const campaign = await completed(set, me);
    const suggested = await campaigns.suggestions(campaign, 8);
    const request = { count: 5, idempotencyKey: 'batch 1' };
    const batch = await campaigns.reserveSuggestions(me, campaign.id, request);
    expect(formulas(batch)).toEqual(formulas(suggested).slice(0, 5));
    // Chosen as if the first five had been measured: the sixth to eighth come next.
    expect(formulas(await campaigns.suggestions(campaign, 3))).toEqual(formulas(suggested).slice(5));
    const again = await campaigns.reserveSuggestions(me, campaign.id, request);
    expect(formulas(again)).toEqual(formulas(batch));
    expect(again.map(({ score }) => score)).toEqual(batch.map(({ score }) => score));
    await expect(campaigns.reserveSuggestions(me, campaign.id, { ...request, count: 6 })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    });
    const other = campaigns.reserveSuggestions(someone(randomUUID()), campaign.id, request);
    await expect(other).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
