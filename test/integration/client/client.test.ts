import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBeagleClient, type BeagleClient, type PredictionRow } from '../../../src/client';
import { materials, SOURCE } from '../../support/materials';
import { startRealServer, type RealServer } from '../../support/real-server';

const METALS = 'Li Na K Rb Cs Be Mg Ca Sr Ba Zn Cd Hg Pb Sn Ge Mn Fe Co Ni Cu Ag Tl Eu Yb V Ti Cr'.split(' ');

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('the TypeScript client, against a server with its database and model', () => {
  let server: RealServer;
  let beagle: BeagleClient;
  beforeAll(async () => {
    server = await startRealServer();
    const formulas = METALS.flatMap((metal) => ['O', 'S', 'Se', 'Te', 'F'].map((anion) => metal + anion));
    await server.writer.upsertMaterials(SOURCE, materials(formulas.join(' ')));
    beagle = createBeagleClient({ url: server.url });
  });
  afterAll(() => server.stop());

  test('the catalogue is paged through to its end, each material once', async () => {
    const found = await all(beagle.materials({ filter: { elements: { any: ['O', 'S', 'Se', 'Te'] } } }));
    expect(found).toHaveLength(METALS.length * 4);
    expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
    const one = await beagle.material(found[0]!.id);
    expect(one).toMatchObject({ formula: found[0]!.formula, source: { name: SOURCE.name } });
  });

  test('`limit` ends in the middle of a page', async () => {
    expect(await all(beagle.materials({ limit: 7 }))).toHaveLength(7);
    expect(await all(beagle.materials({ limit: 107 }))).toHaveLength(107);
  });

  test('any number of formulas is predicted in order; wrong ones say what is wrong at their place', async () => {
    const formulas = Array.from({ length: 1_203 }, (_, n) => (n === 601 ? 'Xx2O3' : `Fe${n + 1}O${n + 2}`));
    const rows = await all(beagle.predict(formulas, ['BAND_GAP', 'DENSITY'], { evidence: true }));
    expect(rows.map(({ input }) => input)).toEqual(formulas);
    expect(rows[601]).toEqual({
      input: 'Xx2O3',
      formula: null,
      problem: expect.stringContaining('unknown element "Xx" at position 0'),
      position: 0,
    });
    const good = rows.filter((row): row is Extract<PredictionRow, { formula: string }> => row.formula !== null);
    expect(good).toHaveLength(1_202);
    for (const { predictions, problems } of good) {
      expect(problems).toEqual([null, null]);
      for (const prediction of predictions) {
        expect(prediction!.interval!.lower).toBeLessThanOrEqual(prediction!.value);
        expect(prediction!.interval!.upper).toBeGreaterThanOrEqual(prediction!.value);
        expect(prediction!.evidence!.applicability).toMatch(/INTERPOLATION|NEAR_EDGE|EXTRAPOLATION/);
      }
    }
  });

  test('a prediction that fails leaves its neighbours and says why', async () => {
    const rows = await all(beagle.predict(['GaAs'], ['SEEBECK_COEFFICIENT'], { conditions: { temperature: -5 } }));
    expect(rows).toEqual([
      { input: 'GaAs', formula: 'GaAs', predictions: [null], problems: [expect.stringContaining('temperature')] },
    ]);
  });

  test('a discovery gives its best first', async () => {
    const input = {
      space: { enumerate: { elements: ['Ga', 'In', 'N', 'P', 'As'], elementCount: { min: 2, max: 3 }, maxAtoms: 4 } },
      objectives: [{ property: 'BAND_GAP' as const, goal: 'TARGET' as const, target: 1.4 }],
    };
    const candidates = await all(beagle.discover(input, { limit: 5 }));
    expect(candidates.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5]);
    const misses = candidates.map(({ objectives }) => Math.abs(objectives[0]!.prediction.value - 1.4));
    expect(misses).toEqual([...misses].sort((a, b) => a - b));
  });

  test('wrong input is the API’s own words, with the place', async () => {
    const input = { space: { formulas: ['GaAs'] }, objectives: [{ property: 'BAND_GAP', goal: 'TARGET' } as const] };
    await expect(all(beagle.discover(input))).rejects.toMatchObject({
      name: 'BeagleRequestError',
      code: 'BAD_USER_INPUT',
      fields: [expect.objectContaining({ path: expect.arrayContaining(['target']) })],
    });
  });
});

test('npm run client:pack makes a package that works on its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'beagle-client-'));
  try {
    execFileSync(process.execPath, ['src/client/pack.mjs', folder], { cwd: join(__dirname, '..', '..', '..') });
    const use = `const { createBeagleClient } = require(${JSON.stringify(folder)});
      const send = async () => Response.json({ data: { properties: [{ key: 'BAND_GAP' }] } });
      createBeagleClient({ url: 'http://beagle.test', fetch: send }).properties().then((all) => console.log(all[0].key));`;
    expect(execFileSync(process.execPath, ['-e', use], { cwd: folder, encoding: 'utf8' })).toBe('BAND_GAP\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('what the client sends again', () => {
  const refusal = (status: number, code: string, headers: Record<string, string> = {}) =>
    Response.json({ errors: [{ message: code, extensions: { code } }] }, { status, headers });
  const properties = () => Response.json({ data: { properties: [] } });

  function clientOf(answers: (() => Response)[], retries?: number) {
    const requests: string[] = [];
    const send: typeof fetch = async (_, init) => {
      requests.push(String(init?.body));
      const answer = answers.shift();
      if (!answer) throw new TypeError('connection refused');
      return answer();
    };
    return { requests, client: createBeagleClient({ url: 'http://beagle.test', fetch: send, retries }) };
  }

  test('429 is waited out as Retry-After says, an overloaded model too', async () => {
    const { client, requests } = clientOf([
      () => refusal(429, 'RATE_LIMITED', { 'retry-after': '0' }),
      () => refusal(200, 'MODEL_OVERLOADED', { 'retry-after': '0' }),
      properties,
    ]);
    await expect(client.properties()).resolves.toEqual([]);
    expect(requests).toHaveLength(3);
  });

  test('a server that asks for more patience than allowed is not waited for', async () => {
    const { client, requests } = clientOf([() => refusal(429, 'RATE_LIMITED', { 'retry-after': '3600' })]);
    await expect(client.properties()).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 3_600_000 });
    expect(requests).toHaveLength(1);
  });

  test('wrong input, a wrong key and a spent quota are not tried again', async () => {
    for (const code of ['BAD_USER_INPUT', 'UNAUTHENTICATED', 'QUOTA_EXCEEDED']) {
      const { client, requests } = clientOf([() => refusal(400, code)]);
      await expect(client.properties()).rejects.toMatchObject({ code });
      expect(requests).toHaveLength(1);
    }
  });

  test('a mutation without an answer is sent again only with an idempotency key', async () => {
    const input = { name: 'x', discovery: { space: { formulas: ['GaAs'] }, objectives: [] } };
    const careful = clientOf([], 1);
    await expect(careful.client.createCampaign(input)).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(careful.requests).toHaveLength(1);
    const safe = clientOf([], 1);
    await expect(safe.client.createCampaign({ ...input, idempotencyKey: 'k' })).rejects.toMatchObject({
      code: 'UNREACHABLE',
    });
    expect(safe.requests).toHaveLength(2);
  });

  test('an abort ends the wait', async () => {
    const { client } = clientOf([() => refusal(429, 'RATE_LIMITED', { 'retry-after': '30' })]);
    const controller = new AbortController();
    const asked = client.properties(controller.signal);
    setTimeout(() => controller.abort(new Error('enough')), 20);
    await expect(asked).rejects.toThrow('enough');
  });
});
