import { BlockList } from 'node:net';
import { Router, type Request } from 'express';
import { Counter, Gauge, Registry, collectDefaultMetrics, type Histogram } from 'prom-client';
import { BATCH_SIZE_BUCKETS, type PredictorMetrics } from '../domain';
import { apiHeaders } from './security-headers';

/** Who may read `/metrics`: nobody, programs on this machine, everybody who reaches the server. */
export type MetricsAccess = 'off' | 'local' | 'on';

export interface MetricsSource {
  readonly model: { readonly id: string; readonly device: string };
  metrics(): PredictorMetrics;
}

/** `/metrics` in Prometheus' text format: the model's counters (docs/inference.md) and those of the Node process. */
export function metrics(source: MetricsSource, access: MetricsAccess): Router {
  const router = Router();
  if (access === 'off') return router;
  const registry = createRegistry(source);
  router.get('/metrics', apiHeaders, async (request, response, next) => {
    if (access === 'local' && !isLocal(request)) return next();
    const text = await registry.metrics();
    response.set('cache-control', 'no-store').type(registry.contentType).send(text);
  });
  return router;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** What a proxy on this machine passes on comes from anywhere; proxies that say so are believed. */
function isLocal({ socket: { remoteAddress }, headers }: Request): boolean {
  if (!remoteAddress || headers.forwarded || headers['x-forwarded-for'] || headers['x-real-ip'] || headers.via) {
    return false;
  }
  return loopback.check(remoteAddress, remoteAddress.includes(':') ? 'ipv6' : 'ipv4');
}

function createRegistry(source: MetricsSource): Registry {
  const { model } = source;
  const read = () => source.metrics();
  const registry = new Registry();
  const registers = [registry];
  // The event loop's delay, memory, garbage collection, file descriptors.
  collectDefaultMetrics({ register: registry });

  const counter = (name: string, help: string, value: (now: PredictorMetrics) => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(value(read()));
      },
    });
  counter('darwin_inferences_total', 'Rows answered by the model; cached answers are not.', (m) => m.inferenceCount);
  counter('darwin_executions_total', 'Runs of the graph, each one batch.', (m) => m.executionCount);
  counter('darwin_inference_queue_seconds_total', 'Waiting, summed over inferences.', (m) => m.queueMs / 1000);
  counter('darwin_execution_compute_seconds_total', 'In the session, summed over runs.', (m) => m.computeMs / 1000);
  counter('darwin_tokens_total', 'Tokens executed, padding included.', (m) => m.tokenCount);
  counter('darwin_padding_tokens_total', 'Padding among the tokens executed.', (m) => m.paddingCount);
  counter('darwin_shared_total', 'Rows answered by an identical one in flight.', (m) => m.sharedCount);
  counter('darwin_cache_hits_total', 'Rows answered by the prediction cache.', (m) => m.cacheHits);
  counter('darwin_cache_misses_total', 'Rows that the cache was asked for in vain.', (m) => m.cacheMisses);
  counter('darwin_retries_total', 'Rows tried again after their session was lost.', (m) => m.retryCount);

  new Counter({
    name: 'darwin_rejections_total',
    help: 'Rows without an answer, by reason.',
    labelNames: ['reason'],
    registers,
    collect() {
      this.reset();
      for (const [reason, rows] of Object.entries(read().rejections)) this.inc({ reason }, rows);
    },
  });
  new Gauge({
    name: 'darwin_queue_length',
    help: 'Rows waiting for a session now.',
    registers,
    collect() {
      this.set(read().queueLength);
    },
  });
  new Gauge({
    name: 'darwin_model_info',
    help: 'Always 1; the labels name the model and where it runs.',
    labelNames: ['model', 'device'],
    registers,
  }).set({ model: model.id, device: model.device }, 1);
  registry.registerMetric(batchRows(read) as unknown as Histogram);
  return registry;
}

/** A histogram that is kept elsewhere: prom-client's own class can only be fed one observation at a time. */
function batchRows(read: () => PredictorMetrics) {
  const name = 'darwin_batch_rows';
  return {
    name,
    async get() {
      const { batchSizes, inferenceCount, executionCount } = read();
      let below = 0;
      const buckets = BATCH_SIZE_BUCKETS.map((le, i) => ({
        metricName: `${name}_bucket`,
        labels: { le },
        value: (below += batchSizes[i]!),
      }));
      return {
        name,
        help: 'Rows of each run of the graph.',
        type: 'histogram',
        values: [
          ...buckets,
          { metricName: `${name}_bucket`, labels: { le: '+Inf' }, value: executionCount },
          { metricName: `${name}_sum`, labels: {}, value: inferenceCount },
          { metricName: `${name}_count`, labels: {}, value: executionCount },
        ],
      };
    },
  };
}
