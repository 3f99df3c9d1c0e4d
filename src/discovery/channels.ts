import type { Conditions, Distribution, PropertyKey } from '../domain';
import type { Constraint, DiscoveryQuery, Objective } from './query';

/** A prediction that every candidate needs. Objectives and constraints on the same property and conditions share one. */
export interface Channel {
  readonly property: PropertyKey;
  readonly conditions: Conditions;
}

export interface Channels {
  readonly list: readonly Channel[];
  /** Index into the list of each objective and each constraint. */
  readonly ofObjectives: readonly number[];
  readonly ofConstraints: readonly number[];
}

export function channelsOf({ objectives, constraints }: DiscoveryQuery): Channels {
  const list: Channel[] = [];
  const indices = new Map<string, number>();
  const indexOf = ({ property, conditions }: Objective | Constraint): number => {
    const id = JSON.stringify([property, Object.entries(conditions).sort()]);
    let index = indices.get(id);
    if (index === undefined) {
      index = list.push({ property, conditions }) - 1;
      indices.set(id, index);
    }
    return index;
  };
  return { list, ofObjectives: objectives.map(indexOf), ofConstraints: constraints.map(indexOf) };
}

/** Whether a candidate satisfies every constraint with its minimum probability. */
export function satisfies(
  constraints: readonly Constraint[],
  channels: readonly number[],
  distributions: readonly Distribution[],
): boolean {
  return constraints.every(
    ({ min, max, minProbability }, i) => distributions[channels[i]!]!.probabilityWithin(min, max) >= minProbability,
  );
}
