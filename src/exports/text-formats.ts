import { stringify } from 'csv-stringify/sync';
import { without, type Cell, type Row, type Table } from './table';

/**
 * RFC 4180 with a header line. Text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection); numbers
 * are written in full, so that reading them gives the same number.
 */
export async function* csv(table: Table, signal: AbortSignal): AsyncGenerator<Buffer> {
  const { columns, pages } = without('object', table);
  const lines = (rows: readonly Row[]): Buffer =>
    Buffer.from(
      stringify(rows as Row[], {
        record_delimiter: '\r\n',
        escape_formulas: true,
        cast: { boolean: String, date: (date) => date.toISOString(), number: String },
      }),
    );
  yield lines([columns.map(({ name }) => name)]);
  for await (const rows of pages(signal)) yield lines(rows);
}

/** One object a line, its keys the names of the columns, null where there is no value. */
export async function* jsonLines({ columns, pages }: Table, signal: AbortSignal): AsyncGenerator<Buffer> {
  const line = (row: Row): string =>
    `${JSON.stringify(Object.fromEntries(columns.map(({ name }, i): [string, Cell] => [name, row[i]!])))}\n`;
  for await (const rows of pages(signal)) yield Buffer.from(rows.map(line).join(''));
}
