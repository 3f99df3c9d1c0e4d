import {
  cifText,
  FileFormatError,
  parseCif,
  readCifBlock,
  readPoscar,
  type CifBlock,
  type Crystal,
} from '../structure';
import { ImportFileError } from './problem';
import type { ImportedMaterial, ImportedRow, ImportSource } from './row';
import { MAX_FILE_LENGTH, readAll } from './text';

/**
 * Reads the data blocks of a CIF, one material each. `row` is the line of the block's header; a mistake names its own line. The external id is the
 * number in the Crystallography Open Database, else the block's name.
 */
export async function* readCif(source: ImportSource): AsyncGenerator<ImportedRow> {
  const blocks = parseCif(await readAll(source, MAX_FILE_LENGTH));
  for (;;) {
    let block: CifBlock;
    try {
      const next = blocks.next();
      if (next.done === true) return;
      block = next.value;
    } catch (error) {
      // After a breach of the syntax nothing tells where the next block begins.
      if (error instanceof FileFormatError) throw new ImportFileError(located(error), error.line);
      throw error;
    }
    const item = (name: string): string | null => cifText(block.items.get(name)?.[0]);
    yield crystalRow(block.line, () => ({
      ...material(readCifBlock(block)),
      externalId: item('_cod_database_code') ?? item('_database_code_amcsd') ?? (block.name.slice(0, 200) || null),
      doi: item('_journal_paper_doi') ?? item('_citation_doi'),
    }));
  }
}

/** Reads a VASP POSCAR: one material, without an external id. */
export async function* readPoscarFile(source: ImportSource): AsyncGenerator<ImportedRow> {
  const text = await readAll(source, MAX_FILE_LENGTH);
  if (text.trim() === '') throw new ImportFileError('the file is empty; expected a POSCAR', 1);
  yield crystalRow(1, () => material(readPoscar(text)));
}

function material({ name, composition, spaceGroup, density, structure }: Crystal): ImportedMaterial {
  return {
    externalId: null,
    name,
    composition,
    spaceGroup,
    density,
    structure,
    url: null,
    doi: null,
    measurements: [],
  };
}

function crystalRow(row: number, read: () => ImportedMaterial): ImportedRow {
  try {
    return { row, material: read() };
  } catch (error) {
    if (!(error instanceof FileFormatError)) throw error;
    return { row, problems: [{ row: error.line, column: null, message: located(error) }] };
  }
}

const located = ({ column, message }: FileFormatError): string =>
  column > 1 ? `column ${column}: ${message}` : message;
