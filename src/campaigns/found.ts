import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseFormula } from '../chemistry';
import { candidatesOf, READINGS } from '../discovery';
import type { Candidate } from '../domain';
import type { KeptPart, StoredCampaign } from '../data';
import { CampaignWork } from './campaign-work';
import type { CampaignDeps } from './deps';
import { PacedPredictor } from './paced-predictor';
import { startedPlan } from './plans';

/** Candidates that are predicted and held at a time. */
const PAGE = 250;
/** Of Postgres. */
const MAX_INT = 2_147_483_647;

/**
 * All that a completed campaign lists, best first: the candidates of `results`, then members of the Pareto front that its ranking left
 * behind them. Their predictions are asked for again, at a campaign's priority: a model's answers do not change.
 */
export async function* rankedCandidates(
  { predictor, known, database }: Omit<CampaignDeps, 'limits'>,
  campaign: StoredCampaign,
  signal: AbortSignal,
): AsyncGenerator<readonly Candidate[]> {
  const deps = { predictor: new PacedPredictor(predictor), known };
  const plan = startedPlan(campaign, deps);
  for (let after = 0, more = true; more;) {
    const rows = await database.campaigns.results(campaign.id, {
      after,
      limit: PAGE,
      onlyFront: false,
      lastRank: MAX_INT,
    });
    more = rows.length > PAGE;
    const places = rows.slice(0, PAGE).map(({ formula, rank, score, paretoFront }) => ({
      composition: parseFormula(formula),
      rank,
      score,
      paretoFront,
    }));
    if (places.length === 0) return;
    after = places.at(-1)!.rank;
    yield await candidatesOf(plan, places, deps, { signal, priority: 'campaign' });
    await nextTurn(undefined, { signal });
  }
}

/** What a campaign that keeps all knows of a candidate behind its list; the numbers to the precision of float32. */
export interface KeptCandidate {
  readonly formula: string;
  /** Null where the ranking gives a score only beside others (PARETO). */
  readonly score: number | null;
  /** In the order of the objectives. Of a classification only the value means anything. */
  readonly objectives: readonly {
    readonly value: number;
    readonly standardDeviation: number;
    readonly lower: number;
    readonly upper: number;
    readonly desirability: number;
  }[];
}

/** Candidates that satisfied the constraints and are not among `rankedCandidates`, by position, a chunk at a time. Nothing is predicted. */
export async function* keptCandidates(
  { predictor, known, database }: Omit<CampaignDeps, 'limits'>,
  campaign: StoredCampaign,
  signal: AbortSignal,
): AsyncGenerator<readonly KeptCandidate[]> {
  const work = new CampaignWork(campaign, { predictor, known });
  if (work.isSearch) work.replay(await database.campaigns.parts(campaign.id));
  const everything = { after: 0, limit: MAX_INT - 1, onlyFront: false, lastRank: MAX_INT };
  const listed = new Set((await database.campaigns.results(campaign.id, everything)).map(({ position }) => position));
  for (let after = -1; ;) {
    const part = await database.campaigns.keptPart(campaign.id, after);
    if (part === null) return;
    after = part.chunk;
    const rows = [...part.positions.keys()].filter((row) => !listed.has(part.positions[row]!));
    yield rows.map((row) => keptCandidate(work, part, row));
    await nextTurn(undefined, { signal });
  }
}

function keptCandidate(work: CampaignWork, { positions, scores, readings }: KeptPart, row: number): KeptCandidate {
  const { plan } = work;
  const objectives = plan.query.objectives.map((_, k) => {
    const at = (row * plan.query.objectives.length + k) * READINGS;
    const [value, standardDeviation, lower, upper] = Array.from(readings!.subarray(at, at + READINGS), shortest);
    return {
      value: value!,
      standardDeviation: standardDeviation!,
      lower: lower!,
      upper: upper!,
      desirability: plan.desirability(k, value!),
    };
  });
  return { formula: work.compositionAt(positions[row]!).formula, score: scores?.[row] ?? null, objectives };
}

/** The decimal number with the fewest digits that is this float32: 0.1 rather than 0.10000000149011612. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return Number(value.toPrecision(9));
}
