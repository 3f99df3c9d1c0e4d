import { column, readCells, type Cell } from './columns';
import { MAX_ROW_LENGTH } from './csv';
import { ImportFileError, type RowProblem } from './problem';
import type { ImportedRow, ImportSource } from './row';
import { readStructure, StructureInputError } from './structure-input';
import { readLines } from './text';

type Column = ReturnType<typeof column>;

/** Columns are read once a file. */
export type ColumnCache = Map<string, Column | Error>;

/**
 * Reads JSON Lines: one object a line, its keys the columns of CSV ("band_gap (eV)") and `structure`; null is an absent value.
 * `row` is the line. Empty lines are passed over.
 */
export async function* readJsonl(source: ImportSource): AsyncGenerator<ImportedRow> {
  const columns: ColumnCache = new Map();
  let row = 0;
  let rows = 0;
  for await (const line of readLines(source, MAX_ROW_LENGTH)) {
    row++;
    if (line.trim() === '') continue;
    rows++;
    yield readRow(line, row, columns);
  }
  if (rows === 0) throw new ImportFileError('the file is empty; expected one JSON object a line', 1);
}

function readRow(line: string, row: number, columns: ColumnCache): ImportedRow {
  const fail = (message: string): ImportedRow => ({ row, problems: [{ row, column: null, message }] });
  let object: unknown;
  try {
    object = JSON.parse(line);
  } catch (error) {
    // "Unexpected token N in JSON at position 21": the place is what the writer of the file needs.
    return fail(`no JSON: ${(error as Error).message}`);
  }
  if (typeof object !== 'object' || object === null || Array.isArray(object))
    return fail('expected a JSON object such as {"formula": "GaAs"}');
  return readObject(object as Record<string, unknown>, row, columns);
}

/** One row from its JSON object. */
export function readObject(object: Readonly<Record<string, unknown>>, row: number, columns: ColumnCache): ImportedRow {
  const { structure: structureInput = null, ...values } = object;
  const problems: RowProblem[] = [];
  const cells: [Column, Cell][] = [];
  const seen = new Set<string>();
  for (const [key, value] of Object.entries(values)) {
    const read = columnOf(key, columns);
    if (read instanceof Error) problems.push({ row, column: key.slice(0, 60), message: read.message });
    else if (seen.has(read.header)) problems.push({ row, column: key, message: `${read.header} is given twice` });
    else if (value === null) continue;
    else if (typeof value !== 'string' && typeof value !== 'number')
      problems.push({ row, column: read.header, message: `is ${typeof value}; expected text or a number` });
    else {
      seen.add(read.header);
      cells.push([read, value]);
    }
  }
  const { material, problems: cellProblems } = readCells(row, cells);
  // A column whose value is refused is not missing as well.
  const told = new Set(problems.map(({ column }) => column));
  problems.push(...cellProblems.filter(({ column }) => !told.has(column)));
  if (material === null || problems.length > 0) return { row, problems };
  if (structureInput === null) return { row, material: { ...material, structure: null } };
  try {
    const { structure, density } = readStructure(structureInput, material.composition);
    return { row, material: { ...material, density: material.density ?? density, structure } };
  } catch (error) {
    if (!(error instanceof StructureInputError)) throw error;
    const path = error.path === '' ? 'structure' : `structure.${error.path}`;
    return { row, problems: [{ row, column: path, message: error.message }] };
  }
}

/** Keeps a bounded number of names, so that a file of ever new keys does not fill the memory. */
function columnOf(key: string, columns: ColumnCache): Column | Error {
  let read = columns.get(key);
  if (read === undefined) {
    try {
      read = column(key);
    } catch (error) {
      read = error as Error;
    }
    if (columns.size < 1000) columns.set(key, read);
  }
  return read;
}
