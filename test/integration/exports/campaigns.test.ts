import { fromGlobalId } from '../../../src/domain';
import type { Worker } from '../../../src/services';
import { download, exportsOf, pause, READERS } from '../../support/exports';
import { readBack } from '../../support/parquet';
import { startRealServer, type RealServer } from '../../support/real-server';

/** Exports of campaigns over HTTP: a real server, database, model and worker. */
let server: RealServer;
let worker: Worker;
beforeAll(async () => {
  server = await startRealServer();
  worker = await server.services.startWorker();
});
afterAll(async () => {
  await worker.stop();
  await server.stop();
});

const { ask, exportCampaign, written } = exportsOf(() => server);

const DISCOVERY = {
  space: { mix: { components: ['Fe', 'Ni', 'Co', 'Cr'].map((formula) => ({ formula })), step: 0.1 } },
  objectives: [
    { property: 'BAND_GAP', goal: 'MAXIMIZE' },
    { property: 'SEEBECK_COEFFICIENT', goal: 'TARGET', target: -100, conditions: { temperature: 400 } },
    { property: 'IS_METAL', goal: 'MINIMIZE' },
  ],
};
const create = async (input: Record<string, unknown> = {}): Promise<string> => {
  const data = await ask(
    'mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { ... on CampaignSuccess { campaign { id } } } }',
    { input: { name: 'to be exported', discovery: DISCOVERY, ...input } },
  );
  return data.createCampaign.campaign.id;
};
const completed = async (input?: Record<string, unknown>): Promise<string> => {
  const id = await create(input);
  const query = 'query ($id: ID!) { campaign(id: $id) { status } }';
  while ((await ask(query, { id })).campaign.status !== 'COMPLETED') await pause();
  return id;
};

interface Listed {
  readonly rank: number;
  readonly score: number;
  readonly paretoFront: number;
  readonly noveltyDistance: number;
  readonly composition: { readonly formula: string };
  readonly objectives: readonly {
    readonly desirability: number;
    readonly prediction: {
      readonly value: number;
      readonly standardDeviation: number | null;
      readonly interval: { readonly lower: number; readonly upper: number } | null;
    };
  }[];
}

/** What `results` lists, as the export should have it. */
async function listed(id: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (let after: string | null = null; ;) {
    const { campaign } = await ask(
      `query ($id: ID!, $after: String) { campaign(id: $id) { model { name version } results(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { rank score paretoFront noveltyDistance composition { formula }
          objectives { desirability prediction { value standardDeviation interval { lower upper } } } } } } }`,
      { id, after },
    );
    const { name, version } = campaign.model;
    for (const node of campaign.results.nodes as Listed[]) {
      const [gap, seebeck, metal] = node.objectives;
      rows.push({
        rank: node.rank,
        formula: node.composition.formula,
        score: node.score,
        pareto_front: node.paretoFront,
        novelty_distance: node.noveltyDistance,
        'band_gap (eV)': gap!.prediction.value,
        'band_gap_standard_deviation (eV)': gap!.prediction.standardDeviation,
        'band_gap_lower_90 (eV)': gap!.prediction.interval!.lower,
        'band_gap_upper_90 (eV)': gap!.prediction.interval!.upper,
        band_gap_desirability: gap!.desirability,
        'seebeck_coefficient_at_temperature_400 (uV/K)': seebeck!.prediction.value,
        'seebeck_coefficient_at_temperature_400_standard_deviation (uV/K)': seebeck!.prediction.standardDeviation,
        'seebeck_coefficient_at_temperature_400_lower_90 (uV/K)': seebeck!.prediction.interval!.lower,
        'seebeck_coefficient_at_temperature_400_upper_90 (uV/K)': seebeck!.prediction.interval!.upper,
        seebeck_coefficient_at_temperature_400_desirability: seebeck!.desirability,
        is_metal: metal!.prediction.value,
        is_metal_desirability: metal!.desirability,
        model: `${name}@${version}`,
      });
    }
    if (!campaign.results.pageInfo.hasNextPage) return rows;
    after = campaign.results.pageInfo.endCursor;
  }
}

describe('a completed campaign', () => {
  let id: string;
  beforeAll(async () => (id = await completed()));

  test.each(['CSV', 'JSONL', 'PARQUET'])('as %s is what its results are', async (format) => {
    const begun = await exportCampaign(id, format);
    expect(begun).toMatchObject({ __typename: 'ExportSuccess', export: { format } });
    const file = await written(begun);
    expect(file).toMatchObject({ status: 'COMPLETED', rows: 286, error: null });
    const { response, bytes } = await download(file.url);
    expect(response.status).toBe(200);
    expect(bytes.length).toBe(file.bytes);
    const results = await listed(id);
    const rows = await READERS[format]!(bytes, results[0]!);
    expect(rows.map(({ formula }) => formula)).toEqual(results.map(({ formula }) => formula));
    rows.forEach((row, i) => {
      expect(Object.keys(row)).toEqual(Object.keys(results[i]!));
      // A prediction may differ in its last digits with the rows that it was computed beside.
      for (const [name, value] of Object.entries(results[i]!)) {
        if (typeof value === 'number') expect(close(row[name] as number, value)).toBe(true);
        else expect(row[name]).toEqual(value);
      }
    });
  });

  test('tells its model and where it comes from: in the header and in the metadata', async () => {
    const file = await written(await exportCampaign(id, 'PARQUET'));
    const { response, bytes } = await download(file.url);
    const model = (await ask('{ models { name version } }')).models[0];
    expect(response.headers.get('x-beagle-model')).toBe(`${model.name}@${model.version}`);
    const { metadata } = await readBack(bytes);
    expect(metadata.get('beagle.model')).toBe(`${model.name}@${model.version}`);
    expect(metadata.get('beagle.campaign')).toBe(id);
    expect(JSON.parse(metadata.get('beagle.objectives')!)).toMatchObject(DISCOVERY.objectives);
  });

  test('asked for again, the export that is there is answered', async () => {
    const [one, two] = await Promise.all([exportCampaign(id, 'CSV'), exportCampaign(id, 'CSV')]);
    expect(one.export.id).toBe(two.export.id);
  });

  test('its link is good for this file until it expires, and for no other', async () => {
    const { url, expiresAt } = await written(await exportCampaign(id, 'CSV'));
    expect(new Date(expiresAt).getTime()).toBeGreaterThan(Date.now());
    const other = await written(await exportCampaign(id, 'JSONL'));
    const forged = new URL(url);
    forged.pathname = new URL(other.url).pathname;
    const later = new URL(url);
    later.searchParams.set('expires', String(Number(later.searchParams.get('expires')) + 1));
    const bare = new URL(url);
    bare.search = '';
    for (const wrong of [forged, later, bare]) {
      const { response, bytes } = await download(wrong.href);
      expect(response.status).toBe(403);
      expect(JSON.parse(bytes.toString()).errors[0].extensions.code).toBe('FORBIDDEN');
    }
  });

  test('an interrupted download is resumed by Range', async () => {
    const { url } = await written(await exportCampaign(id, 'CSV'));
    const whole = await download(url);
    const etag = whole.response.headers.get('etag')!;
    const half = whole.bytes.length >> 1;
    const rest = await download(url, { range: `bytes=${half}-`, 'if-range': etag });
    expect(rest.response.status).toBe(206);
    expect(rest.response.headers.get('content-range')).toBe(
      `bytes ${half}-${whole.bytes.length - 1}/${whole.bytes.length}`,
    );
    expect(Buffer.concat([whole.bytes.subarray(0, half), rest.bytes])).toEqual(whole.bytes);
    const tail = await download(url, { range: 'bytes=-10' });
    expect(tail.bytes).toEqual(whole.bytes.subarray(-10));
    // Another file's half, several ranges, another unit: the whole file.
    for (const headers of [
      { range: `bytes=${half}-`, 'if-range': '"other"' },
      { range: 'bytes=0-1,5-6' },
      { range: 'lines=1-2' },
    ] as Record<string, string>[]) {
      const { response, bytes } = await download(url, headers);
      expect([response.status, bytes.length]).toEqual([200, whole.bytes.length]);
    }
    const beyond = await download(url, { range: `bytes=${whole.bytes.length}-` });
    expect(beyond.response.status).toBe(416);
    expect(beyond.response.headers.get('content-range')).toBe(`bytes */${whole.bytes.length}`);
    const head = await fetch(url, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String(whole.bytes.length));
  });

  test('expired, it is gone: record, file and link', async () => {
    const file = await written(await exportCampaign(id, 'JSONL'));
    const { database } = server.testDatabase;
    await database.execute(`UPDATE exports SET expires_at = now() - interval '1 second' WHERE format = 'JSONL'`);
    expect((await ask('query ($id: ID!) { node(id: $id) { id } }', { id: file.id })).node).toBeNull();
    expect((await download(file.url)).response.status).toBe(404);
    await database.exports.deleteExpired();
    const { rows } = await database.execute(
      `SELECT count(*)::int AS n FROM exports WHERE format = 'JSONL' AND campaign_id IS NOT NULL`,
    );
    expect(rows).toEqual([{ n: 0 }]);
    const again = await exportCampaign(id, 'JSONL');
    expect(again.export.id).not.toBe(file.id);
  });
});

const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-4 * Math.max(Math.abs(a), Math.abs(b), 1e-6);

describe('is refused', () => {
  test('before the campaign is complete', async () => {
    const id = await create({ start: false });
    expect(await exportCampaign(id, 'CSV')).toEqual({
      __typename: 'ConflictError',
      code: 'CONFLICT',
      message: 'the campaign is DRAFT: only one that is COMPLETED can be exported',
    });
  });

  test('of a campaign that is not there, or somebody else’s', async () => {
    const id = await completed();
    await server.testDatabase.database.execute(
      `UPDATE campaigns SET owner_id = gen_random_uuid() WHERE id = (SELECT max(id::text)::uuid FROM campaigns)`,
    );
    for (const missing of [id, 'nothing'])
      expect(await exportCampaign(missing, 'CSV')).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' });
  });
});

describe('a campaign that keeps all', () => {
  const MIX = { mix: { components: ['Fe', 'Ni', 'Co', 'Cr', 'Mn'].map((formula) => ({ formula })), step: 0.05 } };
  const discovery = {
    space: MIX,
    objectives: [
      { property: 'BAND_GAP', goal: 'MAXIMIZE' },
      { property: 'IS_METAL', goal: 'MINIMIZE' },
    ],
    ranking: 'WEIGHTED_SUM',
  };

  test.each([
    ['of a space', discovery],
    [
      'of a search',
      {
        ...discovery,
        space: { evolve: { elements: ['Ga', 'In', 'As', 'P', 'N'], populationSize: 30, generations: 4 } },
      },
    ],
  ])('%s is exported whole, each candidate once, with what the model predicts', async (_, input) => {
    const id = await completed({ discovery: input, keepAll: true });
    // As if its list were shorter than what it keeps.
    const uuid = fromGlobalId(id)!.id;
    const { database } = server.testDatabase;
    await database.execute('DELETE FROM campaign_results WHERE campaign_id = $1 AND rank > 10', [uuid]);
    const { campaign } = await ask(
      'query ($id: ID!) { campaign(id: $id) { results(first: 1) { summary { satisfyingConstraints } } } }',
      { id },
    );
    const { bytes } = await download((await written(await exportCampaign(id, 'PARQUET'))).url);
    const { rows } = await readBack(bytes);
    expect(rows).toHaveLength(campaign.results.summary.satisfyingConstraints);
    expect(new Set(rows.map(({ formula }) => formula)).size).toBe(rows.length);
    expect(rows.map(({ rank }) => rank)).toEqual(
      [...Array(10).keys()].map((i) => i + 1).concat(Array(rows.length - 10).fill(null)),
    );
    const some = rows.filter((_row, i) => i % 97 === 11);
    const { compositions } = await ask(
      `query ($formulas: [String!]!) { compositions(formulas: $formulas) { ... on Composition {
        gap: prediction(property: BAND_GAP) { value standardDeviation interval { lower upper } }
        metal: prediction(property: IS_METAL) { value } } } }`,
      { formulas: some.map(({ formula }) => formula) },
    );
    some.forEach((row, i) => {
      const { gap, metal } = compositions[i];
      expect(close(row['band_gap (eV)'] as number, gap.value)).toBe(true);
      expect(close(row['band_gap_standard_deviation (eV)'] as number, gap.standardDeviation)).toBe(true);
      expect(close(row['band_gap_upper_90 (eV)'] as number, gap.interval.upper)).toBe(true);
      expect(close(row['is_metal'] as number, metal.value)).toBe(true);
      expect(row['score']).toEqual(expect.any(Number));
    });
  });
});
