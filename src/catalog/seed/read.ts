import { parse } from 'csv-parse/sync';
import { parseFormula } from '../../chemistry';
import {
  isPropertyKey,
  propertyDefinition,
  type CompositionMeasurementInput,
  type Conditions,
  type MaterialInput,
} from '../../domain';
import { materialInput } from '../import/import-materials';
import { readObject, type ColumnCache } from '../import/jsonl';
import { propertyConverter } from '../units';

/** Rows of catalogue.jsonl, each with the key of its source. The citation is for readers of the file; `url` leads to it too. */
export function* readSeedMaterials(text: string): Generator<readonly [string, MaterialInput]> {
  const columns: ColumnCache = new Map();
  for (const [index, line] of text.trimEnd().split('\n').entries()) {
    const { source, citation: _, ...object } = JSON.parse(line) as Record<string, unknown>;
    const row = readObject(object, index + 1, columns);
    if (row.problems !== undefined) throw new Error(`catalogue.jsonl: ${JSON.stringify(row.problems[0])}`);
    yield [String(source), materialInput(row.material)];
  }
}

interface MeasurementRow {
  readonly formula: string;
  readonly property: string;
  readonly value: string;
  readonly unit: string;
  readonly uncertainty: string;
  /** Empty: that of the property. A measured bulk modulus says EXPERIMENT. */
  readonly fidelity: '' | 'EXPERIMENT' | 'DFT';
  readonly 'temperature (K)': string;
  readonly 'wavelength (um)': string;
  readonly source: string;
}

/** Rows of measurements.csv, each with the key of its source, in the unit of its property. */
export function* readSeedMeasurements(text: string): Generator<readonly [string, CompositionMeasurementInput]> {
  const rows: MeasurementRow[] = parse(text, { columns: true });
  for (const row of rows) {
    const { property, unit } = row;
    if (!isPropertyKey(property)) throw new Error(`measurements.csv: there is no property "${property}"`);
    const definition = propertyDefinition(property);
    const composition = parseFormula(row.formula);
    const convert = propertyConverter(property, unit);
    const value = Number(row.value);
    const converted = convert(value, composition);
    const uncertainty =
      row.uncertainty === '' ? null : Math.abs(convert(value + Number(row.uncertainty), composition) - converted);
    yield [
      row.source,
      {
        composition,
        property,
        value: tidy(converted),
        uncertainty: uncertainty === null ? null : tidy(uncertainty),
        unit: definition.unit,
        fidelity: row.fidelity || definition.fidelity,
        conditions: conditionsOf(row),
      },
    ];
  }
}

function conditionsOf(row: MeasurementRow): Conditions {
  return {
    ...(row['temperature (K)'] !== '' && { temperature: Number(row['temperature (K)']) }),
    ...(row['wavelength (um)'] !== '' && { wavelength: Number(row['wavelength (um)']) }),
  };
}

/** Conversion leaves rounding noise, 1300.1499999999999 K. */
const tidy = (value: number): number => Number(value.toPrecision(10));
