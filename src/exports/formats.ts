import type { ExportFormat } from '../domain';
import type { Table } from './table';
import { csv, jsonLines } from './text-formats';
import { parquet } from './parquet';

interface Format {
  readonly extension: string;
  readonly mediaType: string;
  write(table: Table, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

export const FORMATS: Readonly<Record<ExportFormat, Format>> = {
  CSV: { extension: 'csv', mediaType: 'text/csv; charset=utf-8; header=present', write: csv },
  JSONL: { extension: 'jsonl', mediaType: 'application/x-ndjson; charset=utf-8', write: jsonLines },
  PARQUET: { extension: 'parquet', mediaType: 'application/vnd.apache.parquet', write: parquet },
};
