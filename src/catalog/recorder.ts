import { v7 as uuidv7 } from 'uuid';
import { FormulaError, parseFormula, type Composition } from '../chemistry';
import { claimKey, type Database } from '../data';
import {
  conditionsOfEach,
  InputError,
  MAX_MEASUREMENTS,
  propertyDefinition,
  type CheckedMeasurement,
  type Conditions,
  type FieldError,
  type GivenMeasurement,
  type MeasurementRecorder,
  type PropertyKey,
  type RecordMeasurementsInput,
  type SourceInput,
} from '../domain';
import { valueProblem } from './import/columns';
import { checkedSource } from './import/importer';
import { propertyConverter, UnknownUnitError } from './units';
import { catalogWriterIn } from './writer';

const MAX_KEY = 255;
/** Of a measurement whose lab names none. */
const UNNAMED: SourceInput = { name: 'unpublished measurement' };

/** The MeasurementRecorder port over the catalogue. */
export function createMeasurementRecorder(database: Pick<Database, 'transaction' | 'catalogue'>): MeasurementRecorder {
  return {
    check: checkedMeasurements,
    async record({ ownerId }, input) {
      const measurements = checkedMeasurements(input);
      const { idempotencyKey } = input;
      const ids = await database.transaction(async ({ campaigns, catalogueWriter }) => {
        // Storing again stores nothing, so that what a key was used for need not be kept.
        if (idempotencyKey != null)
          await claimKey(campaigns, ownerId, idempotencyKey, ['recordMeasurements', null, measurements], uuidv7());
        const writer = catalogWriterIn(catalogueWriter);
        const found: string[] = [];
        for (const { source, rows } of bySource(measurements)) {
          const stored = await writer.recordMeasurements(
            source,
            rows.map((row) => measurements[row]!),
          );
          rows.forEach((row, i) => (found[row] = stored[i]!));
        }
        return found;
      });
      const records = await database.catalogue.measurementsByIds(ids);
      return records.map((record) => record!);
    },
  };
}

/** @throws InputError naming every mistake, its path from `measurements` or `idempotencyKey` on */
export function checkedMeasurements({
  measurements,
  idempotencyKey,
}: RecordMeasurementsInput): readonly CheckedMeasurement[] {
  const problems: FieldError[] = [];
  const { length } = measurements;
  if (length < 1 || length > MAX_MEASUREMENTS)
    problems.push({ path: ['measurements'], message: `${length} given; 1 to ${MAX_MEASUREMENTS} are allowed` });
  if (idempotencyKey != null && (idempotencyKey.trim() === '' || idempotencyKey.length > MAX_KEY)) {
    const message = `has ${idempotencyKey.length} characters; 1 to ${MAX_KEY} are allowed`;
    problems.push({ path: ['idempotencyKey'], message });
  }
  const checked = measurements.slice(0, MAX_MEASUREMENTS).map((given, i) => {
    const at = (path: readonly string[], message: string): void =>
      void problems.push({ path: ['measurements', String(i), ...path], message });
    return checkedMeasurement(given, at);
  });
  if (problems.length > 0) throw new InputError(problems);
  return checked as CheckedMeasurement[];
}

type Report = (path: readonly string[], message: string) => void;

/** Null where something was wrong and has been reported. */
function checkedMeasurement(given: GivenMeasurement, report: Report): CheckedMeasurement | null {
  const { property } = given;
  const { unit, fidelity } = propertyDefinition(property);
  const conditions = reported(report, () => checkedConditions(property, given.conditions));
  const source = reported(report, () => (given.source == null ? UNNAMED : checkedSource(given.source)));
  const composition = checkedFormula(given.formula, report);
  const amounts = composition && checkedValue(given, composition, report);
  if (conditions === null || source === null || composition === null || amounts === null) return null;
  return { composition, property, ...amounts, unit, fidelity, conditions, source };
}

function checkedFormula(formula: string, report: Report): Composition | null {
  try {
    return parseFormula(formula);
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    report(['formula'], error.message);
    return null;
  }
}

function checkedValue(
  { property, value, unit, uncertainty }: GivenMeasurement,
  composition: Composition,
  report: Report,
): { value: number; uncertainty: number | null } | null {
  try {
    const convert = propertyConverter(property, unit ?? propertyDefinition(property).unit);
    const converted = convert(value, composition);
    const problem = valueProblem(property, converted);
    if (problem !== null) report(['value'], problem);
    if (uncertainty == null) return problem === null ? { value: converted, uncertainty: null } : null;
    if (!(uncertainty >= 0 && uncertainty < Infinity)) {
      report(['uncertainty'], `${uncertainty} is no uncertainty; expected a number not below 0`);
      return null;
    }
    // A unit with an offset has none for differences.
    const width = Math.abs(convert(value + uncertainty, composition) - converted);
    return problem === null ? { value: converted, uncertainty: width } : null;
  } catch (error) {
    if (!(error instanceof UnknownUnitError)) throw error;
    report(['unit'], error.message);
    return null;
  }
}

function checkedConditions(property: PropertyKey, conditions: Conditions | null | undefined): Conditions {
  const [known] = conditionsOfEach([property], conditions);
  const wrong = Object.entries(known!).filter(
    ([, value]) => typeof value === 'number' && !(value > 0 && value < Infinity),
  );
  if (wrong.length > 0)
    throw new InputError(
      wrong.map(([name, value]) => ({
        path: ['conditions', name],
        message: `${value} is no ${name}; expected a positive number`,
      })),
    );
  return known!;
}

function reported<T>(report: Report, work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    for (const { path, message } of error.fields) report(path, message);
    return null;
  }
}

/** Indices into the list, those of one source together. */
function bySource(measurements: readonly CheckedMeasurement[]) {
  const groups = new Map<string, { readonly source: SourceInput; readonly rows: number[] }>();
  measurements.forEach(({ source }, row) => {
    const id = JSON.stringify([source.name, source.url, source.doi, source.licence]);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, { source, rows: [row] });
    else group.rows.push(row);
  });
  // In one order, so that two recordings at once wait for each other instead of deadlocking.
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}
