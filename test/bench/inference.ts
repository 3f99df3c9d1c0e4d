/**
 * `npm run bench:inference`: what of the bare session's speed reaches the callers of the Predictor, in one run.
 *
 *   --model <folder>     default: the newest models/darwin-*
 *   --workers N --threads N   default: cores − 1 sessions of 1 thread
 *   --rounds N           default 5; every figure is the median of the rounds, which take turns
 *   --predictions N      of the memory check, default 1,000,000
 *   --memory-model <folder>   of the memory check; default: the small package of the tests, which takes minutes less for the same code
 *   --python <program>   for the peers; default: python3, and if that lacks scikit-learn /usr/bin/python3 (where Debian's packages are)
 *   --peers              only the peers, beside the bare session and the predictor
 */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { createPredictor, loadPackage, type DarwinPredictor, type ModelPackage } from '../../src/darwin';
import type { BeagleError } from '../../src/domain';
import { measureGraphQL } from './inference-graphql';
import { pythonWith, timePeers } from './inference-peers';
import {
  atLeast,
  atMost,
  cpuOf,
  FORMULAS,
  LoopDelay,
  median,
  percent,
  perSecond,
  print,
  PROPERTIES,
  rate,
  requestsFor,
  timed,
} from './inference-report';
import { unseen } from './inference-samples';
import { newestModel } from './newest-model';
import { BareSessions, memoryInputs } from './inference-yardstick';

const BATCHES = [1, 16, 64, 128, 256, 512] as const;
const CLIENTS = 64;
/** Predictions of one closed loop of all clients. */
const ASKS = 2000;

const { values: flags } = parseArgs({
  options: {
    model: { type: 'string' },
    workers: { type: 'string' },
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    predictions: { type: 'string', default: '1000000' },
    'memory-model': { type: 'string', default: path.resolve(__dirname, '../fixtures/models/darwin-tiny') },
    python: { type: 'string' },
    peers: { type: 'boolean', default: false },
  },
});
const folder = flags.model ?? newestModel();
const workers = Number(flags.workers ?? Math.max(1, availableParallelism() - 1));
const threads = Number(flags.threads);
const rounds = Number(flags.rounds);

/** Throughput against the bare session, both measured in turns. */
async function throughput(bare: BareSessions, predictor: DarwinPredictor): Promise<void> {
  const bareRates = new Map<number, number[]>(BATCHES.map((batch) => [batch, []]));
  const cold: number[] = [];
  const warm: number[] = [];
  const single: number[] = [];
  const batches: number[] = [];
  const concurrent: number[] = [];
  const cpu: number[] = [];
  const padding: number[] = [];
  const concurrentCpu: number[] = [];
  const bareAsAsked: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const sample = requestsFor(unseen(FORMULAS), PROPERTIES);
    const keep = (list: number[], value: number) => round >= 0 && list.push(value); // the first round warms up
    for (const batch of BATCHES) {
      const rows = batch === 1 ? sample.slice(0, 100) : sample; // it would take most of the benchmark's time
      keep(bareRates.get(batch)!, rate(rows.length, await bare.time(rows, batch)));
    }
    const bareCpu = await cpuOf(() => bare.time(sample, 256));
    const early = predictor.metrics();
    const predictorCpu = await cpuOf(async () => {
      keep(cold, rate(sample.length, await timed(() => predictor.predict(sample))));
    });
    const late = predictor.metrics();
    keep(padding, (late.paddingCount - early.paddingCount) / (late.tokenCount - early.tokenCount));
    keep(cpu, predictorCpu / bareCpu);
    keep(warm, rate(sample.length, await timed(() => predictor.predict(sample))));
    const one = requestsFor(unseen(FORMULAS), PROPERTIES.slice(0, 1));
    keep(single, rate(one.length, await timed(() => predictor.predict(one))));
    const before = predictor.metrics();
    const alone = requestsFor(unseen(ASKS), ['BAND_GAP']);
    const aloneCpu = await cpuOf(async () => {
      keep(bareAsAsked, rate(alone.length, await bare.time(alone, CLIENTS, 'as asked')));
    });
    const askedCpu = await cpuOf(async () => keep(concurrent, await closedLoop(predictor)));
    keep(concurrentCpu, askedCpu / aloneCpu);
    const after = predictor.metrics();
    keep(batches, (after.inferenceCount - before.inferenceCount) / (after.executionCount - before.executionCount));
  }
  for (const [batch, rates] of bareRates) print(`bare session, batch ${batch}`, perSecond(median(rates)));
  const bareMedians = new Map([...bareRates].map(([batch, rates]) => [batch, median(rates)]));
  const best = Math.max(...bareMedians.values());
  const ratios = cold.map((value, r) => value / Math.max(...[...bareRates.values()].map((rates) => rates[r]!)));
  print(`Predictor, ${FORMULAS} unseen formulas × ${PROPERTIES.length} properties`, perSecond(median(cold)));
  print(
    '  of the bare session at its best batch',
    `${percent(median(cold) / best)} (rounds: ${ratios.map(percent).join(', ')})`,
  );
  print('  CPU time of all threads, of the bare session’s at batch 256', percent(median(cpu)));
  print('  padding', percent(median(padding)), atMost(median(padding), 0.1, '%'));
  print('  a second property adds', percent((2 * median(single)) / median(cold) - 1) + ' of the first one’s time');
  print('Predictor, the same again from the cache', perSecond(median(warm)));
  print(`Predictor, ${CLIENTS} concurrent single asks`, perSecond(median(concurrent)));
  const ofBare = median(concurrent.map((value, r) => value / bareAsAsked[r]!));
  print('  of the bare session at batch 64, rows as asked', percent(ofBare), atLeast(ofBare, 0.8, '%'));
  print('  CPU time of all threads, of the bare session’s at batch 64', percent(median(concurrentCpu)));
  print('  mean batch', median(batches).toFixed(1), atLeast(median(batches), 16));
}

/** Clients that each ask one prediction after the other. */
async function closedLoop(predictor: DarwinPredictor): Promise<number> {
  const compositions = unseen(ASKS);
  let next = 0;
  const client = async () => {
    while (next < compositions.length) {
      await predictor.predict([{ composition: compositions[next++]!, property: 'BAND_GAP' }]);
    }
  };
  return rate(compositions.length, await timed(() => Promise.all(Array.from({ length: CLIENTS }, client))));
}

async function eventLoop(predictor: DarwinPredictor): Promise<void> {
  const delay = new LoopDelay();
  for (let round = 0; round < rounds; round++) await delay.during(() => closedLoop(predictor));
  delay.print(`event-loop delay with ${CLIENTS} askers`, 20);
}

/** Medians of tenths of the run: garbage comes and goes, growth stays. */
async function memory(total: number): Promise<void> {
  const predictor = await createPredictor({ folder: flags['memory-model'], device: 'cpu', workers, threads });
  const chunk = 5000;
  const rss: number[] = [];
  const handles = () => process.getActiveResourcesInfo().length;
  let handlesEarly = 0;
  for (let done = 0; done < total; done += chunk) {
    await predictor.predict(requestsFor(unseen(chunk), ['BAND_GAP']));
    rss.push(process.memoryUsage().rss / 2 ** 20);
    if (rss.length === 10) handlesEarly = handles();
  }
  const tenth = Math.ceil(rss.length / 10);
  const [, first = NaN, ...later] = Array.from({ length: 10 }, (_, t) => median(rss.slice(t * tenth, (t + 1) * tenth)));
  const growth = Math.max(...later) / first - 1;
  print(
    `resident memory over ${total.toLocaleString('en')} predictions (${predictor.model.id})`,
    `${Math.round(first)} MB in the second tenth, later at most ${Math.round(Math.max(...later))} MB, ${Math.round(later.at(-1)!)} MB in the last (medians; peak ${Math.round(Math.max(...rss))} MB)`,
    atMost(growth, 0.15, '%'),
  );
  print('  open handles after 50,000 predictions and at the end', `${handlesEarly}, ${handles()}`);
  await predictor.close();
}

async function overload(): Promise<void> {
  const predictor = await createPredictor({ folder, device: 'cpu', workers, threads, batching: { maxQueue: 2000 } });
  const compositions = unseen(4000);
  const pending = compositions.map((composition) => predictor.predict([{ composition, property: 'BAND_GAP' }]));
  await new Promise((resolve) => setImmediate(resolve));
  const start = performance.now();
  const [refusal] = await predictor.predict([{ composition: unseen(1)[0]!, property: 'BAND_GAP' }]);
  const ms = performance.now() - start;
  const results = (await Promise.all(pending)).flat();
  const refused = results.filter((result) => (result as BeagleError).code === 'MODEL_OVERLOADED').length;
  const [after] = await predictor.predict([{ composition: unseen(1)[0]!, property: 'BAND_GAP' }]);
  print(
    'a full queue answers',
    `${(refusal as BeagleError).code} after ${ms.toFixed(1)} ms; ${results.length - refused} answered, ${refused} refused, then ${after instanceof Error ? after.message : 'it answers again'}`,
    atMost(ms, 50, 'ms'),
  );
  await predictor.close();
}

async function killedWorker(): Promise<void> {
  const threadsSeen: Worker[] = [];
  const predictor = await createPredictor({
    folder,
    device: 'cpu',
    workers,
    threads,
    onWorker: (w) => threadsSeen.push(w),
  });
  const pending = predictor.predict(requestsFor(unseen(2000), ['BAND_GAP']));
  while (predictor.metrics().executionCount === 0) await new Promise((resolve) => setImmediate(resolve));
  void threadsSeen[0]!.terminate();
  const results = await pending;
  const failed = results.filter((result) => result instanceof Error).length;
  print(
    'a worker killed in its batch',
    `${results.length - failed} of ${results.length} answered, ${predictor.metrics().retryCount} rows retried`,
    atLeast(results.length - failed, results.length),
  );
  await predictor.close();
}

/** What people would use instead; ExtraTrees is fitted to as many rows as the band gap was learnt from. */
async function peers(pack: ModelPackage, bare: BareSessions, predictor: DarwinPredictor): Promise<void> {
  const property = 'BAND_GAP';
  const index = pack.manifest.properties.findIndex(({ key }) => key === property);
  const requests = requestsFor(unseen(FORMULAS), [property]);
  const results = await predictor.predict(requestsFor(unseen(2871), [property]), { priority: 'campaign' });
  const found = await timePeers({
    python: flags.python ?? pythonWith('sklearn'),
    graphPath: pack.graphPath,
    run: bare.runsOf(requests, 256)[0]!,
    memory: memoryInputs(pack)[index]!,
    train: results.flatMap((result) =>
      result instanceof Error ? [] : [{ composition: result.request.composition, value: result.distribution.value }],
    ),
    test: requests.map(({ composition }) => composition),
  });
  await bare.time(requests, 256); // warms up
  const own: number[] = [];
  for (let round = 0; round < 3; round++) own.push(rate(requests.length, await bare.time(requests, 256)));
  print('bare session, batch 256, the rows of the peers', perSecond(median(own)));
  for (const { peer, rowsPerSecond, absent } of found) {
    print(`peer: ${peer}`, rowsPerSecond === undefined ? `not here (${absent})` : perSecond(rowsPerSecond));
  }
}

async function main(): Promise<void> {
  const pack = await loadPackage(folder);
  console.log(`${pack.id}, ${workers} session(s) of ${threads} thread(s), ${rounds} rounds, Node ${process.version}\n`);
  const bare = await BareSessions.start(pack, workers, threads);
  const predictor = await createPredictor({ folder, device: 'cpu', workers, threads });
  if (flags.peers) {
    await peers(pack, bare, predictor);
    await Promise.all([bare.close(), predictor.close()]);
    return;
  }
  await throughput(bare, predictor);
  await peers(pack, bare, predictor);
  await measureGraphQL({ folder, device: 'cpu', workers, threads }, bare, rounds);
  await bare.close();
  await eventLoop(predictor);
  await predictor.close();
  await memory(Number(flags.predictions));
  await overload();
  await killedWorker();
}

void main();
