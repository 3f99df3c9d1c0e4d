import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { FormulaError, parseFormula } from '../chemistry';
import { PROJECT_FOLDER, readConfig } from '../config';
import { openModel } from '../darwin';
import { PROPERTY_KEYS, propertyDefinition, type PredictionRequest, type PropertyKey } from '../domain';
import { choiceOption, runCommand, UsageError } from './command';
import { conditionsOf } from './conditions';
import { compared, type Comparison, type ComparedRow } from './comparison';
import { table } from './output';

const USAGE = `Compare model packages on your own measurements.

  npm run compare-models -- --data my.csv --property BAND_GAP [--models models/darwin-0.3.1,models/darwin-0.3.1-mine]

  --data FILE          CSV with the header formula,value and, for its conditions, temperature_K, load_N, wavelength_um, processing, test_type;
                       values in the property's unit, 0 or 1 for yes-or-no properties
  --property KEY       one property
  --models FOLDERS     separated by commas; default: every models/darwin-*
  --json               one JSON object a package

Errors are given for all rows, and for the rows whose composition the package had no training value of this property for: only those tell
what it will do with something new.`;

runCommand(USAGE, async (args, signal) => {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      property: { type: 'string' },
      models: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  if (values.data === undefined || values.property === undefined)
    throw new UsageError('--data and --property are needed');
  const property = choiceOption('property', values.property, PROPERTY_KEYS);
  const rows = readRows(values.data, property);
  const results: Comparison[] = [];
  for (const folder of values.models?.split(',') ?? packages()) results.push(await run(folder, property, rows, signal));
  if (values.json) for (const one of results) console.log(JSON.stringify(one));
  else print(property, rows.length, results);
});

/** Every package that is shipped, oldest first. */
function packages(): string[] {
  const models = join(PROJECT_FOLDER, 'models');
  return readdirSync(models)
    .filter((name) => /^darwin-\d/.test(name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => join(models, name));
}

interface MeasuredRow {
  readonly request: PredictionRequest;
  readonly measured: number;
}

/** @throws UsageError naming the line that cannot be read. */
function readRows(file: string, property: PropertyKey): MeasuredRow[] {
  let records: Record<string, string>[];
  try {
    records = parse(readFileSync(file, 'utf8'), { columns: true, skip_empty_lines: true, trim: true, bom: true });
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
  if (records.length === 0) throw new UsageError(`${file} has no rows`);
  return records.map((record, i) => {
    const fail = (problem: string) => new UsageError(`${file}, row ${i + 1}: ${problem}`);
    const measured = record['value'] === undefined || record['value'] === '' ? NaN : Number(record['value']);
    if (!Number.isFinite(measured)) throw fail('the column value holds no number');
    const given = (column: string) => record[column] || undefined;
    try {
      const conditions = conditionsOf({
        temperature: given('temperature_K'),
        load: given('load_N'),
        wavelength: given('wavelength_um'),
        processing: given('processing'),
        'test-type': given('test_type'),
      });
      return { request: { composition: parseFormula(record['formula'] ?? ''), property, conditions }, measured };
    } catch (error) {
      throw error instanceof FormulaError || error instanceof UsageError ? fail(error.message) : error;
    }
  });
}

async function run(
  folder: string,
  property: PropertyKey,
  rows: readonly MeasuredRow[],
  signal: AbortSignal,
): Promise<Comparison> {
  const { device, threads } = readConfig();
  const predictor = await openModel({ folder, device, workers: 1, threads });
  try {
    const start = performance.now();
    const answers = await predictor.predict(
      rows.map(({ request }) => request),
      { signal },
    );
    const seconds = (performance.now() - start) / 1000;
    const predictions = answers.flatMap((answer) => (answer instanceof Error ? [] : [answer]));
    const evidence = await predictor.evidenceOf(predictions);
    const known = new Map(predictions.map((prediction, i) => [prediction, evidence[i]!.inTrainingData]));
    const compare: ComparedRow[] = answers.flatMap((answer, i) =>
      answer instanceof Error ? [] : [{ prediction: answer, measured: rows[i]!.measured, trained: known.get(answer)! }],
    );
    const failed = answers.find((answer) => answer instanceof Error);
    if (compare.length === 0) throw new UsageError(`${predictor.model.id} answers no row: ${failed?.message}`);
    return compared(predictor.model.id, property, compare, rows.length - compare.length, rows.length / seconds);
  } finally {
    await predictor.close();
  }
}

function print(property: PropertyKey, count: number, results: readonly Comparison[]): void {
  const { unit, kind } = propertyDefinition(property);
  const error = kind === 'CLASSIFICATION' ? 'wrong' : `MAE, ${unit}`;
  console.log(`${property}, ${count} rows\n`);
  const header = [
    'package',
    'rows',
    'refused',
    error,
    'not trained on',
    `${error}, these`,
    '90 % intervals cover',
    'a second',
  ];
  console.log(
    table(
      header,
      results.map((one) => [
        one.model,
        one.rows,
        one.refused,
        one.error,
        one.newRows,
        one.newError,
        one.coverage,
        Math.round(one.perSecond),
      ]),
    ),
  );
}
