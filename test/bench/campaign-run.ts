import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { DiscoverInput } from '../../src/domain';
import { startProgram, type Running } from '../e2e/process';

// Each poll is a request and its statements, which the machine has to do beside the campaign.
const POLL_MS = 250;

export interface CampaignRun {
  readonly id: string;
  /** From the request until the last candidate was scored, and until the final ranking. */
  readonly scoredMs: number;
  readonly completedMs: number;
  /** Of server and workers together, the peak, bytes. */
  readonly residentBytes: number;
  readonly events: number;
  /** By how much a subscriber was told later than a poll could see it, at most, ms; 0 without subscribers. */
  readonly behindMs: number;
}

export interface Paused {
  /** From the request to pause until the last candidates of chunks that were under way, ms; 0 if none came. */
  readonly lastMs: number;
  /** Those candidates. */
  readonly after: number;
  /** From the request to resume until more were seen, ms. */
  readonly resumedMs: number;
}

/** How far a campaign was, and when that was seen. */
interface Sight {
  readonly done: number;
  readonly at: number;
}

/** A server with a database of its own, and as many `npm run worker` beside it as are started. */
export class CampaignBench {
  private readonly programs: Running[] = [];
  /** Of the servers. */
  private readonly urls: string[] = [];

  private constructor(
    private readonly folder: string,
    private readonly environment: Record<string, string>,
  ) {}

  static async start(more: Record<string, string>): Promise<CampaignBench> {
    const folder = await mkdtemp(join(tmpdir(), 'beagle-bench-campaign-'));
    await chmod(folder, 0o755);
    const bench = new CampaignBench(folder, { BEAGLE_DATA: folder, PORT: '0', ...more });
    await bench.startServer();
    return bench;
  }

  async startServer(): Promise<void> {
    const server = startProgram('src/main.ts', [], this.environment);
    this.programs.push(server);
    this.urls.push((await server.line(/Beagle is ready: (\S+)\n/))[1]!);
  }

  async startWorker(): Promise<void> {
    const worker = startProgram('src/cli/worker.ts', [], this.environment);
    this.programs.push(worker);
    await worker.line(/Works on campaigns/);
  }

  /** @param url of the first server, if not given */
  async ask(query: string, variables: object, url = this.urls[0]) {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    const { data, errors } = (await response.json()) as any;
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  /**
   * With several servers, subscribers are the first one's and polls are answered by the last.
   *
   * @param subscribers of its progress, from the beginning until its end; each with a connection of its own
   */
  async run(discovery: DiscoverInput, subscribers = 0): Promise<CampaignRun> {
    const id = await this.create(discovery);
    const watched = this.subscribe(id, subscribers);
    await watched.connected;
    const began = performance.now();
    await this.ask('mutation ($id: ID!) { startCampaign(id: $id) { __typename } }', { id });
    const polled: Sight[] = [];
    let residentBytes = 0;
    let scoredMs = 0;
    for (let status = ''; status !== 'COMPLETED';) {
      await sleep(POLL_MS);
      const { progress, error } = await this.look(id);
      status = progress.status;
      if (progress.done !== polled.at(-1)?.done) polled.push({ done: progress.done, at: performance.now() });
      if (status === 'FAILED') throw new Error(`the campaign failed: ${error}`);
      if (progress.done === progress.total && scoredMs === 0) scoredMs = performance.now() - began;
      residentBytes = Math.max(residentBytes, await this.resident());
      if (process.stderr.isTTY) process.stderr.write(`\r${progress.done} of ${progress.total} `);
    }
    if (process.stderr.isTTY) process.stderr.write('\r');
    const completedMs = performance.now() - began;
    const told = await watched.told;
    return { id, scoredMs, completedMs, residentBytes, events: told.flat().length, behindMs: behind(polled, told) };
  }

  /**
   * A campaign that is paused once it has begun, and resumed when it has stood still for `still` ms. What it does after the request
   * to pause is the end of chunks that were under way.
   */
  async pause(discovery: DiscoverInput, still: number): Promise<Paused> {
    const id = await this.create(discovery);
    const tell = (field: string) => this.ask(`mutation ($id: ID!) { ${field}(id: $id) { __typename } }`, { id });
    await tell('startCampaign');
    while ((await this.look(id)).progress.done === 0) await sleep(POLL_MS);
    const asked = performance.now();
    await tell('pauseCampaign');
    const { done } = (await this.look(id)).progress;
    let seen: number = done;
    let lastMs = 0;
    while (performance.now() - asked - lastMs < still) {
      await sleep(POLL_MS);
      const now = (await this.look(id)).progress.done;
      if (now !== seen) [seen, lastMs] = [now, performance.now() - asked];
    }
    await tell('resumeCampaign');
    const resumed = performance.now();
    while ((await this.look(id)).progress.done === seen) await sleep(POLL_MS);
    const resumedMs = performance.now() - resumed;
    await tell('cancelCampaign');
    return { lastMs, after: seen - done, resumedMs };
  }

  async stop(): Promise<void> {
    for (const { child, ended } of this.programs.reverse()) {
      child.kill('SIGTERM');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private async create(discovery: DiscoverInput): Promise<string> {
    const query = `mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) {
      ... on CampaignSuccess { campaign { id } } ... on ValidationError { message } } }`;
    const { createCampaign } = await this.ask(query, { input: { name: 'bench', discovery, start: false } });
    if (createCampaign.message) throw new Error(createCampaign.message);
    return createCampaign.campaign.id;
  }

  private async look(id: string) {
    const query = 'query ($id: ID!) { campaign(id: $id) { error progress { status done total } } }';
    return (await this.ask(query, { id }, this.urls.at(-1))).campaign;
  }

  private subscribe(id: string, count: number) {
    const query =
      'subscription ($id: ID!) { campaignProgress(id: $id) { status done total ratePerSecond etaSeconds } }';
    const clients = Array.from({ length: count }, () => {
      const client = createClient({ url: `${this.urls[0]!.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
      let begun = (): void => undefined;
      const first = new Promise<void>((resolve) => (begun = resolve));
      const seen: Sight[] = [];
      const last = (async () => {
        for await (const { data, errors } of client.iterate<Told>({ query, variables: { id } })) {
          if (errors) throw new Error(JSON.stringify(errors));
          seen.push({ done: data!.campaignProgress.done, at: performance.now() });
          begun();
        }
        await client.dispose();
        return seen;
      })();
      return { first: Promise.race([first, last]), last };
    });
    return {
      connected: Promise.all(clients.map(({ first }) => first)),
      told: Promise.all(clients.map(({ last }) => last)),
    };
  }

  private async resident(): Promise<number> {
    const bytes = await Promise.all(
      this.programs.map(async ({ child }) => {
        const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
        return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? NaN) * 1024;
      }),
    );
    return bytes.reduce((sum, one) => sum + one, 0);
  }
}

interface Told extends Record<string, unknown> {
  readonly campaignProgress: { readonly done: number };
}

/** The longest that a subscriber waited for what a poll had seen. */
function behind(polled: readonly Sight[], told: readonly (readonly Sight[])[]): number {
  const waits = told.flatMap((seen) =>
    polled.map(({ done, at }) => (seen.find((event) => event.done >= done)?.at ?? Infinity) - at),
  );
  return waits.reduce((longest, wait) => Math.max(longest, wait), 0);
}
