import type { ModelInfo, PredictionStore } from '../domain';
import { Batcher, BATCHER_DEFAULTS, type BatcherOptions } from './batcher';
import { PredictionCache } from './cache';
import { isNumeric, type MemoryTensor } from './manifest';
import { MetricsRecorder } from './metrics';
import { loadPackage, type ModelPackage } from './package';
import { DarwinPredictor, modelProperties } from './predictor';
import { OpenInferenceRuntime, type EndpointOptions, type OpenInferenceOptions } from './remote/open-inference';
import type { ModelRuntime } from './runtime';
import { SessionPool, type SessionPoolOptions } from './session/pool';
import { Tokenizer } from './tokenizer';
import { TrainingIndex } from './training-index';

export interface PredictorOptions {
  /** A model package, for example `models/darwin-0.3.1`. */
  readonly folder: string;
  /** `auto` (CUDA if it works, otherwise the CPU), `cpu`, `cuda` or `cuda:N`. */
  readonly device?: string;
  /** A server that runs the package's graph elsewhere; there are no sessions in this process then. */
  readonly endpoint?: EndpointOptions;
  /** Session workers; default on a CPU: cores − 1, at least 1; on a GPU: 1. Runs under way at an endpoint: 4. */
  readonly workers?: number;
  /** Intra-op threads of each session, default 1. */
  readonly threads?: number;
  readonly batching?: Partial<BatcherOptions>;
  /** Answers kept in the process, default 50,000. */
  readonly cacheEntries?: number;
  /** Answers that outlive the process; without it the cache is the process's own. */
  readonly store?: PredictionStore;
  /** What an operator should know: a missing GPU, a worker that died. */
  readonly log?: (message: string) => void;
  /** Told of every session worker that starts. */
  readonly onWorker?: SessionPoolOptions['onWorker'];
}

const TRAINING_FILE = 'training-compositions.tsv.gz';

/**
 * Loads a model package, starts its sessions and answers predictions until it is closed.
 *
 * @throws ModelPackageError if a file is missing or is not what the manifest says
 * @throws Error with the reason if `device` is a GPU that cannot be used
 */
export async function createPredictor(options: PredictorOptions): Promise<DarwinPredictor> {
  const { log = () => undefined } = options;
  const pack = await loadPackage(options.folder);
  const { manifest } = pack;
  const tokenizer = new Tokenizer(manifest.vocabulary);
  const properties = await modelProperties(pack, tokenizer);
  const instructions = manifest.properties.map((property) => property.promptTokens);
  const runtime = await startRuntime(options, pack, tokenizer.require('[ANSWER]'));
  const metrics = new MetricsRecorder();
  const batching = { ...BATCHER_DEFAULTS, ...options.batching };
  return new DarwinPredictor({
    model: modelInfo(pack, runtime.device),
    batcher: new Batcher(runtime, instructions, batching, metrics),
    cache: new PredictionCache({
      modelId: pack.id,
      entries: options.cacheEntries ?? 50_000,
      store: options.store,
      log,
    }),
    metrics,
    chunkRows: Math.max(1, Math.min(2048, Math.floor(batching.maxQueue / 4))),
    properties,
    training: new TrainingIndex(Object.hasOwn(manifest.files, TRAINING_FILE) ? pack.resolve(TRAINING_FILE) : null),
    close: () => runtime.close(),
  });
}

/** Sessions in this process, or a server that was named. */
function startRuntime(options: PredictorOptions, pack: ModelPackage, answerToken: number): Promise<ModelRuntime> {
  const { endpoint, workers, log = () => undefined } = options;
  const memory = memoryInputs(pack);
  const device = parseDevice(options.device ?? 'auto');
  if (endpoint) return connect(endpoint, pack, { memory, concurrency: workers ?? 4, log });
  const row = { tokens: [answerToken], numbers: [0] };
  return SessionPool.start({
    graphPath: pack.graphPath,
    memory,
    device,
    workers,
    threads: options.threads ?? 1,
    warmUp: { property: 0, instruction: pack.manifest.properties[0]!.promptTokens, rows: [row] },
    log,
    onWorker: options.onWorker,
  });
}

/** Golden rows that an endpoint is asked for: a few, far apart, so of different properties. */
const PROBES = 4;

async function connect(
  endpoint: EndpointOptions,
  pack: ModelPackage,
  options: Pick<OpenInferenceOptions, 'memory' | 'concurrency' | 'log'>,
): Promise<ModelRuntime> {
  const { properties, graph } = pack.manifest;
  const golden = await pack.goldenRows();
  const step = Math.max(1, Math.floor(golden.length / PROBES));
  const probes = golden
    .filter((_, i) => i % step === 0)
    .map(({ property: key, tokens, numbers, probabilities }) => {
      const property = properties.findIndex((one) => one.key === key);
      return {
        run: { property, instruction: properties[property]!.promptTokens, rows: [{ tokens, numbers }] },
        probabilities,
      };
    });
  return OpenInferenceRuntime.connect({ ...endpoint, ...options, bins: graph.bins, probes });
}

/** @throws Error naming what is expected. */
export function parseDevice(text: string): SessionPoolOptions['device'] {
  if (text === 'auto' || text === 'cpu') return text;
  const cuda = /^cuda(?::(\d{1,2}))?$/.exec(text);
  if (!cuda) throw new Error(`device "${text}" is not known: expected auto, cpu, cuda or cuda:N`);
  return `cuda:${Number(cuda[1] ?? 0)}`;
}

function memoryInputs({ manifest, resolve }: ModelPackage): SessionPoolOptions['memory'] {
  return manifest.properties.map((property) =>
    manifest.graph.memoryInputs.map(({ name, type }) => {
      const { file, shape, offset } = property.memory![name] as MemoryTensor;
      return { name, type, shape, offset, path: resolve(file) };
    }),
  );
}

function modelInfo({ id, manifest, graphSha256 }: ModelPackage, device: string): ModelInfo {
  return {
    id,
    name: manifest.name,
    version: manifest.version,
    sha256: graphSha256,
    parameters: manifest.parameters,
    trainedAt: manifest.trainedAt ? new Date(manifest.trainedAt) : null,
    device,
    properties: manifest.properties.map(({ key, conditions, evaluation, desirability }) => ({
      key,
      conditions: conditions.map((condition) => ({
        name: condition.name,
        unit: isNumeric(condition) ? (condition.unit ?? null) : null,
        default: condition.default,
        min: isNumeric(condition) ? condition.min : null,
        max: isNumeric(condition) ? condition.max : null,
        values: isNumeric(condition) ? null : condition.values.map((value) => value.name),
      })),
      evaluation: evaluation ? { ...evaluation, intervalCoverage90: evaluation.intervalCoverage90 ?? null } : null,
      desirability,
    })),
  };
}
