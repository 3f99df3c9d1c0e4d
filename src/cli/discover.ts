import { parseArgs } from 'node:util';
import { readConfig } from '../config';
import {
  GOALS,
  PROPERTY_KEYS,
  RANKING_STRATEGIES,
  spread,
  type ConstraintInput,
  type DesignSpaceInput,
  type DiscoverInput,
  type DiscoveryResult,
  type ObjectiveInput,
} from '../domain';
import { openServices } from '../services';
import { choiceOption, numberOption, runCommand, UsageError } from './command';
import { figure, progressBar, table } from './output';

const USAGE = `Generate candidate compositions, predict and rank them.

  npm run discover -- --elements Ga,In,N,P,As --objective BAND_GAP:target:1.4
  npm run discover -- --mix GaAs,InAs --step 0.1 --objective BAND_GAP:within:0.8:1.0

The space, one of:
  --elements A,B,…     all compositions of these elements
    --count MIN-MAX    different elements, default 2-4
    --max-atoms N      atoms of the reduced formula, default 10
    --required A,…     elements that every candidate contains
    --templates AB,…   anonymous formulas
    --unbalanced       charge need not balance
  --mix A,B,…          mixtures of these formulas
    --step X           spacing of the mole fractions, default 0.1
  --formulas A,B,…     exactly these

What is wanted:
  --objective PROPERTY:minimize | :maximize | :target:X | :within:MIN:MAX     (repeatable)
  --constraint PROPERTY:MIN:MAX[:PROBABILITY]    either bound may be empty    (repeatable)

  --ranking NAME       ${RANKING_STRATEGIES.join(' | ').toLowerCase()}
  --exclude A,…        no candidate contains these      --exclude-known
  --max-candidates N   default 100000                   --exclude-radioactive
  --seed N             default 0                        --diversity X   0 to 1
  --first N            candidates to list, default 20
  --json               the whole answer as JSON`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

runCommand(USAGE, async (args, signal) => {
  const { values } = parseArgs({
    args,
    options: {
      elements: text,
      count: text,
      'max-atoms': text,
      required: text,
      templates: text,
      unbalanced: flag,
      mix: text,
      step: text,
      formulas: text,
      objective: { type: 'string', multiple: true },
      constraint: { type: 'string', multiple: true },
      ranking: text,
      exclude: text,
      'exclude-known': flag,
      'exclude-radioactive': flag,
      'max-candidates': text,
      diversity: text,
      seed: text,
      first: text,
      json: flag,
    },
  });
  const number = (name: 'max-atoms' | 'step' | 'max-candidates' | 'diversity' | 'seed' | 'first') =>
    values[name] === undefined ? undefined : numberOption(name, values[name]);
  const input: DiscoverInput = {
    space: spaceOf(values, number),
    objectives: (values.objective ?? []).map(objectiveOf),
    constraints: (values.constraint ?? []).map(constraintOf),
    ranking: values.ranking && choiceOption('--ranking', values.ranking, RANKING_STRATEGIES),
    diversity: number('diversity'),
    excludeElements: list(values.exclude),
    excludeKnown: values['exclude-known'],
    excludeRadioactive: values['exclude-radioactive'],
    maxCandidates: number('max-candidates'),
    seed: number('seed'),
  };

  const services = await openServices(readConfig());
  const progress = progressBar('discovering');
  try {
    const result = await services.discovery.discover(input, {
      first: number('first'),
      signal,
      path: [],
      onProgress: ({ done, total }) => progress.update(done, total),
    });
    progress.stop();
    if (values.json) console.log(JSON.stringify(asJson(result), null, 2));
    else print(result);
  } finally {
    progress.stop();
    await services.close();
  }
});

const list = (value: string | undefined): string[] | undefined => value?.split(',').map((item) => item.trim());

interface SpaceOptions {
  readonly elements?: string;
  readonly count?: string;
  readonly required?: string;
  readonly templates?: string;
  readonly unbalanced?: boolean;
  readonly mix?: string;
  readonly formulas?: string;
}

function spaceOf(values: SpaceOptions, number: (name: 'max-atoms' | 'step') => number | undefined): DesignSpaceInput {
  const given = [values.elements, values.mix, values.formulas].filter((space) => space !== undefined);
  if (given.length !== 1) throw new UsageError('give exactly one of --elements, --mix and --formulas');
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

function objectiveOf(value: string): ObjectiveInput {
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

function constraintOf(value: string): ConstraintInput {
  const [property = '', min = '', max = '', probability] = value.split(':');
  const bound = (side: string) => (side === '' ? undefined : numberOption('constraint', side));
  return {
    property: choiceOption('--constraint: property', property, PROPERTY_KEYS),
    min: bound(min),
    max: bound(max),
    minProbability: probability === undefined ? undefined : numberOption('constraint', probability),
  };
}

function asJson({ edges, totalCount, summary }: DiscoveryResult) {
  const candidates = edges.map(({ node }) => ({
    rank: node.rank,
    formula: node.composition.formula,
    score: node.score,
    paretoFront: node.paretoFront,
    noveltyDistance: node.noveltyDistance,
    objectives: node.objectives.map(({ property, prediction, desirability }) => ({
      property,
      value: prediction.distribution.value,
      standardDeviation: spread(prediction),
      desirability,
    })),
  }));
  return { totalCount, summary, candidates };
}

function print({ edges, totalCount, summary }: DiscoveryResult): void {
  const properties = edges[0]?.node.objectives.map((objective) => objective.property) ?? [];
  const header = ['rank', 'formula', 'score', 'front', ...properties.flatMap((name) => [name, '±']), 'novelty'];
  const rows = edges.map(({ node }) => [
    node.rank,
    node.composition.formula,
    node.score,
    node.paretoFront,
    ...node.objectives.flatMap(({ prediction }) => [prediction.distribution.value, spread(prediction)]),
    node.noveltyDistance,
  ]);
  console.log(table(header, rows));
  const { enumerated, passedFilters, predicted, elapsedMs } = summary;
  console.error(
    `\n${totalCount} candidates of ${enumerated} enumerated, ${passedFilters} after filters, ${predicted} predicted, in ${figure(elapsedMs / 1000)} s`,
  );
}
