import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import { without, type Cell, type Column, type Row, type Table } from './table';

/** Rows that are held, encoded and compressed together: some megabytes. */
const ROW_GROUP = 10_000;

const TYPES: Readonly<Record<Exclude<Column['type'], 'object'>, Omit<SchemaElement, 'name'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  integer: { type: 'INT32' },
  number: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  time: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
};

/** Apache Parquet, Snappy-compressed; the table's metadata are the file's key-value metadata under `beagle.`. */
export async function* parquet(given: Table, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const table = without('object', given);
  const writer = new ByteWriter();
  const file = new ParquetWriter({
    writer,
    schema: schemaOf(table.columns),
    kvMetadata: Object.entries(table.metadata).map(([key, value]) => ({ key: `beagle.${key}`, value })),
    createdBy: 'beagle',
  });
  const written = (): Uint8Array => {
    const bytes = writer.getBytes().slice();
    writer.index = 0;
    return bytes;
  };
  for await (const rows of grouped(table.pages(signal), ROW_GROUP)) {
    const columnData = table.columns.map(({ name }, i) => ({ name, data: rows.map((row) => row[i]!) }));
    await file.write({ columnData, rowGroupSize: rows.length });
    yield written();
  }
  await file.finish();
  yield written();
}

function schemaOf(columns: readonly Column[]): SchemaElement[] {
  const elements = columns.map(({ name, type }): SchemaElement => ({
    name,
    repetition_type: 'OPTIONAL',
    ...TYPES[type as keyof typeof TYPES],
  }));
  return [{ name: 'root', num_children: columns.length }, ...elements];
}

async function* grouped(
  pages: AsyncIterable<readonly Row[]>,
  size: number,
): AsyncGenerator<readonly (readonly Cell[])[]> {
  let rows: Row[] = [];
  for await (const page of pages) {
    rows.push(...page);
    if (rows.length < size) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}
