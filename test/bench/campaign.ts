/**
 * `npm run bench:campaign`: a campaign over HTTP on a server of its own, beside what its Predictor alone does and what one query finds.
 * Prints candidates a second, the share of the Predictor's own rate, resident memory, and whether both lists are the same.
 *
 *   --step X      grid of the six-component alloy; 0.025 (default) makes 1,221,759 candidates, 0.1 makes 3,003
 *   --model PATH  another model package than the shipped one
 *   --workers N   processes of `npm run worker` beside the server, default 0
 */
import { mkdtemp, chmod, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readConfig } from '../../src/config';
import { campaignPlan } from '../../src/campaigns/plans';
import type { DiscoverInput, KnownCompositions } from '../../src/domain';
import { openPredictor } from '../../src/services';
import { startProgram, type Running } from '../e2e/process';

const { values } = parseArgs({
  options: {
    step: { type: 'string', default: '0.025' },
    model: { type: 'string' },
    workers: { type: 'string', default: '0' },
  },
});
const OBJECTIVES = [
  { property: 'BAND_GAP', goal: 'MAXIMIZE' },
  { property: 'DENSITY', goal: 'MINIMIZE' },
];
const ALLOY = ['Fe', 'Ni', 'Co', 'Cr', 'Mn', 'Al'].map((formula) => ({ formula }));
const INPUT: DiscoverInput = {
  space: { mix: { components: ALLOY, step: Number(values.step) } },
  objectives: OBJECTIVES,
  maxCandidates: 10_000_000,
};
/** What one query may look through. */
const QUERY_CEILING = 1_000_000;
const YARDSTICK = 8_192;

/** Candidates a second that the Predictor does with nothing around it. */
async function predictorRate(environment: Record<string, string>): Promise<{ rate: number; total: number }> {
  const predictor = await openPredictor(readConfig({ ...process.env, ...environment }));
  const plan = campaignPlan(INPUT, { predictor, known: {} as KnownCompositions });
  const count = Math.min(YARDSTICK, plan.size);
  const compositions = Array.from({ length: count }, (_, i) => plan.space.at(Math.floor((i * plan.size) / count)));
  const pass = async (from: number, to: number): Promise<void> => {
    await Promise.all(
      plan.channels.list.map((channel) =>
        predictor.predict(
          compositions.slice(from, to).map((composition) => ({ composition, ...channel })),
          { priority: 'campaign' },
        ),
      ),
    );
  };
  await pass(0, 256);
  const began = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let from = next; from < count; from = next) await pass(from, (next = from + 1024));
  };
  await Promise.all([lane(), lane()]);
  const rate = count / ((performance.now() - began) / 1000);
  await predictor.close();
  return { rate, total: plan.size };
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? NaN) * 1024;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'beagle-bench-campaign-'));
  await chmod(folder, 0o755);
  const environment = {
    BEAGLE_DATA: folder,
    PORT: '0',
    BEAGLE_OPERATION_TIMEOUT_MS: '3600000',
    ...(values.model !== undefined && { BEAGLE_MODEL: values.model }),
  };
  const alone = await predictorRate(environment);
  const programs: Running[] = [startProgram('src/main.ts', [], environment)];
  try {
    const url = (await programs[0]!.line(/Beagle is ready: (\S+)\n/))[1]!;
    for (let i = 0; i < Number(values.workers); i++) {
      const worker = startProgram('src/cli/worker.ts', [], environment);
      programs.push(worker);
      await worker.line(/Works on campaigns/);
    }
    const ask = async (query: string, variables: object) => {
      const body = JSON.stringify({ query, variables });
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      // eslint-disable-next-line @typescript-eslint/no-explicit-any
      const { data, errors } = (await response.json()) as any;
      if (errors) throw new Error(JSON.stringify(errors));
      return data;
    };
    const page = 'totalCount summary { paretoFrontSize } nodes { composition { formula } }';
    const began = performance.now();
    const created = await ask(
      'mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { ... on CampaignSuccess { campaign { id } } } }',
      { input: { name: 'bench', discovery: INPUT } },
    );
    const { id } = created.createCampaign.campaign;
    let peak = 0;
    let scored = 0;
    for (let status = ''; status !== 'COMPLETED';) {
      await sleep(500);
      const { progress } = (
        await ask('query ($id: ID!) { campaign(id: $id) { progress { status done total } } }', { id })
      ).campaign;
      status = progress.status;
      if (progress.done === progress.total && scored === 0) scored = performance.now() - began;
      const memory = await Promise.all(programs.map(({ child }) => residentBytes(child.pid!)));
      peak = Math.max(
        peak,
        memory.reduce((sum, bytes) => sum + bytes, 0),
      );
      if (status === 'FAILED') throw new Error('the campaign failed');
      if (process.stderr.isTTY) process.stderr.write(`\r${progress.done} of ${progress.total} `);
    }
    const elapsed = performance.now() - began;
    const rate = alone.total / (scored / 1000);
    // On a machine that does other things too, the better of before and after is nearer to what it can do.
    const yardstick = Math.max(alone.rate, (await predictorRate(environment)).rate);
    console.log(`\n${alone.total} candidates, ${OBJECTIVES.length} objectives, ${programs.length} process(es)`);
    console.log(`the Predictor alone     ${yardstick.toFixed(0)} candidates/s`);
    console.log(`the campaign            ${rate.toFixed(0)} candidates/s: ${(rate / yardstick).toFixed(2)} of it`);
    console.log(`ranking and the rest    ${((elapsed - scored) / 1000).toFixed(1)} s`);
    console.log(`resident memory, peak   ${(peak / 2 ** 20).toFixed(0)} MiB`);
    const { campaign } = await ask(`query ($id: ID!) { campaign(id: $id) { results(first: 100) { ${page} } } }`, {
      id,
    });
    if (alone.total > QUERY_CEILING) return console.log('too large for one query to compare with');
    const { discover } = await ask(
      `query ($input: DiscoverInput!) { discover(input: $input, first: 100) { ${page} } }`,
      {
        input: { ...INPUT, maxCandidates: QUERY_CEILING },
      },
    );
    console.log(`the same as one query   ${JSON.stringify(campaign.results) === JSON.stringify(discover)}`);
  } finally {
    for (const { child, ended } of programs) {
      child.kill('SIGTERM');
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
