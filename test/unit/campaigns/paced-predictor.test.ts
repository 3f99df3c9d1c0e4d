import { parseFormula } from '../../../src/chemistry';
import { PacedPredictor } from '../../../src/campaigns/paced-predictor';
import { BeagleError, type PredictionRequest, type Predictor } from '../../../src/domain';
import { fakePredictor } from '../discovery/fakes';

const requests = (count: number): PredictionRequest[] =>
  Array.from({ length: count }, (_, i) => ({ composition: parseFormula(`Ga${i + 1}As`), property: 'BAND_GAP' }));

test('what an overloaded model refused is asked again, the rest is not', async () => {
  const inner = fakePredictor();
  const asked: number[] = [];
  const overloaded: Predictor = {
    model: inner.model,
    async predict(all) {
      asked.push(all.length);
      const answers = [...(await inner.predict(all))];
      if (asked.length === 1)
        for (const i of [1, 3]) answers[i] = new BeagleError('MODEL_OVERLOADED', 'busy', [], { retryAfterMs: 1 });
      return answers;
    },
  };
  const answers = await new PacedPredictor(overloaded).predict(requests(5));
  expect(asked).toEqual([5, 2]);
  expect(answers).toEqual(
    (await inner.predict(requests(5))).map((answer) =>
      expect.objectContaining({ request: (answer as { request: unknown }).request }),
    ),
  );
});

test('other failures stay where they are', async () => {
  const failing = fakePredictor(() => new BeagleError('UNSUPPORTED_ELEMENT', 'never seen'));
  const [answer] = await new PacedPredictor(failing).predict(requests(1));
  expect(answer).toMatchObject({ code: 'UNSUPPORTED_ELEMENT' });
});

test('no more rows are under way than the queue of the model takes from one worker', async () => {
  let rows = 0;
  let most = 0;
  const inner = fakePredictor();
  const counting: Predictor = {
    model: inner.model,
    async predict(all, options) {
      rows += all.length;
      most = Math.max(most, rows);
      await new Promise((resolve) => setTimeout(resolve, 5));
      rows -= all.length;
      return inner.predict(all, options);
    },
  };
  const paced = new PacedPredictor(counting);
  const asked = await Promise.all(Array.from({ length: 12 }, () => paced.predict(requests(1000))));
  expect(asked.every((answers) => answers.length === 1000)).toBe(true);
  expect(most).toBe(4000);
});
