import type { Composition } from '../../chemistry';
import type { Conditions, PropertyKey, StructureRecord } from '../../domain';
import type { SpaceGroup } from '../structure';
import type { RowProblem } from './problem';

/** A measured value in the unit of its property. */
export interface ImportedMeasurement {
  readonly property: PropertyKey;
  readonly value: number;
  readonly conditions: Conditions;
}

/** One material as any of the formats gives it, checked and converted. */
export interface ImportedMaterial {
  readonly externalId: string | null;
  readonly name: string | null;
  readonly composition: Composition;
  readonly spaceGroup: SpaceGroup | null;
  /** g/cm³ */
  readonly density: number | null;
  readonly structure: StructureRecord | null;
  readonly url: string | null;
  readonly doi: string | null;
  readonly measurements: readonly ImportedMeasurement[];
}

/** A row that was read, or everything that is wrong with it. */
export type ImportedRow =
  | { readonly row: number; readonly material: ImportedMaterial; readonly problems?: undefined }
  | { readonly row: number; readonly problems: readonly RowProblem[]; readonly material?: undefined };

/** A file in pieces, of any size. */
export type ImportSource = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/** Reads a file as a stream of rows, in memory that does not grow with it. Throws an ImportFileError where there are no rows to read. */
export type ImportReader = (source: ImportSource) => AsyncGenerator<ImportedRow>;
