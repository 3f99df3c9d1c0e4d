import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProgram, type Running } from './process';

/** kill -9 amid a campaign: real processes, the embedded database, a tiny model. */
const TINY_MODEL = join(__dirname, '../fixtures/models/darwin-tiny');
/** 23,751 candidates in six chunks, two properties each. */
const DISCOVERY = `{
  space: { mix: { components: [{ formula: "Fe" }, { formula: "Ni" }, { formula: "Co" }, { formula: "Cr" }, { formula: "Mn" }], step: 0.04 } }
  objectives: [{ property: BAND_GAP, goal: MAXIMIZE }, { property: DENSITY, goal: MINIMIZE }]
}`;

let folder: string;
let running: Running[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beagle-campaigns-'));
  // The database's user, who is another one when root runs this, has to enter it.
  await chmod(folder, 0o755);
});
afterAll(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGTERM');
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
}, 60_000);

const start = (file: string): Running => {
  const environment = {
    BEAGLE_DATA: folder,
    BEAGLE_MODEL: TINY_MODEL,
    BEAGLE_DEVICE: 'cpu',
    BEAGLE_WORKERS: '1',
    PORT: '0',
  };
  const program = startProgram(file, [], environment);
  running.push(program);
  return program;
};
const startServer = async () => {
  const program = start('src/main.ts');
  return { program, url: (await program.line(/Beagle is ready: (\S+)\n/))[1]! };
};
const kill = async (program: Running): Promise<void> => {
  program.child.kill('SIGKILL');
  await program.ended;
  running = running.filter((other) => other !== program);
};
const ask = async (url: string, query: string) => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const { data, errors } = (await response.json()) as any;
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
};
const create = async (url: string): Promise<string> => {
  const data = await ask(
    url,
    `mutation { createCampaign(input: { name: "c", discovery: ${DISCOVERY} }) { ... on CampaignSuccess { campaign { id } } } }`,
  );
  return data.createCampaign.campaign.id;
};
const progress = async (url: string, id: string) =>
  (await ask(url, `{ campaign(id: "${id}") { progress { status done total failed } } }`)).campaign.progress;
/** Until that many are done; the database may be away meanwhile. */
const until = async (url: string, id: string, reached: (progress: { done: number; status: string }) => boolean) => {
  for (;;) {
    const now = await progress(url, id).catch(() => null);
    if (now && reached(now)) return now;
    await sleep(50);
  }
};
const completed = ({ status }: { status: string }) => status === 'COMPLETED' || status === 'FAILED';
const results = async (url: string, id: string): Promise<unknown> => {
  const data = await ask(
    url,
    `{ campaign(id: "${id}") { results(first: 100) { totalCount summary { enumerated predicted satisfyingConstraints paretoFrontSize } nodes { rank paretoFront composition { formula } } } } }`,
  );
  return data.campaign.results;
};

test('worker, server and database are killed, each three times at random moments of a campaign: each campaign ends by itself as an undisturbed one', async () => {
  let server = await startServer();
  const undisturbed = await create(server.url);
  const began = performance.now();
  expect(await until(server.url, undisturbed, completed)).toEqual({
    status: 'COMPLETED',
    done: 23_751,
    total: 23_751,
    failed: 0,
  });
  const duration = performance.now() - began;
  const expected = await results(server.url, undisturbed);
  const moments = random(Date.now());
  /** A campaign, a moment at which it is under way, what happens then: and it ends by itself with the same results. */
  const disturbed = async (disturb: () => Promise<void>): Promise<void> => {
    const id = await create(server.url);
    const moment = Math.round(moments() * 0.8 * duration);
    await sleep(moment);
    const { status, done } = await until(server.url, id, ({ done }) => done > 0);
    await disturb();
    const ended = { ...(await until(server.url, id, completed)), results: await results(server.url, id) };
    const circumstances = { moment, status, done };
    expect({ circumstances, ...ended }).toMatchObject({
      circumstances,
      status: 'COMPLETED',
      done: 23_751,
      failed: 0,
      results: expected,
    });
  };

  for (let round = 0; round < 3; round++) {
    const worker = start('src/cli/worker.ts');
    await worker.line(/Works on campaigns/);
    await disturbed(() => kill(worker));
    await disturbed(async () => {
      await kill(server.program);
      server = await startServer();
    });
    await disturbed(async () => {
      process.kill(await postmaster(), 'SIGKILL');
    });
  }
}, 900_000);

/** mulberry32: moments that a failure can be told by. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The process number of this test's database server. */
async function postmaster(): Promise<number> {
  const text = await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8');
  return Number(text.split('\n')[0]);
}
