import { parseArgs } from 'node:util';
import { readConfig } from '../config';
import { writeFile } from 'node:fs/promises';
import { COST_CLASSES, RANKING_STRATEGIES, spread, type DiscoverInput, type DiscoveryResult } from '../domain';
import { openServices } from '../services';
import { choiceOption, numberOption, runCommand } from './command';
import { constraintOf, elementLimitOf, list, objectiveOf, spaceOf } from './discover-options';
import { htmlPlot, terminalPlot } from './discover-plot';
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
  --substitute A,B,…   likely ion swaps in these parents
    --elements A,…     what may be swapped in
    --max-swaps N      swaps at once, default 1
  --evolve A,B,…       an evolutionary search over these elements, with --count, --max-atoms, --unbalanced
    --population N     default 200      --generations N   default 30

What is wanted:
  --objective PROPERTY:minimize | :maximize | :target:X | :within:MIN:MAX     (repeatable)
  --constraint PROPERTY:MIN:MAX[:PROBABILITY]    either bound may be empty    (repeatable)

  --ranking NAME       ${RANKING_STRATEGIES.join(' | ').toLowerCase()}
  --exclude A,…        no candidate contains these      --exclude-known
  --limit EL:MIN:MAX   atomic fraction of an element, either bound may be empty (repeatable)
  --min-abundance X    mg/kg of the Earth's crust, of the scarcest element
  --max-cost-class C   what the elements in a kilogram cost: ${COST_CLASSES.join(' | ').toLowerCase()}
  --max-candidates N   default 100000                   --exclude-radioactive   --exclude-toxic
  --seed N             default 0                        --diversity X   0 to 1
  --first N            candidates to list, default 20
  --plot               the best thousand as a plot in the terminal
  --html FILE          the same as a page with intervals, to look at in a browser
  --json               the whole answer as JSON`;

/** Candidates that a plot shows. */
const PLOTTED = 1000;

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
      substitute: text,
      evolve: text,
      'max-swaps': text,
      population: text,
      generations: text,
      plot: flag,
      html: text,
      objective: { type: 'string', multiple: true },
      constraint: { type: 'string', multiple: true },
      ranking: text,
      exclude: text,
      'exclude-known': flag,
      'exclude-radioactive': flag,
      'exclude-toxic': flag,
      'min-abundance': text,
      'max-cost-class': text,
      limit: { type: 'string', multiple: true },
      'max-candidates': text,
      diversity: text,
      seed: text,
      first: text,
      json: flag,
    },
  });
  type Numeric =
    | 'max-atoms'
    | 'step'
    | 'max-swaps'
    | 'population'
    | 'generations'
    | 'max-candidates'
    | 'min-abundance'
    | 'diversity'
    | 'seed'
    | 'first';
  const number = (name: Numeric) => (values[name] === undefined ? undefined : numberOption(name, values[name]));
  const input: DiscoverInput = {
    space: spaceOf(values, number),
    objectives: (values.objective ?? []).map(objectiveOf),
    constraints: (values.constraint ?? []).map(constraintOf),
    ranking: values.ranking && choiceOption('--ranking', values.ranking, RANKING_STRATEGIES),
    diversity: number('diversity'),
    excludeElements: list(values.exclude),
    excludeKnown: values['exclude-known'],
    excludeRadioactive: values['exclude-radioactive'],
    excludeToxic: values['exclude-toxic'],
    minAbundance: number('min-abundance'),
    maxCostClass: values['max-cost-class'] && choiceOption('--max-cost-class', values['max-cost-class'], COST_CLASSES),
    elementLimits: values.limit?.map(elementLimitOf),
    maxCandidates: number('max-candidates'),
    seed: number('seed'),
  };

  const first = number('first') ?? 20;
  const plotted = values.plot === true || values.html !== undefined;
  const services = await openServices(readConfig());
  const progress = progressBar('discovering');
  try {
    const result = await services.discovery.discover(input, {
      first: plotted ? Math.max(first, PLOTTED) : first,
      signal,
      path: [],
      onProgress: ({ done, total }) => progress.update(done, total),
    });
    progress.stop();
    const candidates = result.edges.map(({ node }) => node);
    const listed = { ...result, edges: result.edges.slice(0, first) };
    if (values.json) console.log(JSON.stringify(asJson(listed), null, 2));
    else print(listed);
    if (values.plot) console.log(`\n${terminalPlot(candidates)}`);
    if (values.html !== undefined) await writeFile(values.html, htmlPlot(candidates, result.totalCount));
  } finally {
    progress.stop();
    await services.close();
  }
});

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
