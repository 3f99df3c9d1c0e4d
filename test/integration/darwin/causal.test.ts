import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFormula } from '../../../src/chemistry';
import { CausalPredictor } from '../../../src/darwin';
import { Decoder, type Sequence } from '../../../src/darwin/causal/decoder';
import { NumberGrammar } from '../../../src/darwin/causal/grammar';
import { NumberSequence } from '../../../src/darwin/causal/number-sequence';
import { randomOf } from '../../../src/darwin/causal/samples';
import { GraphSession } from '../../../src/darwin/session/graph-session';
import type { PredictionRequest, PredictionResult, PropertyKey } from '../../../src/domain';

/** A LLaMA of a few thousand random weights in Optimum's layout (`python3 -m darwin_training causal-tiny`): every part is real but the knowledge. */
const FOLDER = join(__dirname, '../../fixtures/models/causal-tiny');
const { graph } = JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8'));
const golden: { ids: number[]; logits: number[] }[] = JSON.parse(readFileSync(join(FOLDER, 'golden.json'), 'utf8'));

/** `</s>` */
const END_TOKEN = 2;

const request = (formula: string, property: PropertyKey, temperature?: number): PredictionRequest => ({
  composition: parseFormula(formula),
  property,
  ...(temperature !== undefined && { conditions: { temperature } }),
});
const readings = (result: PredictionResult | Error) => {
  if (result instanceof Error) throw result;
  const { value, mean, standardDeviation, quantile } = result.distribution;
  return { value, mean, standardDeviation, low: quantile(0.05), high: quantile(0.95) };
};

describe('the decoder', () => {
  let session: GraphSession;
  let decoder: Decoder;
  beforeAll(() => {
    session = new GraphSession({
      graphPath: join(FOLDER, graph.file),
      device: 'cpu',
      threads: 1,
      warmUp: Decoder.warmUp(graph),
    });
    decoder = new Decoder((feeds) => session.run(feeds), graph);
  });
  afterAll(() => session.close());

  /** Writes the given tokens, keeping the logits before each. */
  class Dictated implements Sequence {
    readonly logits: Float32Array[] = [];
    constructor(private readonly tokens: readonly number[]) {}
    next(logits: Float32Array): number | null {
      this.logits.push(logits.slice());
      return this.tokens[this.logits.length - 1] ?? null;
    }
  }

  test('gives each of a batch of prompts of different lengths the logits that torch gave it alone', async () => {
    const sequences = golden.map(() => new Dictated([]));
    await decoder.generate(
      golden.map(({ ids }) => ids),
      sequences.map((one) => [one]),
    );
    golden.forEach(({ logits }, i) => {
      expect(sequences[i]!.logits).toHaveLength(1);
      logits.forEach((value, token) => expect(sequences[i]!.logits[0]![token]).toBeCloseTo(value, 3));
    });
  });

  test('with its cache, and with rows dropped as they finish, writes as if each prompt were read anew', async () => {
    const written = [[5], [9, 17, 30, 8], [11, 12]];
    const cached = written.map((tokens) => new Dictated(tokens));
    await decoder.generate(
      golden.map(({ ids }) => ids),
      cached.map((one) => [one]),
    );
    for (const [i, tokens] of written.entries()) {
      expect(cached[i]!.logits).toHaveLength(tokens.length + 1);
      for (let length = 0; length <= tokens.length; length++) {
        const anew = new Dictated([]);
        await decoder.generate([[...golden[i]!.ids, ...tokens.slice(0, length)]], [[anew]]);
        anew.logits[0]!.forEach((value, token) => expect(cached[i]!.logits[length]![token]).toBeCloseTo(value, 3));
      }
    }
  });

  test('scores a continuation as the product of its steps', async () => {
    const [prompt, continuation] = [golden[1]!.ids, [20, 31, 7]];
    const steps = new Dictated(continuation);
    await decoder.generate([prompt], [[steps]]);
    const expected = continuation.reduce((sum, token, i) => {
      const weights = [...steps.logits[i]!].map(Math.exp);
      return sum + Math.log(weights[token]! / weights.reduce((a, b) => a + b, 0));
    }, 0);
    const [, scored] = await decoder.score([
      { prompt: golden[2]!.ids, continuation: [4] },
      { prompt, continuation },
    ]);
    expect(scored).toBeCloseTo(expected, 3);
  });

  test('10,000 numbers of random weights under the grammar all parse, signs and exponents among them, and the memory is flat', async () => {
    const { model } = JSON.parse(readFileSync(join(FOLDER, 'tokenizer.json'), 'utf8'));
    const texts: (string | null)[] = [];
    for (const [text, id] of Object.entries(model.vocab as Record<string, number>))
      texts[id] = /^<.*>$/.test(text) ? null : text.replaceAll('▁', ' ');
    const grammar = new NumberGrammar(texts);
    const written: string[] = [];
    const memory: number[] = [];
    for (let round = 0; round < 10; round++) {
      const sequences = golden.map((_, prompt) =>
        Array.from(
          { length: prompt === 0 ? 334 : 333 },
          (_, i) => new NumberSequence(grammar, END_TOKEN, 1, randomOf(`${round} ${prompt}`, i)),
        ),
      );
      await decoder.generate(
        golden.map(({ ids }) => ids),
        sequences,
      );
      written.push(...sequences.flat().map(({ tokens }) => tokens.map((token) => texts[token]).join('')));
      memory.push(process.memoryUsage().arrayBuffers);
    }
    expect(written).toHaveLength(10_000);
    expect(written.filter((text) => text.trim() === '' || !Number.isFinite(Number(text)))).toEqual([]);
    expect(written.some((text) => text.includes('-'))).toBe(true);
    expect(written.some((text) => /e/i.test(text))).toBe(true);
    // The first rounds allocate; buffers that stayed alive would add up in the rounds after them.
    expect(memory.at(-1)!).toBeLessThan(Math.max(...memory.slice(0, 3)) + 50e6);
  });
});

describe('a causal-lm package behind the Predictor', () => {
  let predictor: CausalPredictor;
  beforeAll(async () => (predictor = await CausalPredictor.open({ folder: FOLDER })));
  afterAll(() => predictor.close());

  const REQUESTS = [
    request('GaAs', 'BAND_GAP'),
    request('La0.7Sr0.3MnO3', 'BAND_GAP'),
    request('Bi2Te3', 'SEEBECK_COEFFICIENT', 800),
    request('Bi2Te3', 'SEEBECK_COEFFICIENT'),
    request('Fe2O3', 'IS_METAL'),
    request('Si', 'BAND_GAP'),
    request('NaCl', 'IS_METAL'),
  ];

  test('answers one request alone as it does among others', async () => {
    const together = await predictor.predict(REQUESTS);
    for (const [i, one] of REQUESTS.entries()) {
      const [alone] = await predictor.predict([one]);
      const [a, b] = [readings(alone!), readings(together[i]!)];
      for (const name of Object.keys(a) as (keyof typeof a)[]) expect(b[name]).toBeCloseTo(a[name], 4);
    }
  });

  test('has a spread of finite numbers, carries conditions, and gives a class a probability', async () => {
    const [gap, , warm, standard, metal] = await predictor.predict(REQUESTS);
    expect(readings(gap!).standardDeviation).toBeGreaterThan(0);
    expect(warm).toMatchObject({ conditions: { temperature: 800 }, modelId: 'causal-tiny@0.0.1', cached: false });
    expect(standard).toMatchObject({ conditions: { temperature: 300 } });
    expect(readings(warm!)).not.toEqual(readings(standard!));
    const { value } = readings(metal!);
    expect(value > 0 && value < 1).toBe(true);
  });

  test('a property that it does not have fails alone; no evidence is claimed', async () => {
    const results = await predictor.predict([request('Si', 'DENSITY'), request('Si', 'BAND_GAP')]);
    expect(results[0]).toMatchObject({ code: 'BAD_USER_INPUT' });
    const evidence = await predictor.evidenceOf([results[1] as PredictionResult]);
    expect(evidence).toEqual([{ inTrainingData: false, nearest: [], applicability: 'EXTRAPOLATION' }]);
  });
});

test('a package that is not what its manifest says is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'causal-'));
  cpSync(FOLDER, folder, { recursive: true });
  writeFileSync(join(folder, 'tokenizer.json'), '{}');
  await expect(CausalPredictor.open({ folder })).rejects.toThrow(
    /tokenizer.json is not the file that the manifest describes/,
  );
  writeFileSync(join(folder, 'manifest.json'), '{"format": 1, "kind": "causal-lm"}');
  await expect(CausalPredictor.open({ folder })).rejects.toThrow(
    /does not follow the causal-lm package format 1: name/,
  );
});
