import type { SourceInput } from './catalog-writer';

/** Formats of an import (docs/import.md). */
export const IMPORT_FORMATS = ['CSV', 'JSONL', 'OPTIMADE_JSON', 'CIF', 'POSCAR'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** REJECT_ALL: one bad row and nothing is imported. SKIP_ROW: the good rows are. */
export const ON_IMPORT_ERROR = ['REJECT_ALL', 'SKIP_ROW'] as const;
export type OnImportError = (typeof ON_IMPORT_ERROR)[number];

export interface RowError {
  /** See docs/import.md: the line in the file, the first being 1. */
  readonly row: number;
  /** What is wrong, in which column, and what would be right. */
  readonly message: string;
}

/** What became of an import. A rejected one has changed nothing. */
export type ImportResult =
  | {
      readonly imported: true;
      readonly created: number;
      readonly updated: number;
      /** Rows left out for their errors. */
      readonly skipped: number;
      /** The first 1,000. */
      readonly errors: readonly RowError[];
    }
  | {
      readonly imported: false;
      /** The first 100. */
      readonly errors: readonly RowError[];
    };

export interface ImportMaterialsInput {
  readonly format: ImportFormat;
  readonly content: string;
  readonly source: SourceInput;
  /** REJECT_ALL by default. */
  readonly onError?: OnImportError | null;
}

/** Imports a whole file into the catalogue, in one transaction. */
export interface MaterialImporter {
  /** @throws InputError for a source that cannot be, paths from `source` on */
  importMaterials(input: ImportMaterialsInput): Promise<ImportResult>;
}
