import type { Composition } from '../chemistry';
import type { Candidate, ObjectiveResult, PredictOptions } from '../domain';
import type { DiscoveryDeps, DiscoveryPlan } from './plan';

/** A place in a ranking. */
export interface RankedComposition {
  readonly composition: Composition;
  /** From 1. */
  readonly rank: number;
  readonly score: number;
  readonly paretoFront: number;
}

/**
 * Predictions and novelty of ranked compositions, order kept: one ask of the predictor, one of the catalogue.
 * @throws the error of a prediction that fails: what has been ranked could be predicted before.
 */
export async function candidatesOf(
  plan: DiscoveryPlan,
  ranked: readonly RankedComposition[],
  { predictor, known }: DiscoveryDeps,
  options: PredictOptions,
): Promise<Candidate[]> {
  const { list, ofObjectives } = plan.channels;
  const compositions = ranked.map(({ composition }) => composition);
  const requests = compositions.flatMap((composition) =>
    ofObjectives.map((channel) => ({ composition, ...list[channel]! })),
  );
  const [answers, distances] = await Promise.all([
    predictor.predict(requests, options),
    known.nearestDistances(compositions),
  ]);
  return ranked.map((place, i): Candidate => {
    const objectives = plan.query.objectives.map(({ property }, k): ObjectiveResult => {
      const prediction = answers[i * ofObjectives.length + k]!;
      if (prediction instanceof Error) throw prediction;
      return { property, prediction, desirability: plan.desirability(k, prediction.distribution.value) };
    });
    return { ...place, objectives, noveltyDistance: distances[i]! };
  });
}
