import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseFormula } from '../../../src/chemistry';
import { createPredictor } from '../../../src/darwin';
import { PROPERTY_KEYS } from '../../../src/domain';
import type { GoldenRow } from '../../unit/darwin/fixtures';

const models = path.resolve(__dirname, '../../../models');
const packages = readdirSync(models).filter((name) => name.startsWith('darwin-'));

it('there is a shipped model', () => {
  expect(packages).not.toEqual([]);
});

describe.each(packages)('%s', (name) => {
  it('answers every property of the contract, and its golden rows as torch does', async () => {
    const folder = path.join(models, name);
    const golden = readFileSync(path.join(folder, 'golden.jsonl'), 'utf8').trim().split('\n');
    const rows = golden.map((line) => JSON.parse(line) as GoldenRow);
    const predictor = await createPredictor({ folder, device: 'cpu', workers: 1 });
    try {
      expect(predictor.model.properties.map(({ key }) => key).sort()).toEqual([...PROPERTY_KEYS].sort());
      const requests = rows.map(({ formula, property, conditions }) => ({
        composition: parseFormula(formula),
        property,
        conditions,
      }));
      const results = await predictor.predict(requests);
      const wrong = results.flatMap((result, i) => {
        const { property, formula, value } = rows[i]!;
        const found = result instanceof Error ? NaN : result.distribution.value;
        const close = Math.abs(found - value) <= 1e-4 * Math.max(Math.abs(found), Math.abs(value)) + 1e-6;
        return close ? [] : [{ property, formula, found, value }];
      });
      expect(wrong).toEqual([]);
    } finally {
      await predictor.close();
    }
  });
});
