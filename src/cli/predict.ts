import { parseArgs } from 'node:util';
import { parseFormula } from '../chemistry';
import { readConfig } from '../config';
import {
  conditionsOfEach,
  interval,
  predictedLabel,
  PROPERTY_KEYS,
  propertyDefinition,
  spread,
  type Conditions,
  type PredictionResult,
} from '../domain';
import { openPredictor } from '../services';
import { choiceOption, numberOption, runCommand, UsageError } from './command';
import { CONDITION_OPTIONS, CONDITION_USAGE, conditionsOf } from './conditions';
import { figure, table } from './output';

const USAGE = `Predict properties of a composition.

  npm run predict -- FORMULA PROPERTY [PROPERTY …] [options]
  npm run predict -- GaAs BAND_GAP BULK_MODULUS

${CONDITION_USAGE}
  --level P            probability of the interval, default 0.9
  --json               one JSON object a line

Properties: ${PROPERTY_KEYS.join(' ')}`;

runCommand(USAGE, async (args, signal) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...CONDITION_OPTIONS, level: { type: 'string' }, json: { type: 'boolean' } },
  });
  const [formula, ...names] = positionals;
  if (formula === undefined || names.length === 0)
    throw new UsageError('a formula and at least one property are needed');
  const composition = parseFormula(formula);
  const properties = names.map((name) => choiceOption('property', name, PROPERTY_KEYS));
  const level = values.level === undefined ? 0.9 : numberOption('level', values.level);
  const each = conditionsOfEach(properties, conditionsOf(values));

  const predictor = await openPredictor(readConfig());
  try {
    const results = await predictor.predict(
      properties.map((property, i) => ({ composition, property, conditions: each[i] })),
      { signal },
    );
    const answers = results.map((result) => {
      if (result instanceof Error) throw result;
      return answer(result, level);
    });
    if (values.json) for (const one of answers) console.log(JSON.stringify(one));
    else print(composition.formula, predictor.model.id, answers, level);
  } finally {
    await predictor.close();
  }
});

function answer(result: PredictionResult, level: number) {
  const { composition, property } = result.request;
  const { unit } = propertyDefinition(property);
  return {
    formula: composition.formula,
    property,
    value: result.distribution.value,
    unit,
    label: predictedLabel(result),
    standardDeviation: spread(result),
    interval: interval(result, level),
    conditions: result.conditions,
    warnings: result.warnings,
    model: result.modelId,
  };
}

function print(formula: string, model: string, answers: readonly ReturnType<typeof answer>[], level: number): void {
  const rows = answers.map(({ property, value, unit, label, interval: range, conditions }) => [
    property,
    value,
    label === null ? unit : label ? 'yes' : 'no',
    range === null ? null : `${figure(range.lower)} … ${figure(range.upper)}`,
    describe(conditions),
  ]);
  console.log(`${formula} (${model})\n`);
  console.log(table(['property', 'value', 'unit', `${figure(level * 100)} % interval`, 'conditions'], rows));
  for (const warning of new Set(answers.flatMap((one) => one.warnings))) console.error(`warning: ${warning}`);
}

function describe(conditions: Conditions): string {
  return Object.entries(conditions)
    .filter(([, value]) => value != null)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
