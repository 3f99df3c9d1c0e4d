import type { TensorData } from '../session/protocol';
import type { Tensors } from '../session/graph-session';

/** What is known of a decoder graph in the layout of Hugging Face Optimum. */
export interface DecoderShape {
  readonly layers: number;
  /** Heads of keys and values. */
  readonly heads: number;
  readonly headSize: number;
  /** Of the cache and the logits. */
  readonly type: 'float32' | 'float16';
}

export type RunGraph = (feeds: Tensors, fetches?: readonly string[]) => Promise<Tensors>;

/** One row being decoded: told the logits of its next token, answers with a token, or null when it is finished. */
export interface Sequence {
  next(logits: Float32Array): number | null;
}

type Floats = Float32Array | Uint16Array;

/**
 * Decodes rows together: prompts padded on the left, so that every row's next token stands at the same place; keys and values kept between
 * steps (KV cache); a finished row is dropped from the batch, with its part of the cache. What a row writes does not depend on its neighbours.
 */
export class Decoder {
  constructor(
    private readonly run: RunGraph,
    private readonly shape: DecoderShape,
  ) {}

  /**
   * @param prompts token ids; each is read once and continued by as many sequences as `sequences` has for it
   * @param signal stops between two steps
   */
  async generate(
    prompts: readonly (readonly number[])[],
    sequences: readonly (readonly Sequence[])[],
    signal?: AbortSignal,
  ): Promise<void> {
    const { feeds, lengths, width } = this.padded(prompts);
    let outputs = await this.run({ ...feeds, ...this.emptyCache(prompts.length) });
    const logits = lastLogits(outputs['logits']!);
    let rows = prompts.flatMap((_, prompt) =>
      sequences[prompt]!.map((sequence) => ({
        sequence,
        from: prompt,
        position: lengths[prompt]!,
        padding: width - lengths[prompt]!,
      })),
    );
    let tokens = rows.map((row) => row.sequence.next(logits[row.from]!));
    for (let total = width + 1; ; total++) {
      signal?.throwIfAborted();
      const kept = rows.flatMap((row, i) => (tokens[i] === null ? [] : [{ row, token: tokens[i]!, from: row.from }]));
      if (kept.length === 0) return;
      const cache = this.cacheOf(
        outputs,
        kept.map(({ from }) => from),
      );
      rows = kept.map(({ row }, i) => ({ ...row, from: i }));
      const attention = new BigInt64Array(rows.length * total).fill(1n);
      rows.forEach(({ padding }, r) => attention.fill(0n, r * total, r * total + padding));
      outputs = await this.run({
        input_ids: int64(
          kept.map(({ token }) => token),
          [rows.length, 1],
        ),
        attention_mask: { type: 'int64', shape: [rows.length, total], data: attention },
        position_ids: int64(
          rows.map(({ position }) => position),
          [rows.length, 1],
        ),
        ...cache,
      });
      const next = lastLogits(outputs['logits']!);
      tokens = rows.map((row, r) => row.sequence.next(next[r]!));
      rows = rows.map((row) => ({ ...row, position: row.position + 1 }));
    }
  }

  /** Natural logarithm of the probability of each continuation after its prompt, in one run and without a cache. */
  async score(
    rows: readonly { readonly prompt: readonly number[]; readonly continuation: readonly number[] }[],
  ): Promise<number[]> {
    const { feeds, width } = this.padded(rows.map(({ prompt, continuation }) => [...prompt, ...continuation]));
    const outputs = await this.run({ ...feeds, ...this.emptyCache(rows.length) }, ['logits']);
    const logits = outputs['logits']!;
    const vocabulary = logits.shape[2]!;
    return rows.map(({ continuation }, r) =>
      continuation.reduce((sum, token, i) => {
        const at = (r * width + (width - continuation.length - 1 + i)) * vocabulary;
        return sum + logProbability(floats(logits, at, at + vocabulary), token);
      }, 0),
    );
  }

  /** One token: a first run that makes a session allocate. */
  static warmUp(shape: DecoderShape): Tensors {
    const decoder = new Decoder(() => Promise.resolve({}), shape);
    return { ...decoder.padded([[0]]).feeds, ...decoder.emptyCache(1) };
  }

  private padded(prompts: readonly (readonly number[])[]) {
    const width = Math.max(...prompts.map((prompt) => prompt.length));
    const ids = prompts.map((prompt) => [...Array<number>(width - prompt.length).fill(0), ...prompt]);
    const mask = prompts.map((prompt) => [...Array<number>(width - prompt.length).fill(0), ...prompt.map(() => 1)]);
    const positions = prompts.map((prompt) => [...Array<number>(width - prompt.length).fill(0), ...prompt.keys()]);
    const shape = [prompts.length, width];
    const feeds = {
      input_ids: int64(ids.flat(), shape),
      attention_mask: int64(mask.flat(), shape),
      position_ids: int64(positions.flat(), shape),
    };
    return { feeds, lengths: prompts.map((prompt) => prompt.length), width };
  }

  private emptyCache(rows: number): Tensors {
    const { heads, headSize, type } = this.shape;
    const empty = () => (type === 'float16' ? new Uint16Array(0) : new Float32Array(0));
    return this.cache(() => ({ type, shape: [rows, heads, 0, headSize], data: empty() }));
  }

  /** The rows `from` of what the last run left, in this order; a row may come more than once. */
  private cacheOf(outputs: Tensors, from: readonly number[]): Tensors {
    return this.cache((name) => {
      const { type, shape, data } = outputs[`present.${name}`]!;
      const [rows = 1, ...rest] = shape;
      if (from.length === rows && from.every((row, i) => row === i)) return { type, shape, data };
      const size = data.length / rows;
      const kept = type === 'float16' ? new Uint16Array(from.length * size) : new Float32Array(from.length * size);
      from.forEach((row, i) => kept.set((data as Floats).subarray(row * size, (row + 1) * size), i * size));
      return { type, shape: [from.length, ...rest], data: kept };
    });
  }

  private cache(tensor: (name: string) => TensorData): Tensors {
    const names = Array.from({ length: this.shape.layers }, (_, n) => [`${n}.key`, `${n}.value`]).flat();
    return Object.fromEntries(names.map((name) => [`past_key_values.${name}`, tensor(name)]));
  }
}

const int64 = (values: readonly number[], shape: readonly number[]): TensorData => ({
  type: 'int64',
  shape,
  data: BigInt64Array.from(values, BigInt),
});

/** The numbers of a float tensor from `start` to `end`. */
function floats({ type, data }: TensorData, start: number, end: number): Float32Array {
  if (type === 'float16') return Float32Array.from((data as Uint16Array).subarray(start, end), fromHalf);
  return (data as Float32Array).subarray(start, end);
}

/** [B, S, V] → the last position's of each row. */
function lastLogits(tensor: TensorData): Float32Array[] {
  const [rows = 0, length = 0, vocabulary = 0] = tensor.shape;
  return Array.from({ length: rows }, (_, row) => {
    const end = (row + 1) * length * vocabulary;
    return floats(tensor, end - vocabulary, end);
  });
}

function logProbability(logits: Float32Array, token: number): number {
  let largest = -Infinity;
  for (const value of logits) if (value > largest) largest = value;
  let sum = 0;
  for (const value of logits) sum += Math.exp(value - largest);
  return logits[token]! - largest - Math.log(sum);
}

/** IEEE 754 binary16, as Node 20 and 22 hand it out. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
