import { endianness } from 'node:os';
import type { Run } from '../runtime';
import type { RunMessage } from './protocol';

if (endianness() !== 'LE') throw new Error('Darwin packs int64 tensors for little-endian machines only');

/** The graph's int64 tensor of small non-negative integers, written by 32-bit halves: ten times faster than by BigInt. */
function int64(length: number): { tensor: BigInt64Array; halves: Int32Array } {
  const tensor = new BigInt64Array(length);
  return { tensor, halves: new Int32Array(tensor.buffer) };
}

/** Rows padded on the right with token 0 to the longest: [B, L]. */
export function packRun(run: Run, id: number): RunMessage {
  const length = run.rows.reduce((longest, row) => Math.max(longest, row.tokens.length), 0);
  const instruction = int64(run.instruction.length);
  run.instruction.forEach((token, i) => (instruction.halves[2 * i] = token));
  const tokens = int64(run.rows.length * length);
  const numbers = new Float32Array(run.rows.length * length);
  run.rows.forEach((row, r) => {
    for (let i = 0; i < row.tokens.length; i++) {
      tokens.halves[2 * (r * length + i)] = row.tokens[i]!;
      numbers[r * length + i] = row.numbers[i]!;
    }
  });
  return {
    id,
    property: run.property,
    instruction: instruction.tensor,
    tokens: tokens.tensor,
    numbers,
    rows: run.rows.length,
    length,
  };
}
