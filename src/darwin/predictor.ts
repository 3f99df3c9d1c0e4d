import type { Span } from '@opentelemetry/api';
import type { KeyIndex } from '../chemistry';
import {
  BeagleError,
  type Evidence,
  type EvidenceSource,
  type ModelInfo,
  type PredictionRequest,
  type PredictionResult,
  type PredictOptions,
  type Predictor,
  type PropertyKey,
} from '../domain';
import type { RowAnswer } from './answer';
import type { Batcher, BatchItem } from './batcher';
import type { CachedAnswer, CacheKey, ComputedAnswer, PredictionCache, Reading } from './cache';
import { distributionReader, type DistributionReader } from './distribution';
import { evidenceOf } from './evidence';
import type { MetricsRecorder, PredictorMetrics } from './metrics';
import { PropertyPrompt, type ResolvedConditions } from './prompt';
import type { ModelPackage } from './package';
import type { Tokenizer } from './tokenizer';
import { traced } from './tracing';
import type { TrainingIndex } from './training-index';

interface ModelProperty {
  readonly index: number;
  readonly prompt: PropertyPrompt;
  readonly reader: DistributionReader;
  readonly perAtom: boolean;
  readonly memoryFormulas: readonly string[];
}

interface PreparedRequest {
  readonly request: PredictionRequest;
  readonly property: ModelProperty;
  readonly conditions: ResolvedConditions;
  readonly key: CacheKey;
}

/** What `DarwinPredictor` is made of. */
export interface PredictorParts {
  readonly model: ModelInfo;
  readonly batcher: Batcher;
  readonly cache: PredictionCache;
  readonly metrics: MetricsRecorder;
  readonly properties: ReadonlyMap<PropertyKey, ModelProperty>;
  readonly training: TrainingIndex;
  /** Rows of one ask of the batcher; two are under way at a time, so that a large caller never fills the queue. */
  readonly chunkRows: number;
  readonly close: () => Promise<void>;
}

export async function modelProperties(
  pack: ModelPackage,
  tokenizer: Tokenizer,
): Promise<ReadonlyMap<PropertyKey, ModelProperty>> {
  const entries = pack.manifest.properties.map(async (property, index) => {
    const modelProperty: ModelProperty = {
      index,
      prompt: new PropertyPrompt(property, tokenizer),
      reader: distributionReader(property),
      perAtom: property.perAtom,
      memoryFormulas: await pack.memoryFormulas(property),
    };
    return [property.key, modelProperty] as const;
  });
  return new Map(await Promise.all(entries));
}

/** Darwin behind the ports: prompts, cache, batches, distributions, evidence. */
export class DarwinPredictor implements Predictor, EvidenceSource {
  constructor(private readonly parts: PredictorParts) {}

  get model(): ModelInfo {
    return this.parts.model;
  }

  predict(
    requests: readonly PredictionRequest[],
    options: PredictOptions = {},
  ): Promise<readonly (PredictionResult | Error)[]> {
    return traced('darwin.predict', { 'darwin.predictions': requests.length }, (span) =>
      this.answer(requests, options, span),
    );
  }

  private async answer(
    requests: readonly PredictionRequest[],
    options: PredictOptions,
    span: Span,
  ): Promise<readonly (PredictionResult | Error)[]> {
    const results: (PredictionResult | Error)[] = requests.map(() => NEVER_ANSWERED);
    const prepared: { at: number; ask: PreparedRequest }[] = [];
    requests.forEach((request, at) => {
      try {
        prepared.push({ at, ask: this.prepare(request) });
      } catch (error) {
        results[at] = error as Error;
      }
    });
    // A campaign's candidates are read once, by it: they would only push out what people look at.
    const useCache = options.priority !== 'campaign';
    const cached = useCache ? await this.lookUp(prepared.map(({ ask }) => ask.key)) : [];
    const missing: typeof prepared = [];
    prepared.forEach((entry, i) => {
      const hit = cached[i];
      if (hit) results[entry.at] = attempt(() => this.result(entry.ask, hit, true));
      else missing.push(entry);
    });
    span.setAttribute('darwin.cached', prepared.length - missing.length);
    const answers = await this.compute(missing, results, options);
    if (useCache || options.keep) this.parts.cache.put(answers, { onlyStored: !useCache });
    return results;
  }

  /** Whether the model was trained on a value of this property for this composition. */
  async inTrainingData(compositionKey: string, property: PropertyKey): Promise<boolean> {
    const known = this.parts.properties.get(property);
    return known !== undefined && (await this.parts.training.has(compositionKey, known.index));
  }

  /** Why to trust each of these; order kept. The first one of a property waits for the index. */
  evidenceOf(predictions: readonly PredictionResult[]): Promise<Evidence[]> {
    return evidenceOf(predictions, this.parts.training, (property) => this.property(property).index);
  }

  /** All compositions that any property was trained on. */
  trainingCompositions(): Promise<KeyIndex> {
    return this.parts.training.compositions();
  }

  /** How answers under default conditions are stored (PredictionKey.variant); null for a property that it does not predict. */
  storedAs(key: PropertyKey): { readonly variant: string; readonly perFormulaUnit: boolean } | null {
    const property = this.parts.properties.get(key);
    return property ? { variant: property.prompt.conditions(undefined).key, perFormulaUnit: property.perAtom } : null;
  }

  /** Resolves when every answer given so far is in the store, or could not be written. */
  flush(): Promise<void> {
    return this.parts.cache.flush();
  }

  metrics(): PredictorMetrics {
    return this.parts.metrics.snapshot(this.parts.batcher.queueLength);
  }

  /** Writes what the cache still holds, then ends the sessions. */
  async close(): Promise<void> {
    await this.parts.cache.flush();
    await this.parts.close();
  }

  private property(key: PropertyKey): ModelProperty {
    const property = this.parts.properties.get(key);
    if (property) return property;
    throw new BeagleError('BAD_USER_INPUT', `${this.model.id} does not predict ${key}`, [
      { path: ['property'], message: `${key} is not among the properties of ${this.model.id}` },
    ]);
  }

  private prepare(request: PredictionRequest): PreparedRequest {
    const { composition } = request;
    const property = this.property(request.property);
    const conditions = property.prompt.conditions(request.conditions);
    const variant = property.perAtom ? `${conditions.key};atoms=${composition.atoms}` : conditions.key;
    const key = { compositionKey: composition.key, property: request.property, variant, columns: property.reader.size };
    return { request, property, conditions, key };
  }

  private async lookUp(keys: readonly CacheKey[]): Promise<(CachedAnswer | null)[]> {
    const found = await this.parts.cache.getMany(keys);
    const hits = found.filter((entry) => entry !== null).length;
    this.parts.metrics.cacheHits += hits;
    this.parts.metrics.cacheMisses += keys.length - hits;
    return found;
  }

  /** Runs the model for what is missing, fills `results`, returns what is worth keeping. */
  private async compute(
    missing: readonly { at: number; ask: PreparedRequest }[],
    results: (PredictionResult | Error)[],
    options: PredictOptions,
  ): Promise<ComputedAnswer[]> {
    const asked: (typeof missing)[number][] = [];
    const items: BatchItem[] = [];
    for (const entry of missing) {
      const { request, property, conditions, key } = entry.ask;
      try {
        const row = property.prompt.row(request.composition, conditions);
        items.push({ key: `${key.property} ${key.compositionKey} ${key.variant}`, property: property.index, row });
        asked.push(entry);
      } catch (error) {
        results[entry.at] = error as Error;
      }
    }
    const answers = await this.askInChunks(items, options);
    const computedAt = new Date();
    const computed: ComputedAnswer[] = [];
    asked.forEach(({ at, ask }, i) => {
      const answer = answers[i]!;
      const result = answer instanceof Error ? answer : attempt(() => this.result(ask, { answer, computedAt }, false));
      results[at] = result;
      if (answer instanceof Error || result instanceof Error) return;
      const { value, standardDeviation } = result.distribution;
      computed.push({ key: ask.key, answer: trimmed(answer, ask.key.columns), computedAt, value, standardDeviation });
    });
    return computed;
  }

  private async askInChunks(items: readonly BatchItem[], options: PredictOptions): Promise<(RowAnswer | Error)[]> {
    const answers = new Array<RowAnswer | Error>(items.length);
    const { chunkRows } = this.parts;
    let next = 0;
    const lane = async () => {
      while (next < items.length) {
        const start = next;
        next += chunkRows;
        const chunk = items.slice(start, start + chunkRows);
        const found = await this.parts.batcher.ask(chunk, options).catch((error: unknown) => {
          if (error instanceof BeagleError) return chunk.map(() => error);
          throw error;
        });
        found.forEach((answer, i) => (answers[start + i] = answer));
      }
    };
    await Promise.all([lane(), lane()]);
    return answers;
  }

  private result(ask: PreparedRequest, answered: CachedAnswer, cached: boolean): PredictionResult {
    const { request, conditions } = ask;
    const { distribution, neighbours } = (answered.reading ??= readingOf(ask, answered.answer));
    return {
      request,
      distribution,
      conditions: conditions.values,
      warnings: conditions.warnings,
      neighbours,
      modelId: this.model.id,
      cached,
      computedAt: answered.computedAt,
    };
  }
}

function readingOf({ request, property }: PreparedRequest, answer: RowAnswer): Reading {
  const { probabilities } = trimmed(answer, property.reader.size);
  return {
    distribution: property.reader.read(probabilities, request.composition.atoms),
    neighbours: answer.neighbours.flatMap(({ row, weight }) => {
      const formula = property.memoryFormulas[row];
      return formula === undefined ? [] : [{ formula, weight }];
    }),
  };
}

const NEVER_ANSWERED = new Error('the request was not answered');

/** A classification uses the first two columns of the graph's output. */
function trimmed(answer: RowAnswer, columns: number): RowAnswer {
  if (answer.probabilities.length === columns) return answer;
  return { ...answer, probabilities: answer.probabilities.slice(0, columns) };
}

function attempt<T>(make: () => T): T | Error {
  try {
    return make();
  } catch (error) {
    return error as Error;
  }
}
