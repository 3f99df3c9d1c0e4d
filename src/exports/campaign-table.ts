import type { Candidate, CampaignRecord, ConditionName, PropertyKey } from '../domain';
import { interval, propertyDefinition, spread, toGlobalId } from '../domain';
import type { KeptCandidate } from '../campaigns';
import { unique, type Cell, type Column, type Table } from './table';

const INTERVAL_LEVEL = 0.9;

interface Objective {
  readonly property: PropertyKey;
  readonly conditions?: Readonly<Partial<Record<ConditionName, unknown>>> | null;
}

/** What an export of a campaign is made of. */
export interface Found {
  ranked(signal: AbortSignal): AsyncIterable<readonly Candidate[]>;
  /** What follows behind those; null unless the campaign keeps all. */
  readonly kept: ((signal: AbortSignal) => AsyncIterable<readonly KeptCandidate[]>) | null;
}

/** What a completed campaign has found, one candidate a row; a rank, a front and a novelty have only those that it lists. */
export function campaignTable(campaign: CampaignRecord, modelId: string, found: Found): Table {
  const objectives = campaign.input.objectives as readonly Objective[];
  const columns = unique([
    { name: 'rank', type: 'integer' },
    { name: 'formula', type: 'text' },
    { name: 'score', type: 'number' },
    { name: 'pareto_front', type: 'integer' },
    { name: 'novelty_distance', type: 'number' },
    ...objectives.flatMap(columnsOf),
    { name: 'model', type: 'text' },
  ]);
  const row = ({ rank, composition, score, paretoFront, noveltyDistance, objectives: each }: Candidate): Cell[] => [
    rank,
    composition.formula,
    score,
    paretoFront,
    noveltyDistance,
    ...each.flatMap(cellsOf),
    modelId,
  ];
  const keptRow = ({ formula, score, objectives: each }: KeptCandidate): Cell[] => [
    null,
    formula,
    score,
    null,
    null,
    ...each.flatMap(({ value, standardDeviation, lower, upper, desirability }, k) =>
      propertyDefinition(objectives[k]!.property).kind === 'REGRESSION'
        ? [value, standardDeviation, lower, upper, desirability]
        : [value, desirability],
    ),
    modelId,
  ];
  return {
    columns,
    metadata: {
      campaign: toGlobalId('Campaign', campaign.id),
      name: campaign.name,
      model: modelId,
      objectives: JSON.stringify(objectives),
      interval: String(INTERVAL_LEVEL),
    },
    async *pages(signal) {
      for await (const page of found.ranked(signal)) yield page.map(row);
      if (found.kept) for await (const page of found.kept(signal)) yield page.map(keptRow);
    },
  };
}

/** `band_gap (eV)`; the conditions that were asked for are part of the name: `seebeck_coefficient_at_temperature_400 (uV/K)`. */
function columnsOf({ property, conditions }: Objective): Column[] {
  const { unit, kind } = propertyDefinition(property);
  const given = Object.entries(conditions ?? {}).filter(([, value]) => value != null);
  const name = [property.toLowerCase(), ...given.map(([key, value]) => `at_${key}_${String(value)}`)].join('_');
  const column = (suffix: string, in_ = unit): Column => ({
    name: `${name}${suffix}${in_ === 'dimensionless' ? '' : ` (${in_})`}`,
    type: 'number',
  });
  const uncertainty = ['_standard_deviation', '_lower_90', '_upper_90'].map((suffix) => column(suffix));
  return [column(''), ...(kind === 'REGRESSION' ? uncertainty : []), column('_desirability', 'dimensionless')];
}

function cellsOf({ prediction, desirability }: Candidate['objectives'][number]): Cell[] {
  const range = interval(prediction, INTERVAL_LEVEL);
  const uncertainty = range === null ? [] : [spread(prediction), range.lower, range.upper];
  return [prediction.distribution.value, ...uncertainty, desirability];
}
