/** One row of the model's output. */
export interface RowAnswer {
  readonly probabilities: Float32Array;
  /** Rows of the property's memory that answered, best first. */
  readonly neighbours: readonly Neighbour[];
}
interface Neighbour {
  readonly row: number;
  readonly weight: number;
}

/**
 * An answer as bytes, bit for bit: uint32 columns and neighbours, then float32 probabilities, int32 rows, float32 weights
 * (little-endian, as the session's tensors are).
 */
export function encodeAnswer({ probabilities, neighbours }: RowAnswer): Uint8Array {
  const [columns, count] = [probabilities.length, neighbours.length];
  const buffer = new ArrayBuffer(8 + 4 * columns + 8 * count);
  new Uint32Array(buffer, 0, 2).set([columns, count]);
  new Float32Array(buffer, 8, columns).set(probabilities);
  new Int32Array(buffer, 8 + 4 * columns, count).set(neighbours.map((n) => n.row));
  new Float32Array(buffer, 8 + 4 * columns + 4 * count, count).set(neighbours.map((n) => n.weight));
  return new Uint8Array(buffer);
}

/** Null if the bytes are not an answer of `columns` probabilities. */
export function decodeAnswer(bytes: Uint8Array, columns: number): RowAnswer | null {
  if (bytes.byteLength < 8) return null;
  // A copy: what a driver hands out may be unaligned and part of a larger buffer.
  const { buffer } = Uint8Array.from(bytes);
  const [width, count] = new Uint32Array(buffer, 0, 2) as unknown as [number, number];
  if (width !== columns || bytes.byteLength !== 8 + 4 * columns + 8 * count) return null;
  const rows = new Int32Array(buffer, 8 + 4 * columns, count);
  const weights = new Float32Array(buffer, 8 + 4 * columns + 4 * count, count);
  return {
    probabilities: new Float32Array(buffer, 8, columns),
    neighbours: Array.from(rows, (row, i) => ({ row, weight: weights[i]! })),
  };
}
