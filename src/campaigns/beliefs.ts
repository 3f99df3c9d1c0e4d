import type { Composition } from '../chemistry';
import { coordinatesOf, type Beliefs, type DiscoveryPlan } from '../discovery';
import type { PredictOptions, Predictor } from '../domain';

/** Candidates that are predicted together. */
const BATCH = 1_024;

/** What the model believes of compositions, in the form that suggestions are made from; order kept. */
export async function beliefsOf(
  plan: DiscoveryPlan,
  compositions: readonly Composition[],
  predictor: Predictor,
  options: PredictOptions,
): Promise<Beliefs> {
  const { query, channels } = plan;
  const coordinates = coordinatesOf(plan);
  const width = widthOf(plan);
  const values = new Float64Array(compositions.length * width);
  for (let from = 0; from < compositions.length; from += BATCH) {
    const batch = compositions.slice(from, from + BATCH);
    const answers = await Promise.all(
      channels.list.map((channel) =>
        predictor.predict(
          batch.map((composition) => ({ composition, ...channel })),
          options,
        ),
      ),
    );
    batch.forEach((_, i) => {
      const distributions = answers.map((answer) => {
        const prediction = answer[i]!;
        if (prediction instanceof Error) throw prediction;
        return prediction.distribution;
      });
      const row = distributions.flatMap((distribution, channel) => coordinates[channel]!.belief(distribution));
      query.constraints.forEach(({ min, max }, k) =>
        row.push(distributions[channels.ofConstraints[k]!]!.probabilityWithin(min, max)),
      );
      values.set(row, (from + i) * width);
    });
  }
  return { width, values };
}

/** Numbers of one composition: mean and deviation of each channel, the probability of each constraint. */
export const widthOf = ({ channels, query }: DiscoveryPlan): number =>
  2 * channels.list.length + query.constraints.length;
