import { z } from 'zod';
import { FormulaError, parseFormula, type Composition } from '../../chemistry';
import type { SiteRecord } from '../../domain';
import {
  latticeFromVectors,
  spaceGroupByNumber,
  spaceGroupBySymbol,
  toFractional,
  wrap,
  type Vector,
} from '../structure';
import { ImportFileError, type RowProblem } from './problem';
import type { ImportedMaterial, ImportedRow, ImportSource } from './row';
import { readStructure, StructureInputError } from './structure-input';
import { MAX_FILE_LENGTH, readAll } from './text';

/**
 * Reads a response of an OPTIMADE provider's `structures` endpoint, one entry or a page of them (OPTIMADE 1.2, https://www.optimade.org/specification;
 * Andersen et al., Sci. Data 8, 217 (2021), doi:10.1038/s41597-021-00974-z). `row` is the entry, the first being 1; its id is the external id.
 */
export async function* readOptimade(source: ImportSource): AsyncGenerator<ImportedRow> {
  const text = await readAll(source, MAX_FILE_LENGTH);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new ImportFileError(`no JSON: ${(error as Error).message}`, 1);
  }
  const data = z.object({ data: z.union([z.array(z.unknown()), z.looseObject({})]) }).safeParse(document);
  if (!data.success)
    throw new ImportFileError('no OPTIMADE response: expected an object with "data", a list of structures', 1);
  const entries = Array.isArray(data.data.data) ? data.data.data : [data.data.data];
  for (const [index, entry] of entries.entries()) yield readEntry(entry, index + 1);
}

const vector = z.tuple([z.number(), z.number(), z.number()]);
const optional = <T extends z.ZodType>(type: T) => type.nullish().transform((value) => value ?? null);
const Entry = z.looseObject({
  type: z.literal('structures'),
  id: z.string().min(1).max(200),
  attributes: z.looseObject({
    chemical_formula_reduced: z.string(),
    nperiodic_dimensions: optional(z.number()),
    lattice_vectors: optional(z.tuple([vector, vector, vector])),
    cartesian_site_positions: optional(z.array(vector).min(1)),
    species_at_sites: optional(z.array(z.string())),
    species: optional(
      z.array(
        z.looseObject({
          name: z.string(),
          chemical_symbols: z.array(z.string()).min(1),
          concentration: z.array(z.number()).min(1),
        }),
      ),
    ),
    space_group_it_number: optional(z.number()),
    space_group_symbol_hermann_mauguin: optional(z.string()),
  }),
});
type Attributes = z.infer<typeof Entry>['attributes'];

class EntryError extends Error {
  constructor(
    readonly column: string,
    message: string,
  ) {
    super(message);
  }
}

function readEntry(input: unknown, row: number): ImportedRow {
  const problem = (column: string | null, message: string): RowProblem => ({ row, column, message });
  const entry = Entry.safeParse(input);
  if (!entry.success)
    return { row, problems: entry.error.issues.map(({ path, message }) => problem(path.join('.') || null, message)) };
  try {
    return { row, material: material(entry.data.id, entry.data.attributes) };
  } catch (error) {
    if (error instanceof EntryError) return { row, problems: [problem(`attributes.${error.column}`, error.message)] };
    throw error;
  }
}

function material(id: string, attributes: Attributes): ImportedMaterial {
  const { chemical_formula_reduced: formula, space_group_it_number: number } = attributes;
  const symbol = attributes.space_group_symbol_hermann_mauguin;
  let composition: Composition;
  try {
    composition = parseFormula(formula);
  } catch (error) {
    if (error instanceof FormulaError) throw new EntryError('chemical_formula_reduced', error.message);
    throw error;
  }
  return {
    externalId: id,
    name: null,
    composition,
    spaceGroup:
      (symbol === null ? null : spaceGroupBySymbol(symbol)) ?? (number === null ? null : spaceGroupByNumber(number)),
    ...crystal(attributes, composition),
    url: null,
    doi: null,
    measurements: [],
  };
}

/** Structure and density where the entry has a cell and positions; layers and molecules have no density. */
function crystal(attributes: Attributes, composition: Composition): Pick<ImportedMaterial, 'structure' | 'density'> {
  const {
    lattice_vectors: vectors,
    cartesian_site_positions: positions,
    species_at_sites: names,
    species,
  } = attributes;
  if (vectors === null || positions === null || names === null || species === null)
    return { structure: null, density: null };
  if (names.length !== positions.length)
    throw new EntryError('species_at_sites', `${names.length} species for ${positions.length} positions`);
  let lattice;
  try {
    lattice = latticeFromVectors(vectors);
  } catch (error) {
    if (error instanceof RangeError) throw new EntryError('lattice_vectors', error.message);
    throw error;
  }
  const kinds = new Map(species.map((kind) => [kind.name, kind]));
  const sites = positions.flatMap((position, index): SiteRecord[] => {
    const kind = kinds.get(names[index]!);
    if (kind === undefined || kind.chemical_symbols.length !== kind.concentration.length)
      throw new EntryError(
        'species',
        `does not describe "${names[index]!.slice(0, 40)}", the species of site ${index + 1}`,
      );
    const [x, y, z] = toFractional(vectors, position as Vector).map(wrap) as [number, number, number];
    return kind.chemical_symbols.flatMap((element, i) =>
      element === 'vacancy' ? [] : [{ element, occupancy: kind.concentration[i]!, x, y, z }],
    );
  });
  try {
    const { structure, density } = readStructure({ lattice, sites }, composition);
    return { structure, density: (attributes.nperiodic_dimensions ?? 3) === 3 ? density : null };
  } catch (error) {
    if (error instanceof StructureInputError) throw new EntryError(`structure ${error.path}`.trim(), error.message);
    throw error;
  }
}
