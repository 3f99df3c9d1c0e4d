import { readdirSync } from 'node:fs';
import path from 'node:path';
import { elementMoversDistance, fractionsOfKey, parseFormula, type KeyIndex } from '../../../src/chemistry';
import { TrainingIndex } from '../../../src/darwin/training-index';

const models = path.resolve(__dirname, '../../../models');
const packages = readdirSync(models).filter((name) => name.startsWith('darwin-'));

describe.each(packages)('the training compositions of %s', (name) => {
  const training = new TrainingIndex(path.join(models, name, 'training-compositions.tsv.gz'));
  let index: KeyIndex;
  beforeAll(async () => (index = await training.compositions()));

  test('are searched exactly: the ten nearest are those that comparing with each of them finds', () => {
    const known = index.keys.map(fractionsOfKey);
    for (const formula of ['Cs2AgBiBr6', 'Fe0.7Cr0.18Ni0.12', 'HoAgTePO', 'He']) {
      const asked = parseFormula(formula);
      const all = Float64Array.from(known, (one) => elementMoversDistance(asked, one)).sort();
      const found = index.nearest(asked, 10);
      expect(new Set(found.map(({ key }) => key)).size).toBe(10);
      found.forEach(({ key, distance }, i) => {
        // A distance that the rounding of two keys can make is taken for 0.
        expect(Math.abs(distance - all[i]!)).toBeLessThan(1e-4);
        expect(Math.abs(distance - elementMoversDistance(asked, fractionsOfKey(key)))).toBeLessThan(1e-4);
      });
    }
  });
});
