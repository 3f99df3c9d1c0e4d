import { Readable } from 'node:stream';
import { CsvError, parse, type Info } from 'csv-parse';
import { column, readCells, type Cell } from './columns';
import { ImportFileError } from './problem';
import type { ImportedRow, ImportSource } from './row';

/** Bytes of one row; a longer one is a quote that was never closed or no CSV at all. */
export const MAX_ROW_LENGTH = 1_000_000;

type Column = ReturnType<typeof column>;

/**
 * Reads CSV (RFC 4180; UTF-8 or UTF-16 with a byte order mark, any line ending): a header naming `formula` and any of the columns of
 * docs/import.md, then one material a row. `row` is the line that the row starts in, the header being line 1.
 */
export async function* readCsv(source: ImportSource): AsyncGenerator<ImportedRow> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_LENGTH,
  });
  const input = Readable.from(source, { objectMode: false });
  // pipe() forwards no errors: a file that cannot be read must fail the import, not end it.
  input.on('error', (error) => parser.destroy(error)).pipe(parser);
  let columns: Column[] | null = null;
  let lastLine = 1;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      const row = info.lines - record.reduce((sum, cell) => sum + (cell.match(/\n/g)?.length ?? 0), 0);
      lastLine = info.lines + 1;
      if (columns === null) columns = readHeader(record, row);
      else yield readRow(record, row, columns);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new ImportFileError(explain(error), lineOf(error) ?? lastLine);
  } finally {
    input.destroy();
  }
  if (columns === null)
    throw new ImportFileError('the file is empty; expected a header naming formula and other columns', 1);
}

function readHeader(names: string[], row: number): Column[] {
  const [first = ''] = names;
  const delimiter = names.length === 1 ? /[;\t|]/.exec(first)?.[0] : undefined;
  if (delimiter !== undefined)
    throw new ImportFileError(
      `the columns are separated by ${delimiter === '\t' ? 'tabs' : JSON.stringify(delimiter)}; expected commas`,
      row,
    );
  const problems: string[] = [];
  const seen = new Map<string, number>();
  const columns = names.flatMap((name, index): Column[] => {
    try {
      if (name.trim() === '') throw new Error('has no name');
      const read = column(name);
      const earlier = seen.get(read.header);
      if (earlier !== undefined) throw new Error(`${JSON.stringify(name.trim())} is column ${earlier + 1} again`);
      seen.set(read.header, index);
      return [read];
    } catch (error) {
      problems.push(`column ${index + 1}: ${(error as Error).message}`);
      return [];
    }
  });
  if (!seen.has('formula') && problems.length === 0) problems.push('no column is named "formula"');
  if (problems.length > 0) throw new ImportFileError(`the header is wrong: ${problems.join('; ')}`, row);
  return columns;
}

function readRow(record: string[], row: number, columns: Column[]): ImportedRow {
  if (record.length !== columns.length) {
    const message = `${record.length} cells, but the header has ${columns.length} columns`;
    return { row, problems: [{ row, column: null, message }] };
  }
  const cells = columns.map((read, index): [Column, Cell] => [read, record[index]!]);
  const { material, problems } = readCells(row, cells);
  if (material === null || problems.length > 0) return { row, problems };
  return { row, material: { ...material, structure: null } };
}

function explain(error: CsvError): string {
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quote (") is opened and never closed';
    case 'CSV_MAX_RECORD_SIZE':
      return `the row is longer than ${MAX_ROW_LENGTH.toLocaleString('en')} characters; is a quote (") never closed?`;
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'a closing quote (") is followed by other text; write a quote inside a quoted cell twice ("")';
    case 'INVALID_OPENING_QUOTE':
      return 'a quote (") stands inside an unquoted cell; quote the whole cell and write the quote twice ("")';
    default:
      return `the row is no CSV (${error.code})`;
  }
}

function lineOf(error: CsvError): number | null {
  const line: unknown = (error as unknown as { lines?: unknown }).lines;
  return typeof line === 'number' ? line : null;
}
