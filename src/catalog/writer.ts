import { setImmediate } from 'node:timers/promises';
import type { Composition } from '../chemistry';
import { CompositionBatch, MaterialBatch, type CatalogueWriter, type Database } from '../data';
import {
  InputError,
  type CatalogWriter,
  type CompositionMeasurementInput,
  type FieldError,
  type MaterialInput,
  type PreparedMaterials,
  type SourceInput,
} from '../domain';
import { compositionRow } from './composition-row';

/** The CatalogWriter port over the database. */
export function createCatalogWriter(database: Pick<Database, 'transaction'>): CatalogWriter {
  return writerIn((work) => database.transaction(({ catalogueWriter }) => work(catalogueWriter)));
}

/** The same within a transaction that is open already. */
export const catalogWriterIn = (writer: CatalogueWriter): RecordingWriter => writerIn((work) => work(writer));

export interface RecordingWriter extends CatalogWriter {
  /** As `addMeasurements`. @returns the id of each, whether it is new or was there already, in order */
  recordMeasurements(source: SourceInput, batch: readonly CompositionMeasurementInput[]): Promise<readonly string[]>;
}

type InTransaction = <T>(work: (writer: CatalogueWriter) => Promise<T>) => Promise<T>;

function writerIn(inTransaction: InTransaction): RecordingWriter {
  const withCompositions = <T>(
    source: SourceInput,
    batch: readonly CompositionMeasurementInput[],
    work: (writer: CatalogueWriter, sourceId: string) => Promise<T>,
  ): Promise<T> =>
    inTransaction(async (writer) => {
      const sourceId = await writer.upsertSource(source);
      const compositions = new CompositionBatch();
      for (const { composition } of batch) addComposition(compositions, composition);
      await writer.insertCompositions(compositions);
      return work(writer, sourceId);
    });
  return {
    prepare,
    async upsertMaterials(source, batch) {
      const { materials, rows, compositions } = batch instanceof Prepared ? batch : await prepare(materialsOf(batch));
      if (materials.length === 0) return { created: 0, updated: 0, ids: [] };
      return inTransaction(async (writer) => {
        const sourceId = await writer.upsertSource(source);
        await writer.insertCompositions(compositions);
        const stored = await writer.upsertMaterials(sourceId, rows);
        const ids = stored.map(({ id }) => id);
        await writer.replaceStructures(materials, stored);
        await writer.replaceMeasurements(sourceId, materials, stored);
        const created = stored.filter((material) => material.created).length;
        return { created, updated: stored.length - created, ids };
      });
    },
    async addMeasurements(source, batch) {
      check(batch);
      if (batch.length === 0) return 0;
      return withCompositions(source, batch, (writer, sourceId) => writer.insertMeasurements(sourceId, batch));
    },
    async recordMeasurements(source, batch) {
      check(batch);
      return withCompositions(source, batch, (writer, sourceId) => writer.recordMeasurements(sourceId, batch));
    },
    atomically: (work) => inTransaction((writer) => work(writerIn((inner) => inner(writer)))),
  };
}

class Prepared implements PreparedMaterials {
  readonly rows = new MaterialBatch();
  readonly compositions = new CompositionBatch();
  constructor(readonly materials: readonly MaterialInput[]) {}
}

const materialsOf = (batch: readonly MaterialInput[] | PreparedMaterials): readonly MaterialInput[] =>
  'materials' in batch ? batch.materials : batch;

/** After so many rows whatever waits in the process has its turn: the statements of the batch that is written meanwhile, too. */
const ROWS_OF_A_TURN = 100;

async function prepare(batch: readonly MaterialInput[]): Promise<Prepared> {
  check(batch);
  checkExternalIds(batch.map(({ externalId }) => externalId));
  const prepared = new Prepared(batch);
  for (const [i, material] of batch.entries()) {
    if (i > 0 && i % ROWS_OF_A_TURN === 0) await setImmediate();
    addComposition(prepared.compositions, material.composition);
    prepared.rows.add(material);
  }
  return prepared;
}

function addComposition(batch: CompositionBatch, composition: Composition): void {
  if (!batch.has(composition.key)) batch.add(compositionRow(composition));
}

/** What the database would refuse without saying where, or, as JSON's null for NaN, would take for something else. */
function check(batch: readonly unknown[]): void {
  const errors: FieldError[] = [];
  const visit = (value: unknown, path: readonly string[]): void => {
    if (typeof value === 'number' && !Number.isFinite(value))
      errors.push({ path, message: `${value} is not a finite number` });
    else if (typeof value === 'string' && UNSTORABLE.test(value)) {
      errors.push({ path, message: 'holds a NUL character or half a surrogate pair, which text in Postgres cannot' });
    } else if (value && typeof value === 'object') {
      for (const [name, part] of Object.entries(value)) visit(part, [...path, name]);
    }
  };
  batch.forEach((item, i) => visit(item, [String(i)]));
  if (errors.length > 0) throw new InputError(errors);
}

const UNSTORABLE = /\0|\p{Surrogate}/u;

function checkExternalIds(ids: readonly (string | null)[]): void {
  const seen = new Map<string, number>();
  ids.forEach((id, i) => {
    if (id === null) return;
    const before = seen.get(id);
    if (before !== undefined) {
      throw new InputError([
        { path: [String(i), 'externalId'], message: `${JSON.stringify(id)} is that of entry ${before} too` },
      ]);
    }
    seen.set(id, i);
  });
}
