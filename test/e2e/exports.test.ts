import { createHash } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProgram, type Running } from './process';

/** kill -9 amid an export: real processes, the embedded database, a tiny model. */
const TINY_MODEL = join(__dirname, '../fixtures/models/darwin-tiny');

let folder: string;
let running: Running[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beagle-exports-'));
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

async function startServer(): Promise<{ program: Running; url: string }> {
  const program = startProgram('src/main.ts', [], {
    BEAGLE_DATA: folder,
    BEAGLE_MODEL: TINY_MODEL,
    BEAGLE_DEVICE: 'cpu',
    BEAGLE_WORKERS: '1',
    PORT: '0',
  });
  running.push(program);
  return { program, url: (await program.line(/Beagle is ready: (\S+)\n/))[1]! };
}

async function ask(url: string, query: string) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ query }),
  });
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const { data, errors } = (await response.json()) as any;
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

test('a server killed amid an export: after a restart the file is finished, whole, by itself', async () => {
  const first = await startServer();
  const created = await ask(
    first.url,
    `mutation { createCampaign(input: { name: "a long list", discovery: {
      space: { mix: { components: [{ formula: "Fe" }, { formula: "Ni" }, { formula: "Co" }, { formula: "Cr" }, { formula: "Mn" }], step: 0.05 } }
      objectives: [{ property: BAND_GAP, goal: MAXIMIZE }, { property: DENSITY, goal: MINIMIZE }] } }) {
      ... on CampaignSuccess { campaign { id } } } }`,
  );
  const { id } = created.createCampaign.campaign;
  const campaign = `{ campaign(id: "${id}") { status } }`;
  while ((await ask(first.url, campaign)).campaign.status !== 'COMPLETED') await sleep(200);

  const begun = await ask(
    first.url,
    `mutation { exportCampaign(input: { campaignId: "${id}", format: JSONL }) { ... on ExportSuccess { export { id } } } }`,
  );
  const look = `{ node(id: "${begun.exportCampaign.export.id}") { ... on Export { status url rows bytes } } }`;
  await sleep(1_000);
  expect((await ask(first.url, look)).node).toEqual({ status: 'RUNNING', url: null, rows: null, bytes: null });
  first.program.child.kill('SIGKILL');
  await first.program.ended;
  running = [];

  const second = await startServer();
  let file = (await ask(second.url, look)).node;
  expect(file).toEqual({ status: 'RUNNING', url: null, rows: null, bytes: null });
  while (file.status === 'RUNNING') {
    await sleep(200);
    file = (await ask(second.url, look)).node;
  }
  expect(file.status).toBe('COMPLETED');
  const response = await fetch(file.url);
  const bytes = Buffer.from(await response.arrayBuffer());
  const digest = createHash('sha256').update(bytes).digest('base64');
  expect(response.headers.get('repr-digest')).toBe(`sha-256=:${digest}:`);
  expect(bytes.length).toBe(file.bytes);
  const lines = bytes.toString().trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { rank: number }).rank)).toEqual(
    Array.from({ length: 10_000 }, (_, i) => i + 1),
  );
}, 300_000);
