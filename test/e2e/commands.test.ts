import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { startProgram } from './process';

describe('npm run predict', () => {
  const predict = (...args: string[]) => startProgram('src/cli/predict.ts', args, { BEAGLE_DEVICE: 'cpu' }).ended;

  test('prints a table of what it predicts', async () => {
    const { code, stdout } = await predict('GaAs', 'band_gap', 'SEEBECK_COEFFICIENT', '--temperature', '400');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^GaAs \(darwin@[\d.]+\)\n\nproperty +value +unit +90 % interval +conditions\n/);
    expect(stdout).toMatch(/\nBAND_GAP +[\d.]+ +eV +[\d.e-]+ … [\d.]+\n/);
    expect(stdout).toMatch(/\nSEEBECK_COEFFICIENT .* temperature 400\n/);
  });

  test('prints JSON for programs, every number of it', async () => {
    const { stdout } = await predict('Fe2O3', 'BAND_GAP', 'IS_METAL', '--json', '--level', '0.5');
    const [gap, metal] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(gap).toMatchObject({ formula: 'Fe2O3', property: 'BAND_GAP', unit: 'eV', interval: { level: 0.5 } });
    expect(gap.interval.lower).toBeLessThanOrEqual(gap.value);
    expect(metal).toMatchObject({ interval: null, label: expect.any(Boolean) });
  });

  test.each([
    [['Xx2O3', 'BAND_GAP'], 1, /^unknown element "Xx" at position 0 of "Xx2O3"/],
    [['GaAs', 'COLOUR'], 2, /^property "COLOUR": expected one of BAND_GAP/],
    [['GaAs'], 2, /^a formula and at least one property are needed\n\nPredict/],
    [['GaAs', 'BAND_GAP', '--temperature', 'warm'], 2, /^--temperature "warm": expected a number/],
    [['GaAs', 'BAND_GAP', '--load', '1'], 1, /does not depend on|depends on it/],
    [['GaAs', 'BAND_GAP', '--colour', 'red'], 2, /--colour/],
  ])('%p ends with %i and says what would be right', async (args, code, message) => {
    const ended = await predict(...args);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr).not.toMatch(/^ {4}at /m);
  });
});

describe('npm run discover', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  const discover = (...args: string[]) =>
    startProgram('src/cli/discover.ts', args, { DATABASE_URL: database.url, BEAGLE_DEVICE: 'cpu' }).ended;

  test('lists the best candidates, the first ten within 0.6 eV of the target', async () => {
    const { code, stdout } = await discover(
      '--elements',
      'Ga,In,Al,N,P,As,Sb',
      '--count',
      '2-3',
      '--max-atoms',
      '4',
      '--objective',
      'BAND_GAP:target:1.4',
      '--first',
      '10',
      '--json',
    );
    expect(code).toBe(0);
    const { candidates, totalCount } = JSON.parse(stdout);
    expect(totalCount).toBeGreaterThan(50);
    expect(candidates).toHaveLength(10);
    for (const { objectives } of candidates) expect(Math.abs(objectives[0].value - 1.4)).toBeLessThanOrEqual(0.6);
  });

  test('prints a table; a mixture in steps of 0.1 has 11 candidates', async () => {
    const { stdout, stderr } = await discover(
      '--mix',
      'GaAs,InAs',
      '--objective',
      'BAND_GAP:target:1.0',
      '--ranking',
      'weighted_sum',
      '--first',
      '3',
    );
    expect(stdout.split('\n')[0]).toMatch(/^rank +formula +score +front +BAND_GAP +± +novelty$/);
    expect(stdout.trim().split('\n')).toHaveLength(5);
    expect(stderr).toMatch(/^11 candidates of 11 enumerated/m);
  });

  test('writes a page with the plot', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'beagle-plot-'));
    try {
      const file = join(folder, 'out.html');
      const { code } = await discover(
        ...['--formulas', 'GaAs,InAs,AlN', '--objective', 'BAND_GAP:maximize', '--objective', 'DENSITY:minimize'],
        ...['--first', '1', '--html', file],
      );
      expect(code).toBe(0);
      expect((await readFile(file, 'utf8')).match(/<circle/g)).toHaveLength(3);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('keeps to limits of elements', async () => {
    const formulas = 'Li2O,PbO,TiO2,PtO2,NiO,LiNiO2';
    const { stdout } = await discover(
      ...['--formulas', formulas, '--objective', 'BAND_GAP:maximize', '--json'],
      ...['--exclude-toxic', '--max-cost-class', 'below_100_usd_per_kg', '--min-abundance', '1'],
      ...['--limit', 'O:0.4:0.6', '--limit', 'Ni::0.3'],
    );
    const { candidates, summary } = JSON.parse(stdout);
    expect(candidates.map(({ formula }: { formula: string }) => formula)).toEqual(['LiNiO2']);
    expect(summary).toMatchObject({ enumerated: 6, passedFilters: 1 });
  });

  test.each([
    [
      ['--objective', 'BAND_GAP:maximize'],
      2,
      /exactly one of --elements, --mix, --formulas, --substitute and --evolve/,
    ],
    [['--formulas', 'GaAs', '--objective', 'BAND_GAP:target'], 2, /BAND_GAP:target:X/],
    [['--formulas', 'GaAs,Q', '--objective', 'BAND_GAP:maximize'], 1, /^space\.formulas\.1: /],
    [['--formulas', 'GaAs', '--limit', 'Ga:1:0', '--objective', 'BAND_GAP:maximize'], 1, /^elementLimits\.0\.minFrac/],
    [['--formulas', 'GaAs', '--max-cost-class', '5', '--objective', 'BAND_GAP:maximize'], 2, /BELOW_1_USD_PER_KG/],
    [['--elements', 'Ga,As', '--max-candidates', '1', '--objective', 'BAND_GAP:maximize'], 1, /1/],
  ])('%p ends with %i and says what would be right', async (args, code, message) => {
    const ended = await discover(...args);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr).not.toMatch(/^ {4}at /m);
  });
});
