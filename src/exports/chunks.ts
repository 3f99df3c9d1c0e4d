import { createHash } from 'node:crypto';
import type { ExportStore } from '../data';

/** Bytes of a chunk: one row of the table, and what a download holds at a time. */
export const CHUNK_BYTES = 512 * 1024;

/** Cuts a stream into chunks of exactly `CHUNK_BYTES` but for the last, each stored before the next is taken. */
export async function storeChunks(
  stream: AsyncIterable<Uint8Array>,
  store: (number: number, bytes: Buffer) => Promise<void>,
): Promise<{ readonly bytes: number; readonly sha256: Buffer }> {
  const hash = createHash('sha256');
  let chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let [filled, number] = [0, 0];
  for await (const piece of stream) {
    hash.update(piece);
    for (let from = 0; from < piece.length;) {
      const taken = piece.subarray(from, from + CHUNK_BYTES - filled);
      chunk.set(taken, filled);
      filled += taken.length;
      from += taken.length;
      if (filled < CHUNK_BYTES) continue;
      await store(number++, chunk);
      [chunk, filled] = [Buffer.allocUnsafe(CHUNK_BYTES), 0];
    }
  }
  if (filled > 0) await store(number, chunk.subarray(0, filled));
  return { bytes: number * CHUNK_BYTES + filled, sha256: hash.digest() };
}

/** The bytes from `from` to `to`, both inclusive. @throws Error if the file has been deleted meanwhile */
export async function* readChunks(
  store: Pick<ExportStore, 'chunk'>,
  id: string,
  from: number,
  to: number,
): AsyncGenerator<Buffer> {
  for (let at = from; at <= to;) {
    const number = Math.floor(at / CHUNK_BYTES);
    const chunk = await store.chunk(id, number);
    if (chunk === null) throw new Error(`the export ${id} has lost its chunk ${number}`);
    const start = number * CHUNK_BYTES;
    yield chunk.subarray(at - start, to + 1 - start);
    at = start + CHUNK_BYTES;
  }
}
