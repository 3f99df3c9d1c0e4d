import {
  GOALS,
  isPropertyKey,
  MECHANICAL_TESTS,
  PROCESSING,
  PROPERTY_KEYS,
  propertyDefinition,
  type Conditions,
  type ConstraintInput,
  type ModelInfo,
  type ObjectiveInput,
  type PropertyKey,
} from '../../domain';
import type { Constraint, Objective } from '../query';
import { show, type Problems } from './problems';

export function readObjectives(
  inputs: readonly ObjectiveInput[],
  model: ModelInfo,
  problems: Problems,
): readonly Objective[] {
  const items = problems.list(inputs, 'objectives', { min: 1, max: 5 });
  const objectives = items.map((input, i) => readObjective(input, model, problems.in(i)));
  if (objectives.length > 0 && objectives.every((objective) => objective.weight === 0)) {
    problems.add('every weight is 0; at least one must be above');
  }
  return objectives;
}

function readObjective(input: ObjectiveInput, model: ModelInfo, problems: Problems): Objective {
  const property = readProperty(input.property, model, problems.in('property'));
  const goal = problems.in('goal').word(input.goal, GOALS, 'MAXIMIZE');
  const target = problems.in('target').number(input.target, null);
  const { min, max } = readBounds(input, problems);
  if (goal === 'TARGET') {
    if (input.target == null) problems.in('target').add('the goal TARGET needs a target');
    if (target !== null && min !== null && min > target)
      problems.in('min').add(`min ${min} is above the target ${target}`);
    if (target !== null && max !== null && max < target)
      problems.in('max').add(`max ${max} is below the target ${target}`);
  }
  if (goal === 'WITHIN') {
    if (input.min == null && input.max == null) problems.in('min').add('the goal WITHIN needs min, max or both');
    if (target !== null) problems.in('target').add('the goal WITHIN takes min and max, not a target');
  }
  return {
    property,
    goal,
    target,
    min,
    max,
    weight: problems.in('weight').number(input.weight, 1, { min: 0 }),
    conditions: readConditions(input.conditions, property, problems.in('conditions')),
  };
}

export function readConstraints(
  inputs: readonly ConstraintInput[] | null | undefined,
  model: ModelInfo,
  problems: Problems,
): readonly Constraint[] {
  return problems.list(inputs, 'constraints', { max: 20 }).map((input, i) => {
    const here = problems.in(i);
    const property = readProperty(input.property, model, here.in('property'));
    const { min, max } = readBounds(input, here);
    if (input.min == null && input.max == null) here.in('min').add('a constraint needs min, max or both');
    return {
      property,
      min: min ?? -Infinity,
      max: max ?? Infinity,
      minProbability: here.in('minProbability').number(input.minProbability, 0.5, { min: 0, max: 1 }),
      conditions: readConditions(input.conditions, property, here.in('conditions')),
    };
  });
}

function readBounds(
  input: { readonly min?: number | null; readonly max?: number | null },
  problems: Problems,
): { min: number | null; max: number | null } {
  const min = problems.in('min').number(input.min, null);
  const max = problems.in('max').number(input.max, null);
  if (min !== null && max !== null && min > max) problems.in('min').add(`min ${min} is above max ${max}`);
  return { min, max };
}

function readProperty(key: unknown, model: ModelInfo, problems: Problems): PropertyKey {
  if (typeof key !== 'string' || !isPropertyKey(key)) {
    problems.add(`unknown property ${show(key)}; one of ${PROPERTY_KEYS.join(', ')} is needed`);
    return 'BAND_GAP';
  }
  if (!model.properties.some((property) => property.key === key))
    problems.add(`the model ${model.id} does not predict ${key}`);
  return key;
}

function readConditions(
  conditions: Conditions | null | undefined,
  property: PropertyKey,
  problems: Problems,
): Conditions {
  const known = propertyDefinition(property).conditions;
  const read: Record<string, number | string> = {};
  for (const [name, value] of Object.entries(conditions ?? {})) {
    if (value == null) continue;
    const here = problems.in(name);
    if (!known.some((condition) => condition === name)) {
      here.add(`${property} does not depend on ${name}${known.length === 0 ? '' : `; it does on ${known.join(', ')}`}`);
    } else if (name === 'processing') read[name] = here.word(value, PROCESSING, 'UNSPECIFIED');
    else if (name === 'testType') read[name] = here.word(value, MECHANICAL_TESTS, 'COMPRESSION');
    else read[name] = here.number(value, 0, { min: 0 });
  }
  return read;
}
