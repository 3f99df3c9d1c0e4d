import { RANKING_STRATEGIES, type DiscoverInput, type ModelInfo } from '../../domain';
import type { DiscoveryQuery } from '../query';
import { readElementLimits } from './element-limits';
import { readConstraints, readObjectives } from './objectives';
import { Problems } from './problems';
import { readSpace } from './spaces';

/** What one query may ask for at most, and a campaign. */
export const QUERY_CEILING = 1_000_000;
export const CAMPAIGN_CEILING = 10_000_000;
const DEFAULT_CANDIDATES = 100_000;

/**
 * Checks a whole input and fills in the defaults.
 * @param path where the input stands among the caller's arguments.
 * @param ceiling the largest `maxCandidates` allowed.
 * @throws InputError naming every mistake at once.
 */
export function validate(
  input: DiscoverInput,
  model: ModelInfo,
  { path = ['input'], ceiling = QUERY_CEILING }: { path?: readonly string[]; ceiling?: number } = {},
): DiscoveryQuery {
  const problems = Problems.at(path);
  const maxCandidates = problems
    .in('maxCandidates')
    .number(input.maxCandidates, ceiling === QUERY_CEILING ? DEFAULT_CANDIDATES : ceiling, {
      min: 1,
      max: ceiling,
      integer: true,
    });
  const space = readSpace(input.space, maxCandidates, problems.in('space'));
  const objectives = readObjectives(input.objectives, model, problems.in('objectives'));
  if (input.incumbent != null && objectives.length > 1) {
    problems.in('incumbent').add(`one value to beat needs one objective; there are ${objectives.length}`);
  }
  const query = {
    objectives,
    constraints: readConstraints(input.constraints, model, problems.in('constraints')),
    ranking: problems.in('ranking').word(input.ranking, RANKING_STRATEGIES, 'PARETO'),
    diversity: problems.in('diversity').number(input.diversity, 0, { min: 0, max: 1 }),
    incumbent: problems.in('incumbent').number(input.incumbent, null),
    kappa: problems.in('kappa').number(input.kappa, 1.96, { min: 0, max: 100 }),
    elementFilter: readElementLimits(input, space, problems),
    excludeKnown: problems.in('excludeKnown').boolean(input.excludeKnown, false),
    maxCandidates,
    seed: problems.in('seed').number(input.seed, 0, { integer: true }),
  };
  problems.throwIfAny();
  return { ...query, space: space! };
}
