import { setImmediate } from 'node:timers/promises';
import {
  propertyDefinition,
  type CatalogWriter,
  type ImportFormat,
  type ImportResult,
  type MaterialInput,
  type OnImportError,
  type RowError,
  type SourceInput,
} from '../../domain';
import { ImportFileError, type RowProblem } from './problem';
import { IMPORT_READERS } from './readers';
import type { ImportedMaterial, ImportedRow, ImportSource } from './row';

export interface ImportRequest {
  readonly format: ImportFormat;
  /** The file, whole or in pieces. */
  readonly content: string | ImportSource;
  readonly source: SourceInput;
  /** REJECT_ALL by default. */
  readonly onError?: OnImportError;
  /** Called after every batch with the rows read so far. */
  readonly onProgress?: (rows: number) => void;
}

const LISTED_WHEN_REJECTED = 100;
const LISTED_WHEN_SKIPPED = 1000;

/** Rows of one statement; fewer where the structures are large. */
const BATCH = { rows: 2_000, sites: 20_000 };
const ROWS_OF_A_TURN = 100;

/**
 * Imports a file into the catalogue in one transaction: killed half-way, it leaves nothing. A material that the source has already, by
 * `externalId`, is updated. Rows stream through, so that the memory used depends on the longest row and the number of external ids alone.
 */
export async function importMaterials(writer: CatalogWriter, request: ImportRequest): Promise<ImportResult> {
  const { format, content, source, onError = 'REJECT_ALL', onProgress } = request;
  const rejecting = onError === 'REJECT_ALL';
  const errors = new ErrorList(rejecting ? LISTED_WHEN_REJECTED : LISTED_WHEN_SKIPPED);
  try {
    return await writer.atomically(async (transaction) => {
      let created = 0;
      let updated = 0;
      let rows = 0;
      const read = IMPORT_READERS[format](typeof content === 'string' ? [content] : content);
      // Once something is wrong, the rest is read only to find all that is.
      const writing = (): boolean => !(rejecting && errors.rows > 0);
      for await (const { batch, good } of ahead(prepared(batches(uniqueIds(read)), transaction, writing))) {
        rows += batch.length;
        for (const row of batch) if (row.problems !== undefined) errors.add(row.problems);
        if (!writing() && errors.full) break;
        if (good && writing()) {
          const result = await transaction.upsertMaterials(source, good);
          created += result.created;
          updated += result.updated;
        }
        onProgress?.(rows);
      }
      if (rejecting && errors.rows > 0) throw new Rejected();
      return { imported: true, created, updated, skipped: errors.rows, errors: errors.list };
    });
  } catch (error) {
    if (error instanceof Rejected) return { imported: false, errors: errors.list };
    if (!(error instanceof ImportFileError)) throw error;
    return { imported: false, errors: [...errors.list, { row: error.row, message: error.message }] };
  }
}

/** Rolls the transaction back. */
class Rejected extends Error {}

class ErrorList {
  readonly list: RowError[] = [];
  rows = 0;
  constructor(private readonly limit: number) {}

  get full(): boolean {
    return this.list.length >= this.limit;
  }

  add(problems: readonly RowProblem[]): void {
    this.rows++;
    for (const { row, column, message } of problems) {
      if (!this.full) this.list.push({ row, message: column === null ? message : `${column}: ${message}` });
    }
  }
}

/** An external id names one material of its source: the second row with it is an error, not an update of the first. */
async function* uniqueIds(rows: AsyncIterable<ImportedRow>): AsyncGenerator<ImportedRow> {
  const lines = new Map<string, number>();
  for await (const row of rows) {
    const id = row.material?.externalId ?? null;
    const earlier = id === null ? undefined : lines.get(id);
    if (id !== null && earlier === undefined) lines.set(id, row.row);
    if (earlier === undefined) yield row;
    else {
      const message = `${JSON.stringify(id)} is the external id of line ${earlier} already`;
      yield { row: row.row, problems: [{ row: row.row, column: 'external_id', message }] };
    }
  }
}

async function* batches(rows: AsyncIterable<ImportedRow>): AsyncGenerator<ImportedRow[]> {
  let batch: ImportedRow[] = [];
  let sites = 0;
  let read = 0;
  for await (const row of rows) {
    // Text that is there already is read without a pause, and everything else of the process would wait for it.
    if (++read % ROWS_OF_A_TURN === 0) await setImmediate();
    batch.push(row);
    sites += row.material?.structure?.sites.length ?? 0;
    if (batch.length >= BATCH.rows || sites >= BATCH.sites) {
      yield batch;
      batch = [];
      sites = 0;
    }
  }
  if (batch.length > 0) yield batch;
}

/** With the materials of each batch as they are written, if there are any and they are. */
async function* prepared(read: AsyncIterable<ImportedRow[]>, writer: CatalogWriter, writing: () => boolean) {
  for await (const batch of read) {
    const good = batch.flatMap(({ material }) => (material === undefined ? [] : [materialInput(material)]));
    yield { batch, good: good.length > 0 && writing() ? await writer.prepare(good) : null };
  }
}

/** The next item is made while the one before is worked on; an error in making it comes where it would have come. */
async function* ahead<T>(items: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
  let next = items.next();
  try {
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = items.next();
      next.catch(() => undefined);
      yield value;
    }
  } finally {
    await next.catch(() => undefined);
    await items.return();
  }
}

/** As the catalogue's writer takes it: values in the unit, and of the fidelity, that their property has. */
export function materialInput({ spaceGroup, measurements, ...material }: ImportedMaterial): MaterialInput {
  return {
    ...material,
    spaceGroupNumber: spaceGroup?.number ?? null,
    spaceGroupSymbol: spaceGroup?.symbol ?? null,
    measurements: measurements.map((measurement) => {
      const { unit, fidelity } = propertyDefinition(measurement.property);
      return { ...measurement, unit, fidelity };
    }),
  };
}
