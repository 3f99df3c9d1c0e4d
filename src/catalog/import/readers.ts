import type { ImportFormat } from '../../domain';
import { readCsv } from './csv';
import { readJsonl } from './jsonl';
import { readOptimade } from './optimade';
import type { ImportReader } from './row';
import { readCif, readPoscarFile } from './structure-files';

/** The reader of each format. */
export const IMPORT_READERS = {
  CSV: readCsv,
  JSONL: readJsonl,
  OPTIMADE_JSON: readOptimade,
  CIF: readCif,
  POSCAR: readPoscarFile,
} as const satisfies Record<ImportFormat, ImportReader>;
