import { tableFromIPC } from 'apache-arrow';
import { ParquetFile, readParquet } from 'parquet-wasm/node';

/** A Parquet file as the Rust implementation (Apache Arrow) reads it: nothing of the library that wrote it. */
export async function readBack(bytes: Uint8Array): Promise<{
  readonly rows: readonly Record<string, unknown>[];
  readonly metadata: ReadonlyMap<string, string>;
}> {
  const table = tableFromIPC(readParquet(bytes).intoIPCStream());
  const rows = table.toArray().map((row) => ({ ...row?.toJSON() }));
  const file = await ParquetFile.fromFile(new Blob([Uint8Array.from(bytes)]));
  return { rows, metadata: new Map(file.metadata().fileMetadata().keyValueMetadata()) };
}
