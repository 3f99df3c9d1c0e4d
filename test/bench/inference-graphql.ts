import type { DarwinPredictor, PredictorOptions } from '../../src/darwin';
import {
  atLeast,
  atMost,
  FORMULAS,
  LoopDelay,
  cpuOf,
  median,
  milliseconds,
  percent,
  perSecond,
  print,
  PROPERTIES,
  rate,
  requestsFor,
} from './inference-report';
import { unseen } from './inference-samples';
import { BenchServer, HttpClient } from './inference-server';
import type { BareSessions } from './inference-yardstick';

const ROWS = FORMULAS * PROPERTIES.length;
/** The batches of the server. */
const BATCH = 128;
const WARM_REPEATS = 5;

/** `compositions` over HTTP from another process: cold against the bare session, warm against constant resolvers. */
export async function measureGraphQL(options: PredictorOptions, bare: BareSessions, rounds: number): Promise<void> {
  const server = await BenchServer.start(options);
  const client = new HttpClient(server.url);
  try {
    await cold(server, client, bare, rounds);
    await warm(server, client, rounds);
    await probes(server, client, rounds);
  } finally {
    client.close();
    await server.close();
  }
}

const formulas = () => unseen(FORMULAS).map(({ input }) => input);

async function cold(server: BenchServer, client: HttpClient, bare: BareSessions, rounds: number): Promise<void> {
  const rates: number[] = [];
  const ratios: number[] = [];
  const cpuRatios: number[] = [];
  const delay = new LoopDelay();
  for (let round = -1; round < rounds; round++) {
    const sample = requestsFor(unseen(FORMULAS), PROPERTIES);
    const page = formulas();
    let bareMs = 0;
    let ms = 0;
    const bareCpu = await cpuOf(async () => (bareMs = await bare.time(sample, BATCH)));
    const ask = async () => ([ms] = (await client.page(page)).ms as [number]);
    const cpu = await cpuOf(() => (round < 0 ? ask() : delay.during(ask)));
    await settled(server);
    if (round < 0) continue; // warms up
    rates.push(rate(ROWS, ms));
    ratios.push(bareMs / ms);
    cpuRatios.push(cpu / bareCpu);
  }
  print(`GraphQL compositions, ${FORMULAS} unseen formulas × ${PROPERTIES.length}, HTTP`, perSecond(median(rates)));
  print(
    `  of the bare session at batch ${BATCH}, in the same round`,
    `${percent(median(ratios))} (rounds: ${ratios.map(percent).join(', ')})`,
    atLeast(median(ratios), 0.85, '%'),
  );
  print('  CPU time of the server process, of the bare session’s', percent(median(cpuRatios)));
  delay.print('  event-loop delay meanwhile');
}

/** Until what the answers left to do (stored predictions) is done. */
const settled = (server: BenchServer) =>
  new Promise<void>((resolve) => {
    let seen = -1;
    const look = () => {
      if (server.statements.length === seen) return resolve();
      seen = server.statements.length;
      setTimeout(look, 250);
    };
    look();
  });

async function warm(server: BenchServer, client: HttpClient, rounds: number): Promise<void> {
  const page = formulas();
  const { text, bytes } = await client.page(page);
  await settled(server);
  const [constantUrl, closeConstant] = await server.constantServer(text);
  const constantClient = new HttpClient(constantUrl);
  const { executionCount } = server.predictor.metrics();
  const ratios: number[] = [];
  const cpuRatios: number[] = [];
  const times: number[] = [];
  const statements: number[] = [];
  for (let round = -1; round < rounds; round++) {
    let constant = 0;
    let found = 0;
    const constantCpu = await cpuOf(async () => {
      constant = median((await constantClient.page(page, WARM_REPEATS)).ms);
    });
    const before = server.statements.length;
    const cpu = await cpuOf(async () => (found = median((await client.page(page, WARM_REPEATS)).ms)));
    if (round < 0) continue;
    statements.push((server.statements.length - before) / WARM_REPEATS);
    times.push(found);
    ratios.push(found / constant);
    cpuRatios.push(cpu / constantCpu);
  }
  constantClient.close();
  await closeConstant();
  const runs = server.predictor.metrics().executionCount - executionCount;
  print('GraphQL, the same again from the cache', `${milliseconds(median(times))}, ${Math.round(bytes / 1024)} kB`);
  print(
    '  time, of constant resolvers’',
    `${median(ratios).toFixed(2)} × (CPU time ${median(cpuRatios).toFixed(2)} ×)`,
    atMost(median(ratios), 2, '×'),
  );
  print('  model runs', String(runs), atMost(runs, 0));
  print('  SQL statements a query, allowances included', String(median(statements)), atMost(median(statements), 1));
}

/** A trivial query while 64 callers ask the model without a pause. */
async function probes(server: BenchServer, client: HttpClient, rounds: number): Promise<void> {
  const delay = new LoopDelay();
  let asking = true;
  const askers = Array.from({ length: 64 }, () => askOnAndOn(server.predictor, () => asking));
  await client.post('{ __typename }', {}, 10);
  const { ms } = await delay.during(() => client.post('{ __typename }', {}, 50 * rounds, 10));
  asking = false;
  await Promise.all(askers);
  print(
    '{ __typename } over HTTP while 64 ask the model, median',
    milliseconds(median(ms)),
    atMost(median(ms), 25, 'ms'),
  );
  delay.print('  event-loop delay meanwhile', 20);
}

async function askOnAndOn(predictor: DarwinPredictor, on: () => boolean): Promise<void> {
  while (on()) await predictor.predict([{ composition: unseen(1)[0]!, property: 'BAND_GAP' }]);
}
