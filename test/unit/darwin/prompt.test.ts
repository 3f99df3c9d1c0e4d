import { parseFormula } from '../../../src/chemistry';
import { InputError, type Conditions, type PropertyKey } from '../../../src/domain';
import { PropertyPrompt } from '../../../src/darwin/prompt';
import { Tokenizer } from '../../../src/darwin/tokenizer';
import { goldenRows, tinyManifest, tinyProperty } from './fixtures';

const tokenizer = new Tokenizer(tinyManifest.vocabulary);
const promptOf = (key: PropertyKey) => new PropertyPrompt(tinyProperty(key), tokenizer);
const resolve = (key: PropertyKey, conditions?: Conditions) => promptOf(key).conditions(conditions);
const names = (ids: readonly number[]) => ids.map((id) => tinyManifest.vocabulary[id]);

function inputError(key: PropertyKey, conditions: object): InputError {
  try {
    resolve(key, conditions as Conditions);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return error as InputError;
  }
  throw new Error('was accepted');
}

describe('a row of the model', () => {
  it.each(goldenRows.map((g) => [`${g.property} of ${g.formula} at ${JSON.stringify(g.conditions)}`, g]))(
    'is what training made of %s',
    (_, golden) => {
      const prompt = promptOf(golden.property);
      const composition = parseFormula(golden.formula);
      const row = prompt.row(composition, prompt.conditions(golden.conditions));
      expect(composition.key).toBe(golden.key);
      expect(row.tokens).toEqual(golden.tokens);
      row.numbers.forEach((number, i) => expect(number).toBeCloseTo(golden.numbers[i]!, 6));
    },
  );

  it('lists elements by atomic number with their atomic fractions, then conditions, then the answer', () => {
    const prompt = promptOf('YIELD_STRENGTH_ALLOY');
    const row = prompt.row(parseFormula('Ti3Al'), prompt.conditions({ temperature: 800, processing: 'CAST' }));
    expect(names(row.tokens)).toEqual([
      '<Al>',
      '<Ti>',
      '[temperature]',
      '[processing=CAST]',
      '[testType=COMPRESSION]',
      '[ANSWER]',
    ]);
    expect(row.numbers).toEqual([0.25, 0.75, 0.5, 0, 0, 0]);
  });
});

describe('conditions', () => {
  it('take their documented defaults, null being absent', () => {
    expect(resolve('VICKERS_HARDNESS').values).toEqual({ load: 0.98 });
    expect(resolve('VICKERS_HARDNESS', { load: null, temperature: null }).values).toEqual({ load: 0.98 });
    expect(resolve('BAND_GAP', {}).values).toEqual({});
  });

  it('are refused by name where the property does not depend on them', () => {
    expect(inputError('BAND_GAP', { temperature: 300, load: 1 }).fields).toEqual([
      {
        path: ['conditions', 'temperature'],
        message: 'BAND_GAP does not depend on temperature; it takes no conditions',
      },
      { path: ['conditions', 'load'], message: 'BAND_GAP does not depend on load; it takes no conditions' },
    ]);
    expect(inputError('SEEBECK_COEFFICIENT', { load: 1 }).message).toContain('it takes temperature');
    expect(inputError('SEEBECK_COEFFICIENT', { colour: 'red' }).message).toContain('conditions.colour');
  });

  it.each([0, -5, NaN, Infinity, '300'])('refuse the number %p', (temperature) => {
    expect(inputError('SEEBECK_COEFFICIENT', { temperature }).fields).toEqual([
      { path: ['conditions', 'temperature'], message: `must be a number greater than 0, is ${temperature}` },
    ]);
  });

  it('refuse a word that is not one of theirs, naming all wrong ones at once', () => {
    const { fields } = inputError('YIELD_STRENGTH_ALLOY', { processing: 'BAKED', temperature: -1 });
    expect(fields.map((f) => f.path[1])).toEqual(['temperature', 'processing']);
    expect(fields[1]!.message).toContain('must be one of CAST, ANNEALED');
  });

  it('outside the trained range are answered as at its bound, with a warning that says so', () => {
    const { max } = tinyProperty('SEEBECK_COEFFICIENT').conditions[0] as { max: number };
    const beyond = resolve('SEEBECK_COEFFICIENT', { temperature: max + 1000 });
    const bound = resolve('SEEBECK_COEFFICIENT', { temperature: max });
    expect(beyond.numbers).toEqual(bound.numbers);
    expect(beyond.values).toEqual({ temperature: max + 1000 });
    expect(beyond.warnings).toHaveLength(1);
    expect(beyond.warnings[0]).toContain(`temperature ${max + 1000} K is outside the range`);
    expect(beyond.warnings[0]).toContain(`this is the answer at ${max} K`);
    expect(bound.warnings).toEqual([]);
  });

  it('have one key for one meaning', () => {
    const keyOf = (conditions?: Conditions) => resolve('YIELD_STRENGTH_ALLOY', conditions).key;
    expect(keyOf({ processing: 'UNSPECIFIED', temperature: 300 })).toBe(keyOf());
    expect(keyOf({ processing: 'CAST' })).not.toBe(keyOf());
    expect(keyOf({ temperature: 301 })).not.toBe(keyOf());
  });
});
