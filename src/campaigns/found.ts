import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseFormula } from '../chemistry';
import { candidatesOf } from '../discovery';
import type { Candidate } from '../domain';
import type { StoredCampaign } from '../data';
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
