import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import {
  BeagleError,
  propertyDefinition,
  type Distribution,
  type Evidence,
  type EvidenceSource,
  type ModelInfo,
  type PredictionRequest,
  type PredictionResult,
  type PredictOptions,
  type Predictor,
  type PropertyKey,
} from '../../domain';
import { checkFile, ModelPackageError } from '../package';
import { GraphSession, type GraphSessionOptions } from '../session/graph-session';
import { Decoder } from './decoder';
import { NumberGrammar } from './grammar';
import { causalManifest, type CausalManifest, type CausalProperty } from './manifest';
import { NumberSequence } from './number-sequence';
import { labelDistribution, randomOf, sampledDistribution } from './samples';

export interface CausalOptions {
  readonly folder: string;
  readonly device?: GraphSessionOptions['device'];
  readonly threads?: number;
}

/**
 * Any decoder in the layout of Hugging Face Optimum behind the Predictor: numbers are drawn under a grammar, and their spread is the predictive distribution;
 * classes are the model's own answers scored against each other.
 */
export class CausalPredictor implements Predictor, EvidenceSource {
  readonly model: ModelInfo;
  private readonly properties: ReadonlyMap<PropertyKey, CausalProperty>;
  private readonly grammar: NumberGrammar;
  private readonly endToken: number;
  private readonly decoder: Decoder;
  /** Runs one after the other: a session does one thing at a time, and a batch fills it. */
  private queue: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly manifest: CausalManifest,
    private readonly tokenizer: Tokenizer,
    private readonly session: GraphSession,
    device: string,
  ) {
    this.model = modelInfo(manifest, device);
    this.properties = new Map(manifest.properties.map((property) => [property.key, property]));
    this.endToken = requireToken(tokenizer, manifest.endToken);
    this.grammar = new NumberGrammar(tokenTexts(tokenizer));
    this.decoder = new Decoder((feeds, fetches) => session.run(feeds, fetches), manifest.graph);
  }

  /**
   * @throws ModelPackageError if a file is missing or is not what the manifest says
   * @throws Error with the reason if `device` is a GPU that cannot be used
   */
  static async open({ folder, device = 'cpu', threads = 1 }: CausalOptions): Promise<CausalPredictor> {
    const manifest = await readManifest(folder);
    await Promise.all(
      Object.entries(manifest.files).map(([file, { bytes, sha256 }]) =>
        checkFile(path.join(folder, file), bytes, sha256),
      ),
    );
    const tokenizer = new Tokenizer(JSON.parse(await readFile(path.join(folder, manifest.tokenizer), 'utf8')), {});
    const session = new GraphSession({
      graphPath: path.join(folder, manifest.graph.file),
      device,
      threads,
      warmUp: Decoder.warmUp(manifest.graph),
    });
    try {
      return new CausalPredictor(manifest, tokenizer, session, await session.start());
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  async predict(
    requests: readonly PredictionRequest[],
    { signal }: PredictOptions = {},
  ): Promise<readonly (PredictionResult | Error)[]> {
    const results: (PredictionResult | Error)[] = Array(requests.length);
    const asked = requests.flatMap((request, index) => {
      const property = this.properties.get(request.property);
      if (property) return [{ request, index, property }];
      results[index] = new BeagleError('BAD_USER_INPUT', `${this.model.id} does not predict ${request.property}`);
      return [];
    });
    for (let at = 0; at < asked.length; at += this.manifest.batch) {
      const part = asked.slice(at, at + this.manifest.batch);
      const answers = await this.exclusively(() => this.answer(part, signal));
      part.forEach(({ index }, i) => (results[index] = answers[i]!));
    }
    return results;
  }

  /** What the weights were trained on is not in the package: nothing is claimed. */
  async evidenceOf(predictions: readonly PredictionResult[]): Promise<readonly Evidence[]> {
    return predictions.map(() => ({ inTrainingData: false, nearest: [], applicability: 'EXTRAPOLATION' }));
  }

  async close(): Promise<void> {
    await this.session.close();
  }

  private exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work, work);
    this.queue = result.catch(() => undefined);
    return result;
  }

  private async answer(
    asked: readonly { readonly request: PredictionRequest; readonly property: CausalProperty }[],
    signal: AbortSignal | undefined,
  ): Promise<PredictionResult[]> {
    signal?.throwIfAborted();
    const prepared = asked.map(({ request, property }) => ({ request, property, ...this.prompt(request, property) }));
    const numbers = prepared.filter(({ property }) => !property.candidates);
    const labels = prepared.filter(({ property }) => property.candidates);
    const drawn = numbers.map(({ prompt }) =>
      Array.from(
        { length: this.manifest.samples },
        (_, i) => new NumberSequence(this.grammar, this.endToken, this.manifest.temperature, randomOf(prompt, i)),
      ),
    );
    if (numbers.length > 0)
      await this.decoder.generate(
        numbers.map(({ ids }) => ids),
        drawn,
        signal,
      );
    const scores = labels.length > 0 ? await this.scores(labels) : [];
    const distributionOf = (one: (typeof prepared)[number]): Distribution => {
      if (one.property.candidates) return labelDistribution(scores[labels.indexOf(one)]!);
      const values = drawn[numbers.indexOf(one)]!.map(({ tokens }) => this.number(tokens));
      return sampledDistribution(one.property.transform === 'log10' ? values.map(powerOfTen) : values);
    };
    const computedAt = new Date();
    return prepared.map((one) => ({
      request: one.request,
      distribution: distributionOf(one),
      conditions: one.conditions,
      warnings: [],
      neighbours: [],
      modelId: this.model.id,
      cached: false,
      computedAt,
    }));
  }

  /** P(true) of each: its two answers against each other. */
  private async scores(
    labels: readonly { readonly ids: readonly number[]; readonly property: CausalProperty }[],
  ): Promise<number[]> {
    const rows = labels.flatMap(({ ids, property }) =>
      [property.candidates!.true, property.candidates!.false].map((text) => ({
        prompt: ids,
        continuation: this.tokenizer.encode(text, { add_special_tokens: false }).ids,
      })),
    );
    const scored = await this.decoder.score(rows);
    return labels.map((_, i) => 1 / (1 + Math.exp(scored[2 * i + 1]! - scored[2 * i]!)));
  }

  private prompt({ composition, conditions: given }: PredictionRequest, { instruction, conditions }: CausalProperty) {
    const values = Object.fromEntries(conditions.map((one) => [one.name, given?.[one.name] ?? one.default]));
    const suffix = conditions.map(({ name, text }) => text.replace('{value}', String(values[name]))).join('');
    const prompt = this.manifest.template
      .replace('{instruction}', () => instruction)
      .replace('{input}', () => composition.formula + suffix);
    return { prompt, ids: this.tokenizer.encode(prompt).ids, conditions: values };
  }

  private number(tokens: readonly number[]): number {
    return Number(tokens.map((token) => tokenText(this.tokenizer, token) ?? '').join(''));
  }
}

/** Of a logarithm that a model may write; what no double holds becomes the largest or smallest that it does. */
const powerOfTen = (logarithm: number): number => 10 ** Math.max(-307, Math.min(308, logarithm));

/** What a token adds to a text; null for special tokens. "▁" (SentencePiece) and "Ġ" (byte-level BPE) stand for a blank. */
function tokenText(tokenizer: Tokenizer, id: number): string | null {
  const token = tokenizer.id_to_token(id);
  if (token === undefined || /^<.*>$/.test(token)) return null;
  return token.replace(/[▁Ġ]/g, ' ');
}

function tokenTexts(tokenizer: Tokenizer): (string | null)[] {
  const size = Math.max(...tokenizer.get_vocab().values()) + 1;
  return Array.from({ length: size }, (_, id) => tokenText(tokenizer, id));
}

function requireToken(tokenizer: Tokenizer, token: string): number {
  const id = tokenizer.token_to_id(token);
  if (id === undefined) throw new ModelPackageError(`tokenizer.json has no token "${token}", which endToken names`);
  return id;
}

function modelInfo(manifest: CausalManifest, device: string): ModelInfo {
  const { name, version, parameters, trainedAt, files, graph, properties } = manifest;
  return {
    id: `${name}@${version}`,
    name,
    version,
    sha256: files[graph.file]!.sha256,
    parameters,
    trainedAt: trainedAt ? new Date(trainedAt) : null,
    device,
    properties: properties.map(({ key, conditions, desirability }) => ({
      key,
      conditions: conditions.map((one) => ({
        name: one.name,
        unit: { temperature: 'K', load: 'N', wavelength: 'um' }[one.name],
        default: one.default,
        min: null,
        max: null,
        values: null,
      })),
      evaluation: null,
      desirability,
    })),
  };
}

async function readManifest(folder: string): Promise<CausalManifest> {
  const file = path.join(folder, 'manifest.json');
  const parsed = causalManifest.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.success) {
    const problems = parsed.error.issues.slice(0, 5).map(({ path: at, message }) => `${at.join('.')}: ${message}`);
    throw new ModelPackageError(`${file} does not follow the causal-lm package format 1: ${problems.join('; ')}`);
  }
  const { data } = parsed;
  for (const name of [data.graph.file, data.tokenizer]) {
    if (!Object.hasOwn(data.files, name)) throw new ModelPackageError(`${file}: "${name}" is not listed in files`);
  }
  for (const { key, candidates } of data.properties) {
    const classification = propertyDefinition(key).kind === 'CLASSIFICATION';
    if (classification !== (candidates !== undefined))
      throw new ModelPackageError(`${file}: ${key} ${classification ? 'needs' : 'has no use for'} candidates`);
  }
  return data;
}
