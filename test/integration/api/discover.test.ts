import { parseFormula } from '../../../src/chemistry';
import { materials, SOURCE } from '../../support/materials';
import { startRealServer, type RealServer } from '../../support/real-server';

const QUERY = `query ($input: DiscoverInput!, $first: Int, $after: String) {
  discover(input: $input, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    summary { enumerated passedFilters predicted satisfyingConstraints paretoFrontSize hypervolume elapsedMs modelRuns }
    edges { cursor }
    nodes {
      rank score paretoFront noveltyDistance
      composition { formula elements { symbol } }
      objectives { property { key } desirability prediction { value interval { lower upper } } }
      known { formula }
    }
  }
}`;
const III_V = ['Ga', 'In', 'Al', 'N', 'P', 'As', 'Sb'];
const GAP = [{ property: 'BAND_GAP', goal: 'TARGET', target: 1.4 }];

describe('discover', () => {
  let server: RealServer;
  beforeAll(async () => {
    server = await startRealServer();
    await server.writer.upsertMaterials(SOURCE, materials('GaAs InP AlSb'));
  });
  afterAll(() => server.stop());

  const discover = (input: object, page: { first?: number; after?: string } = {}) =>
    server.query(QUERY, { input, ...page });
  const formulas = (body: { data: { discover: { nodes: { composition: { formula: string } }[] } } }) =>
    body.data.discover.nodes.map((node) => node.composition.formula);

  test('enumerates, predicts and ranks; pages continue the list; the same question has the same answer', async () => {
    const input = {
      space: { enumerate: { elements: III_V, elementCount: { min: 2, max: 3 }, maxAtoms: 4 } },
      objectives: GAP,
    };
    const whole = await discover(input, { first: 100 });
    expect(whole.body.errors).toBeUndefined();
    const { nodes, totalCount, summary } = whole.body.data.discover;
    expect(totalCount).toBeGreaterThan(10);
    expect(summary).toMatchObject({ satisfyingConstraints: totalCount, predicted: summary.passedFilters });
    expect(nodes.map((node: { rank: number }) => node.rank)).toEqual(nodes.map((_: unknown, i: number) => i + 1));
    const scores = nodes.map((node: { score: number }) => node.score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    for (const { composition, objectives } of nodes) {
      const symbols = composition.elements.map((element: { symbol: string }) => element.symbol);
      expect(symbols.length === 2 || symbols.length === 3).toBe(true);
      expect(III_V).toEqual(expect.arrayContaining(symbols));
      expect(objectives).toHaveLength(1);
    }
    expect(
      nodes.find((node: { composition: { formula: string } }) => node.composition.formula === 'GaAs'),
    ).toMatchObject({
      known: [{ formula: 'GaAs' }],
      noveltyDistance: 0,
    });

    const first = await discover(input, { first: 7 });
    const second = await discover(input, { first: 7, after: first.body.data.discover.pageInfo.endCursor });
    expect([...formulas(first.body), ...formulas(second.body)]).toEqual(formulas(whole.body).slice(0, 14));
  });

  test('a mixture in steps of 0.1 has 11 candidates, its end members among them', async () => {
    const { body } = await discover({
      space: { mix: { components: [{ formula: 'GaAs' }, { formula: 'InAs' }], step: 0.1 } },
      objectives: GAP,
      ranking: 'WEIGHTED_SUM',
    });
    expect(body.data.discover.totalCount).toBe(11);
    expect(formulas(body)).toEqual(expect.arrayContaining(['GaAs', 'InAs']));
  });

  test('formulas with two objectives and a constraint', async () => {
    const { body } = await discover({
      space: { formulas: ['GaAs', 'ZnO', 'NaCl', 'Fe2O3'] },
      objectives: [
        { property: 'BAND_GAP', goal: 'MAXIMIZE' },
        { property: 'DENSITY', goal: 'MINIMIZE', weight: 2 },
      ],
      constraints: [{ property: 'DENSITY', min: 0, minProbability: 0.01 }],
    });
    expect(body.errors).toBeUndefined();
    expect(body.data.discover.nodes[0]).toMatchObject({
      paretoFront: 1,
      objectives: [{ property: { key: 'BAND_GAP' } }, { property: { key: 'DENSITY' } }],
    });
  });

  test('novelty is the distance to the nearest composition of the catalogue or the training data', async () => {
    const { body } = await discover({ space: { formulas: ['InP', 'In2P2', 'Fm7Md3'] }, objectives: GAP });
    const novelty = Object.fromEntries(
      body.data.discover.nodes.map((node: { composition: { formula: string }; noveltyDistance: number }) => [
        node.composition.formula,
        node.noveltyDistance,
      ]),
    );
    expect(novelty['InP']).toBe(0);
    expect(novelty['Fm7Md3'] ?? novelty['Md3Fm7']).toBeGreaterThan(1);
  });

  test('expected improvement starts from the best measured value, or asks for one', async () => {
    const input = {
      space: { formulas: ['GaAs', 'ZnO'] },
      objectives: [{ property: 'BAND_GAP', goal: 'MAXIMIZE' }],
      ranking: 'EXPECTED_IMPROVEMENT',
    };
    const none = await discover(input);
    expect(none.body.errors[0].extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: ['input', 'incumbent'] }],
    });

    const gap = (formula: string, value: number) => ({
      composition: parseFormula(formula),
      property: 'BAND_GAP' as const,
      value,
      unit: 'eV',
      fidelity: 'EXPERIMENT' as const,
    });
    await server.writer.addMeasurements(SOURCE, [gap('AlN', 6.2), gap('InP', 1.3), gap('InP', 1.4)]);
    const measured = await discover(input);
    const given = await discover({ ...input, incumbent: 6.2 });
    const scores = ({ body }: typeof given) => body.data.discover.nodes.map((node: { score: number }) => node.score);
    expect(measured.body.errors).toBeUndefined();
    expect(scores(measured)).toEqual(scores(given));
  });

  test.each([
    ['no space', { space: {}, objectives: GAP }, ['input', 'space']],
    [
      'two spaces',
      { space: { formulas: ['GaAs'], mix: { components: [{ formula: 'GaAs' }], step: 1 } }, objectives: GAP },
      ['input', 'space'],
    ],
    ['no objective', { space: { formulas: ['GaAs'] }, objectives: [] }, ['input', 'objectives']],
    [
      'a target without a value',
      { space: { formulas: ['GaAs'] }, objectives: [{ property: 'BAND_GAP', goal: 'TARGET' }] },
      ['input', 'objectives', '0', 'target'],
    ],
    [
      'an unknown element',
      { space: { enumerate: { elements: ['Ga', 'Xx'] } }, objectives: GAP },
      ['input', 'space', 'enumerate', 'elements', '1'],
    ],
    ['a bad formula', { space: { formulas: ['GaAs', 'Q'] }, objectives: GAP }, ['input', 'space', 'formulas', '1']],
  ])('%s is BAD_USER_INPUT at its path', async (_, input, path) => {
    const { status, body } = await discover(input);
    expect(status).toBe(200);
    expect(body.data).toBeNull();
    expect(body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
    expect(body.errors[0].extensions.fields.map((field: { path: string[] }) => field.path)).toContainEqual(path);
  });

  test.each([
    ['first: 0', { first: 0 }, 'first'],
    ['first: 101', { first: 101 }, 'first'],
    ['a cursor of another query', { after: 'eyJ4IjoxfQ' }, 'after'],
  ])('%s is BAD_USER_INPUT', async (_, page, path) => {
    const { body } = await discover({ space: { formulas: ['GaAs'] }, objectives: GAP }, page);
    expect(body.errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: [path] }] });
  });

  test('a space that is too large is refused with its size, before any work', async () => {
    const runs = server.predictor.metrics().executionCount;
    const { body } = await discover({
      space: { enumerate: { elements: III_V, elementCount: { min: 2, max: 4 }, maxAtoms: 12, chargeBalanced: false } },
      objectives: GAP,
      maxCandidates: 100,
    });
    expect(body.errors[0].extensions).toMatchObject({
      code: 'SEARCH_SPACE_TOO_LARGE',
      limit: 100,
      count: expect.any(Number),
    });
    expect(server.predictor.metrics().executionCount).toBe(runs);
  });
});
