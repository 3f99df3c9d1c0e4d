import { InputError, propertyDefinition, type Distribution, type KnownCompositions, type ModelInfo } from '../domain';
import type { Channels } from './channels';
import type { DiscoveryQuery } from './query';
import { expectedHypervolumeImprovement, expectedImprovement, probabilityOfSuccess } from './ranking/acquisition';
import { costOf, gainOf, optimisticCost, scaleOf, weightedSum, type Scale } from './ranking/objectives';

/** Scores one candidate from its distributions, one per channel. */
export type Scorer = (distributions: readonly Distribution[]) => number;

/**
 * The score of a strategy that judges each candidate by itself; null for PARETO, which needs them all.
 * @throws InputError if EXPECTED_IMPROVEMENT has nothing to beat.
 */
export async function scorerOf(
  query: DiscoveryQuery,
  channels: Channels,
  model: ModelInfo,
  known: KnownCompositions,
  path: readonly string[],
): Promise<Scorer | null> {
  const scales = query.objectives.map((objective) => scaleOf(objective, model));
  const ofObjectives = (distributions: readonly Distribution[]): Distribution[] =>
    channels.ofObjectives.map((channel) => distributions[channel]!);
  switch (query.ranking) {
    case 'PARETO':
      return null;
    case 'WEIGHTED_SUM':
      return (distributions) =>
        weightedSum(
          scales,
          ofObjectives(distributions).map(({ value }, k) => costOf(scales[k]!.objective, value)),
        );
    case 'UPPER_CONFIDENCE_BOUND':
      return (distributions) => upperConfidenceBound(scales, ofObjectives(distributions), query.kappa);
    case 'PROBABILITY_OF_SUCCESS': {
      const objectives = scales.map((scale, k) => ({ ...scale, channel: channels.ofObjectives[k]! }));
      const constraints = query.constraints.map((constraint, i) => ({
        ...constraint,
        channel: channels.ofConstraints[i]!,
      }));
      return (distributions) => probabilityOfSuccess(objectives, constraints, distributions);
    }
    case 'EXPECTED_IMPROVEMENT': {
      const measured =
        query.incumbent === null
          ? await measuredCosts(query, channels, known)
          : [[costOf(query.objectives[0]!, query.incumbent)]];
      const only = scales.length === 1 ? scales[0]! : null;
      if (only === null) {
        const front = measured.map((costs) => costs.map((cost, k) => gainOf(scales[k]!, cost)));
        return (distributions) => expectedHypervolumeImprovement(scales, ofObjectives(distributions), front);
      }
      if (measured.length === 0) {
        const message = `the catalogue holds no measured ${only.objective.property} to improve on; give the value to beat`;
        throw new InputError([{ path: [...path, 'incumbent'], message }]);
      }
      const best = measured.reduce((low, [cost]) => Math.min(low, cost!), Infinity);
      return (distributions) => expectedImprovement(only, ofObjectives(distributions)[0]!, best);
    }
  }
}

async function measuredCosts(query: DiscoveryQuery, channels: Channels, known: KnownCompositions): Promise<number[][]> {
  const rows = await known.measuredTogether(channels.ofObjectives.map((channel) => channels.list[channel]!));
  return rows.map((values) => values.map((value, k) => costOf(query.objectives[k]!, value)));
}

/**
 * The weighted mean of the gains, each `kappa` standard deviations optimistic. A classification's value is a probability already and gets
 * no bonus.
 */
export function upperConfidenceBound(
  scales: readonly Scale[],
  distributions: readonly Distribution[],
  kappa: number,
): number {
  let sum = 0;
  let weights = 0;
  scales.forEach((scale, k) => {
    const { objective } = scale;
    const bonus = propertyDefinition(objective.property).kind === 'CLASSIFICATION' ? 0 : kappa;
    sum += objective.weight * gainOf(scale, optimisticCost(objective, distributions[k]!, bonus));
    weights += objective.weight;
  });
  return sum / weights;
}
