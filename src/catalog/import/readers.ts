import { readCsv } from './csv';
import { readJsonl } from './jsonl';
import { readOptimade } from './optimade';
import type { ImportReader } from './row';
import { readCif, readPoscarFile } from './structure-files';

/** Formats of the import, by their names in the contract. */
export const IMPORT_READERS = {
  CSV: readCsv,
  JSONL: readJsonl,
  OPTIMADE_JSON: readOptimade,
  CIF: readCif,
  POSCAR: readPoscarFile,
} as const satisfies Record<string, ImportReader>;

export type ImportFormat = keyof typeof IMPORT_READERS;
export const IMPORT_FORMATS = Object.keys(IMPORT_READERS) as ImportFormat[];
