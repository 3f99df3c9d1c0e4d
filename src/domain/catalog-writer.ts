import type { Composition } from '../chemistry';
import type { StructureRecord } from './catalog';
import type { Conditions, Fidelity, PropertyKey } from './properties';

/** A data set or publication; its name is its identity. What is left out stays as it was. */
export interface SourceInput {
  readonly name: string;
  readonly url?: string | null;
  readonly doi?: string | null;
  readonly licence?: string | null;
}

export interface MeasurementInput {
  readonly property: PropertyKey;
  readonly value: number;
  /** The property's own unit; importers convert. */
  readonly unit: string;
  readonly uncertainty?: number | null;
  readonly fidelity: Fidelity;
  readonly conditions?: Conditions | null;
  /** What this value cites, where it differs from the source. */
  readonly url?: string | null;
  readonly doi?: string | null;
}

export interface CompositionMeasurementInput extends MeasurementInput {
  readonly composition: Composition;
}

/** All that the source says of one material: on a second import what is no longer here goes. */
export interface MaterialInput {
  /** The source's identifier. Without one the material is new at every import. */
  readonly externalId: string | null;
  readonly composition: Composition;
  readonly name?: string | null;
  readonly spaceGroupNumber?: number | null;
  readonly spaceGroupSymbol?: string | null;
  /** g/cm³ */
  readonly density?: number | null;
  /** What this record cites, where it differs from the source. */
  readonly url?: string | null;
  readonly doi?: string | null;
  readonly structure?: StructureRecord | null;
  readonly measurements?: readonly MeasurementInput[];
}

export interface UpsertResult {
  readonly created: number;
  readonly updated: number;
  /** Of the materials, in the order of the batch. */
  readonly ids: readonly string[];
}

/** A batch with all the work done that needs no database. */
export interface PreparedMaterials {
  readonly materials: readonly MaterialInput[];
}

/** Fills the catalogue. Each call is one transaction of a few statements, whatever the length of the batch. */
export interface CatalogWriter {
  /**
   * A batch can be prepared while another one is written.
   * @throws InputError for two entries with one `externalId`, a number that is not finite, or text that Postgres cannot hold; its path
   *   begins with the index in the batch
   */
  prepare(batch: readonly MaterialInput[]): Promise<PreparedMaterials>;
  /**
   * Creates materials, or updates those that the source has already (by `externalId`).
   * @throws InputError as `prepare`, for a batch that is not prepared
   */
  upsertMaterials(source: SourceInput, batch: readonly MaterialInput[] | PreparedMaterials): Promise<UpsertResult>;
  /** Measurements of compositions without a material. One that is there already is not stored again. @returns how many are new */
  addMeasurements(source: SourceInput, batch: readonly CompositionMeasurementInput[]): Promise<number>;
  /** All calls of `work` on its writer in one transaction: everything or, if it throws, nothing. */
  atomically<T>(work: (writer: CatalogWriter) => Promise<T>): Promise<T>;
}
