import {
  GOALS,
  PROPERTY_KEYS,
  type ConstraintInput,
  type DesignSpaceInput,
  type ElementLimitInput,
  type ObjectiveInput,
} from '../domain';
import { choiceOption, numberOption, UsageError } from './command';

export const list = (value: string | undefined): string[] | undefined => value?.split(',').map((item) => item.trim());

export interface SpaceOptions {
  readonly elements?: string;
  readonly count?: string;
  readonly required?: string;
  readonly templates?: string;
  readonly unbalanced?: boolean;
  readonly mix?: string;
  readonly formulas?: string;
  readonly substitute?: string;
  readonly evolve?: string;
}

type Numbers = (name: 'max-atoms' | 'step' | 'max-swaps' | 'population' | 'generations') => number | undefined;

export function spaceOf(values: SpaceOptions, number: Numbers): DesignSpaceInput {
  // For a substitution --elements says what may be swapped in, not what the space is.
  const elements = values.substitute === undefined ? values.elements : undefined;
  const given = [elements, values.mix, values.formulas, values.substitute, values.evolve].filter(
    (space) => space !== undefined,
  );
  if (given.length !== 1)
    throw new UsageError('give exactly one of --elements, --mix, --formulas, --substitute and --evolve');
  if (values.substitute !== undefined) {
    return {
      substitute: {
        parents: list(values.substitute) ?? [],
        elements: list(values.elements),
        maxSwaps: number('max-swaps'),
      },
    };
  }
  if (values.evolve !== undefined) {
    return {
      evolve: {
        elements: list(values.evolve) ?? [],
        elementCount: values.count === undefined ? undefined : rangeOf(values.count),
        maxAtoms: number('max-atoms'),
        populationSize: number('population'),
        generations: number('generations'),
        chargeBalanced: values.unbalanced === true ? false : undefined,
      },
    };
  }
  if (values.formulas !== undefined) return { formulas: list(values.formulas) };
  if (values.mix !== undefined) {
    return {
      mix: { components: (list(values.mix) ?? []).map((formula) => ({ formula })), step: number('step') ?? 0.1 },
    };
  }
  return {
    enumerate: {
      elements: list(values.elements) ?? [],
      required: list(values.required),
      templates: list(values.templates),
      elementCount: values.count === undefined ? undefined : rangeOf(values.count),
      maxAtoms: number('max-atoms'),
      chargeBalanced: values.unbalanced === true ? false : undefined,
    },
  };
}

function rangeOf(value: string): { min: number; max: number } {
  const [min = '', max = min] = value.split('-');
  return { min: numberOption('count', min), max: numberOption('count', max) };
}

export function objectiveOf(value: string): ObjectiveInput {
  const [property = '', goal = '', ...numbers] = value.split(':');
  const key = choiceOption('--objective: property', property, PROPERTY_KEYS);
  const kind = choiceOption('--objective: goal', goal, GOALS);
  const bounds = numbers.map((bound) => numberOption('objective', bound));
  if (bounds.length !== { MINIMIZE: 0, MAXIMIZE: 0, TARGET: 1, WITHIN: 2 }[kind]) {
    throw new UsageError(`--objective ${value}: write ${key}:target:X, ${key}:within:MIN:MAX or ${key}:maximize`);
  }
  if (kind === 'TARGET') return { property: key, goal: kind, target: bounds[0] };
  return { property: key, goal: kind, min: bounds[0], max: bounds[1] };
}

export function elementLimitOf(value: string): ElementLimitInput {
  const [element = '', min = '', max = ''] = value.split(':');
  const bound = (side: string) => (side === '' ? undefined : numberOption('limit', side));
  return { element, minFraction: bound(min), maxFraction: bound(max) };
}

export function constraintOf(value: string): ConstraintInput {
  const [property = '', min = '', max = '', probability] = value.split(':');
  const bound = (side: string) => (side === '' ? undefined : numberOption('constraint', side));
  return {
    property: choiceOption('--constraint: property', property, PROPERTY_KEYS),
    min: bound(min),
    max: bound(max),
    minProbability: probability === undefined ? undefined : numberOption('constraint', probability),
  };
}
