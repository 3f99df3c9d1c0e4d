import { FormulaError, parseFormula, type Composition } from '../../chemistry';
import {
  isPropertyKey,
  MECHANICAL_TESTS,
  PROCESSING,
  PROPERTY_KEYS,
  propertyDefinition,
  type Conditions,
  type PropertyKey,
} from '../../domain';
import { quote, spaceGroupByNumber, spaceGroupBySymbol, type SpaceGroup } from '../structure';
import { converterTo, propertyConverter, UnknownUnitError, type UnitConverter } from '../units';
import type { RowProblem } from './problem';
import { isWebAddress } from './web-address';
import type { ImportedMaterial } from './row';

/** A cell as a format gives it: text from CSV, text or a number from JSON. */
export type Cell = string | number;

/** What the reader of a row collects; every cell is read even after a mistake, so that a row reports all of its own at once. */
interface Draft {
  composition: Composition | null;
  externalId: string | null;
  name: string | null;
  spaceGroup: SpaceGroup | null;
  density: number | null;
  url: string | null;
  doi: string | null;
  conditions: { -readonly [K in keyof Conditions]: Conditions[K] };
  values: { property: PropertyKey; value: number; convert: UnitConverter; column: string }[];
}

/** A column: puts a cell into the draft or throws a CellError. */
interface Column {
  readonly header: string;
  readonly set: (draft: Draft, cell: Cell) => void;
}

/** What is wrong with a cell, for the caller to read. */
class CellError extends Error {}

const text =
  (key: 'externalId' | 'name' | 'url' | 'doi', maxLength: number) =>
  (draft: Draft, cell: Cell): void => {
    const value = String(cell).trim();
    if (value.length > maxLength) throw new CellError(`${value.length} characters; at most ${maxLength} are kept`);
    // What text in Postgres cannot hold.
    if (/\0|\p{Surrogate}/u.test(value)) throw new CellError('holds a NUL character or half a surrogate pair');
    draft[key] = value;
  };

const PLAIN: Readonly<Record<string, (draft: Draft, cell: Cell) => void>> = {
  formula: (draft, cell) => {
    try {
      draft.composition = parseFormula(String(cell));
    } catch (error) {
      if (error instanceof FormulaError) throw new CellError(error.message);
      throw error;
    }
  },
  external_id: text('externalId', 200),
  name: text('name', 500),
  url: (draft, cell) => {
    if (!isWebAddress(String(cell).trim())) throw new CellError(`${quote(String(cell))} is no http or https address`);
    text('url', 2000)(draft, cell);
  },
  doi: text('doi', 300),
  space_group: (draft, cell) => {
    const written = String(cell).trim();
    const group = /^\d+$/.test(written) ? spaceGroupByNumber(Number(written)) : spaceGroupBySymbol(written);
    if (group === null)
      throw new CellError(
        `unknown space group ${quote(written)}; expected a number from 1 to 230 or a symbol such as "Fm-3m"`,
      );
    draft.spaceGroup = group;
  },
  processing: category('processing', PROCESSING),
  test_type: category('testType', MECHANICAL_TESTS),
};

function category<T extends string>(
  key: 'processing' | 'testType',
  values: readonly T[],
): (draft: Draft, cell: Cell) => void {
  return (draft, cell) => {
    const value = values.find((known) => known === String(cell).trim().toUpperCase());
    if (value === undefined) throw new CellError(`${quote(String(cell))}; expected ${values.join(', ')}`);
    (draft.conditions as Record<string, string>)[key] = value;
  };
}

/** Numeric conditions, with the unit that they are kept in. */
const CONDITIONS = { temperature: 'K', load: 'N', wavelength: 'um' } as const;

const KNOWN_HEADERS =
  `${Object.keys(PLAIN).join(', ')}, density (g/cm^3), temperature (K), load (N), wavelength (um) ` +
  'and a property in lower case with its unit, such as band_gap (eV)';

/** Reads a column name; throws an Error that says what would be right. */
export function column(header: string): Column {
  const plain = header.trim().toLowerCase();
  if (Object.hasOwn(PLAIN, plain)) return { header: plain, set: PLAIN[plain]! };
  const [, name = '', unit] = /^([a-z][a-z0-9_]*)\s*(?:\((.*)\))?$/is.exec(header.trim()) ?? [];
  const key = name.toLowerCase();
  const property = key.toUpperCase();
  const label = unit === undefined ? key : `${key} (${unit})`;
  const known = key === 'density' || Object.hasOwn(CONDITIONS, key) || isPropertyKey(property);
  if (!known) throw new Error(`unknown column ${quote(header)}${nearest(property)}; expected ${KNOWN_HEADERS}`);

  const target = Object.hasOwn(CONDITIONS, key)
    ? CONDITIONS[key as keyof typeof CONDITIONS]
    : propertyDefinition(property as PropertyKey).unit;
  if (unit === undefined && target !== 'dimensionless')
    throw new Error(`the column ${quote(header)} names no unit; expected for example "${key} (${target})"`);
  try {
    if (key === 'density') return { header: label, set: densitySetter(converterTo(target, unit ?? '')) };
    if (Object.hasOwn(CONDITIONS, key)) {
      const name = key as keyof typeof CONDITIONS;
      const convert = converterTo(target, unit ?? '');
      return { header: label, set: conditionSetter(name, convert) };
    }
    const convert = propertyConverter(property as PropertyKey, unit ?? '');
    return {
      header: label,
      set: (draft, cell) => {
        draft.values.push({ property: property as PropertyKey, value: numberOf(cell), convert, column: label });
      },
    };
  } catch (error) {
    if (error instanceof UnknownUnitError)
      throw new Error(`the column ${quote(header)} has an ${error.message}`, { cause: error });
    throw error;
  }
}

function nearest(property: string): string {
  const match = PROPERTY_KEYS.find((key) => key.startsWith(property) || property.startsWith(key));
  return match === undefined || property === '' ? '' : ` (did you mean "${match.toLowerCase()}"?)`;
}

function densitySetter(convert: UnitConverter): Column['set'] {
  return (draft, cell) => {
    // Density converts by a factor: no composition is looked at.
    const value = convert(numberOf(cell), NONE);
    if (value <= 0) throw new CellError(`${String(cell)} is no density; expected a positive number`);
    draft.density = value;
  };
}

function conditionSetter(name: keyof typeof CONDITIONS, convert: UnitConverter): Column['set'] {
  return (draft, cell) => {
    const value = convert(numberOf(cell), NONE);
    if (value <= 0)
      throw new CellError(`${String(cell)} is no ${name}; expected a positive number of ${CONDITIONS[name]}`);
    draft.conditions[name] = value;
  };
}

const NONE = { atoms: NaN } as Composition;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

function numberOf(cell: Cell): number {
  if (typeof cell === 'number') return cell;
  const written = cell.trim();
  const value = NUMBER.test(written) ? Number(written) : NaN;
  if (!Number.isFinite(value))
    throw new CellError(`${quote(written)} is no number; expected one such as 1.42 or 1.42e-3`);
  return value;
}

/** Properties that can be negative; every other is an amount, a size or a temperature. */
const SIGNED: ReadonlySet<PropertyKey> = new Set<PropertyKey>([
  'SEEBECK_COEFFICIENT',
  'FORMATION_ENTHALPY',
  'GIBBS_FORMATION_ENERGY',
  'FORMATION_ENERGY',
  'DECOMPOSITION_ENERGY',
  'THERMAL_EXPANSION',
]);

/** Why a value cannot be one of this property, or null. */
export function valueProblem(property: PropertyKey, value: number): string | null {
  const { kind, unit } = propertyDefinition(property);
  if (!Number.isFinite(value)) return `${value} is no finite number`;
  if (kind === 'CLASSIFICATION' && !(value >= 0 && value <= 1))
    return `${value} is no class; expected 1, 0 or a probability between`;
  if (value < 0 && !SIGNED.has(property)) return `${value} ${unit} is negative; ${property.toLowerCase()} cannot be`;
  return null;
}

/** What the columns of a row say of a material; `structure` is for the format to add. */
export type TabularMaterial = Omit<ImportedMaterial, 'structure'>;

/** Reads the cells of one row; an empty cell is an absent one. */
export function readCells(
  row: number,
  cells: Iterable<readonly [Column, Cell]>,
): { readonly material: TabularMaterial | null; readonly problems: RowProblem[] } {
  const problems: RowProblem[] = [];
  const draft: Draft = {
    composition: null,
    externalId: null,
    name: null,
    spaceGroup: null,
    density: null,
    url: null,
    doi: null,
    conditions: {},
    values: [],
  };
  let formulaGiven = false;
  for (const [{ header, set }, cell] of cells) {
    if (typeof cell === 'string' && cell.trim() === '') continue;
    formulaGiven ||= header === 'formula';
    try {
      set(draft, cell);
    } catch (error) {
      if (!(error instanceof CellError)) throw error;
      problems.push({ row, column: header, message: error.message });
    }
  }
  if (!formulaGiven) problems.push({ row, column: 'formula', message: 'is empty; every material has a formula' });
  const { composition, values, conditions, ...rest } = draft;
  if (composition === null) return { material: null, problems };

  const measurements = values.map(({ property, value, convert, column: name }) => {
    const converted = convert(value, composition);
    const problem = valueProblem(property, converted);
    if (problem !== null) problems.push({ row, column: name, message: problem });
    const known = propertyDefinition(property).conditions;
    return {
      property,
      value: converted,
      conditions: Object.fromEntries(Object.entries(conditions).filter(([name]) => known.some((k) => k === name))),
    };
  });
  return { material: { ...rest, composition, measurements }, problems };
}
