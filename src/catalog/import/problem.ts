/** One thing wrong with one row. */
export interface RowProblem {
  /** The line in the file, the first being 1; for formats of one JSON document the entry, the first being 1. */
  readonly row: number;
  /** Column name, JSON key or null where the whole row is meant. */
  readonly column: string | null;
  readonly message: string;
}

/** A file that cannot be read as rows at all: a wrong header, a wrong delimiter, a line without end. */
export class ImportFileError extends Error {
  override readonly name = 'ImportFileError';
  constructor(
    message: string,
    readonly row: number,
  ) {
    super(message);
  }
}
