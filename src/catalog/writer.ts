import type { Composition } from '../chemistry';
import type { CatalogueWriter, Database } from '../data';
import {
  InputError,
  type CatalogWriter,
  type CompositionMeasurementInput,
  type FieldError,
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
      await writer.insertCompositions(compositionRows(batch));
      return work(writer, sourceId);
    });
  return {
    async upsertMaterials(source, batch) {
      check(batch);
      checkExternalIds(batch.map(({ externalId }) => externalId));
      if (batch.length === 0) return { created: 0, updated: 0, ids: [] };
      return inTransaction(async (writer) => {
        const sourceId = await writer.upsertSource(source);
        await writer.insertCompositions(compositionRows(batch));
        const stored = await writer.upsertMaterials(sourceId, batch);
        const ids = stored.map(({ id }) => id);
        await writer.replaceStructures(batch, stored);
        await writer.replaceMeasurements(sourceId, batch, stored);
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

/** Each composition once. */
function compositionRows(batch: readonly { readonly composition: Composition }[]) {
  return [...new Map(batch.map(({ composition }) => [composition.key, composition])).values()].map(compositionRow);
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
