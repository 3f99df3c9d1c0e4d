import type { Property } from '../api/properties.svelte';
import type { CampaignPartsFragment, CandidatePartsFragment, ObjectiveInput } from '../generated/graphql';
import { formatNumber, withUnit } from '../lib/format';

export type Candidate = CandidatePartsFragment;

/** What names a candidate while ranks change: every composition occurs once. */
export const formulaOf = (candidate: Candidate): string => candidate.composition.formula;

/** A campaign's objectives as they were asked for. */
export function objectivesOf(campaign: CampaignPartsFragment): readonly ObjectiveInput[] {
  return campaign.objectives.map(({ property, ...rest }) => ({ ...rest, property: property.key }));
}

/** The goal in words, with its numbers. */
export function goalText({ goal, target, min, max }: ObjectiveInput, unit = 'dimensionless'): string {
  const bound = (value: number | null | undefined) => (value == null ? '?' : formatNumber(value));
  switch (goal) {
    case 'MAXIMIZE':
      return 'higher is better';
    case 'MINIMIZE':
      return 'lower is better';
    case 'TARGET':
      return `close to ${target == null ? '?' : withUnit(target, unit)}`;
    case 'WITHIN':
      return `between ${bound(min)} and ${max == null ? '?' : withUnit(max, unit)}`;
  }
}

/** A number that every candidate has: an objective's prediction, the score, or the distance to what is known. */
export interface Dimension {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly objective: ObjectiveInput | null;
  readonly value: (candidate: Candidate) => number;
  readonly interval: (candidate: Candidate) => { lower: number; upper: number } | null;
}

export function dimensionsOf(
  objectives: readonly ObjectiveInput[],
  propertyOf: (key: string) => Property | undefined,
): readonly Dimension[] {
  return [
    ...objectives.map((objective, index) => ({
      id: `objective-${index}`,
      title: propertyOf(objective.property)?.name ?? objective.property,
      unit: propertyOf(objective.property)?.unit ?? 'dimensionless',
      objective,
      value: (candidate: Candidate) => candidate.objectives[index]?.prediction.value ?? NaN,
      interval: (candidate: Candidate) => candidate.objectives[index]?.prediction.interval ?? null,
    })),
    {
      id: 'novelty',
      title: 'Distance to the nearest known composition',
      unit: 'dimensionless',
      objective: null,
      value: (candidate) => candidate.noveltyDistance,
      interval: () => null,
    },
  ];
}

/**
 * The candidates that no other one beats in two directions at once, from left to right; null where a goal has no direction (a target
 * or a range), so that no line could say "better is this way".
 */
export function frontLine(candidates: readonly Candidate[], x: Dimension, y: Dimension): readonly Candidate[] | null {
  const sign = (dimension: Dimension) =>
    dimension.objective?.goal === 'MAXIMIZE' ? 1 : dimension.objective?.goal === 'MINIMIZE' ? -1 : 0;
  const [sx, sy] = [sign(x), sign(y)];
  if (sx === 0 || sy === 0) return null;
  // From the best x on, a candidate stands on the line if its y is better than every one before.
  const ordered = [...candidates].sort((a, b) => sx * (x.value(b) - x.value(a)) || sy * (y.value(b) - y.value(a)));
  const front: Candidate[] = [];
  let best = -Infinity;
  for (const candidate of ordered) {
    if (sy * y.value(candidate) > best) {
      best = sy * y.value(candidate);
      front.push(candidate);
    }
  }
  return front.sort((a, b) => x.value(a) - x.value(b));
}

/** The table as comma-separated values, units in the header. */
export function toCsv(candidates: readonly Candidate[], dimensions: readonly Dimension[]): string {
  const objectives = dimensions.filter((dimension) => dimension.objective);
  const header = [
    'rank',
    'formula',
    'score',
    'pareto_front',
    ...objectives.flatMap(({ objective, unit }) => {
      const name = objective?.property.toLowerCase() ?? '';
      return [`${name} (${unit})`, `${name} lower 90 %`, `${name} upper 90 %`];
    }),
    'novelty_distance',
  ];
  const rows = candidates.map((candidate) => [
    candidate.rank,
    candidate.composition.formula,
    candidate.score,
    candidate.paretoFront ?? '',
    ...objectives.flatMap((dimension) => {
      const interval = dimension.interval(candidate);
      return [dimension.value(candidate), interval?.lower ?? '', interval?.upper ?? ''];
    }),
    candidate.noveltyDistance,
  ]);
  return [header, ...rows].map((row) => row.join(',')).join('\n');
}
