import { figure, table } from '../../../src/cli/output';

describe('the tables of the commands', () => {
  test('columns line up: text to the left, numbers to the right, what is not there is empty', () => {
    const text = table(
      ['formula', 'gap', 'note'],
      [
        ['GaAs', 1.4236, 'known'],
        ['Al0.5Ga0.5As', 12, null],
        ['C', null, ''],
      ],
    );
    expect(text.split('\n')).toEqual([
      'formula         gap  note',
      '────────────  ─────  ─────',
      'GaAs          1.424  known',
      'Al0.5Ga0.5As     12',
      'C',
    ]);
  });

  test('without rows the header stands alone', () => {
    expect(table(['rank', 'formula'], [])).toBe('rank  formula\n────  ───────');
  });

  test.each([
    [0, '0'],
    [1.41999, '1.42'],
    [-0.00123456, '-0.001235'],
    [123456, '123500'],
    [1.23456e-5, '1.235e-5'],
    [2.5e7, '2.500e+7'],
  ])('%p is printed as %s', (value, text) => {
    expect(figure(value)).toBe(text);
  });
});
