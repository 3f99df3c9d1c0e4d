import { InputError } from './errors';
import type { TrainedCondition } from './prediction';
import { propertyDefinition, type ConditionName, type Conditions, type PropertyKey } from './properties';

const NONE: Conditions = Object.freeze({});

const given = (conditions: Conditions): ConditionName[] =>
  (Object.keys(conditions) as ConditionName[]).filter((name) => conditions[name] != null);

/**
 * The conditions that hold for each of the properties asked for together: one that a property does not know is ignored for it.
 * @throws InputError at `conditions.<name>` for one that none of them knows.
 */
export function conditionsOfEach(
  properties: readonly PropertyKey[],
  conditions: Conditions | null | undefined,
): readonly Conditions[] {
  const names = given(conditions ?? {});
  // The usual case, a thousand times a page.
  if (names.length === 0) return properties.map(() => NONE);
  const known = new Set(properties.flatMap((property) => propertyDefinition(property).conditions));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    const who = properties.length === 1 ? `${properties[0]} does not depend` : 'none of the properties depends';
    const right = known.size === 0 ? 'no conditions apply' : `the conditions that apply are ${[...known].join(', ')}`;
    throw new InputError(unknown.map((name) => ({ path: ['conditions', name], message: `${who} on it; ${right}` })));
  }
  return properties.map((property) => {
    const relevant = names.filter((name) => propertyDefinition(property).conditions.includes(name));
    return Object.fromEntries(relevant.map((name) => [name, conditions?.[name]]));
  });
}

/** Every condition of a property: as given, and its default for the rest. */
export function filledConditions(
  trained: readonly TrainedCondition[],
  conditions: Conditions | null | undefined,
): Conditions {
  const defaults = trained.map((condition) => [condition.name, condition.default]);
  return Object.fromEntries([...defaults, ...given(conditions ?? {}).map((name) => [name, conditions?.[name]])]);
}
