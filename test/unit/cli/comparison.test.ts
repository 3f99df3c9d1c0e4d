import { compared, type ComparedRow } from '../../../src/cli/comparison';
import type { PredictionResult } from '../../../src/domain';

/** A uniform distribution from 0 to twice the value. */
const row = (property: string, value: number, measured: number, trained: boolean): ComparedRow => ({
  prediction: {
    request: { property },
    distribution: { value, quantile: (p: number) => p * 2 * value },
  } as unknown as PredictionResult,
  measured,
  trained,
});

test('errors of all rows and of those that were not trained on, coverage and speed', () => {
  const rows = [row('BAND_GAP', 1, 1.5, true), row('BAND_GAP', 2, 1, false), row('BAND_GAP', 1, 9, false)];
  expect(compared('darwin@1.0.0', 'BAND_GAP', rows, 4, 100)).toEqual({
    model: 'darwin@1.0.0',
    rows: 3,
    refused: 4,
    error: (0.5 + 1 + 8) / 3,
    newRows: 2,
    newError: 4.5,
    coverage: 2 / 3,
    perSecond: 100,
  });
});

test('a classification counts wrong labels and has no coverage', () => {
  const rows = [row('IS_METAL', 0.9, 1, true), row('IS_METAL', 0.9, 0, true)];
  expect(compared('m', 'IS_METAL', rows, 0, 1)).toMatchObject({
    error: 0.5,
    newRows: 0,
    newError: null,
    coverage: null,
  });
});
