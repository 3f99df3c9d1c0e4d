import { MECHANICAL_TESTS, PROCESSING, type Conditions } from '../domain';
import { choiceOption, numberOption } from './command';

export const CONDITION_OPTIONS = {
  temperature: { type: 'string' },
  load: { type: 'string' },
  wavelength: { type: 'string' },
  processing: { type: 'string' },
  'test-type': { type: 'string' },
} as const;

export const CONDITION_USAGE = `  --temperature K      --load N      --wavelength µm
  --processing ${PROCESSING.join('|')}
  --test-type ${MECHANICAL_TESTS.join('|')}`;

type Values = { readonly [name in keyof typeof CONDITION_OPTIONS]?: string };

export function conditionsOf(values: Values): Conditions {
  const { temperature, load, wavelength, processing } = values;
  const testType = values['test-type'];
  return {
    ...(temperature !== undefined && { temperature: numberOption('temperature', temperature) }),
    ...(load !== undefined && { load: numberOption('load', load) }),
    ...(wavelength !== undefined && { wavelength: numberOption('wavelength', wavelength) }),
    ...(processing !== undefined && { processing: choiceOption('--processing', processing, PROCESSING) }),
    ...(testType !== undefined && { testType: choiceOption('--test-type', testType, MECHANICAL_TESTS) }),
  };
}
