import { createHash } from 'node:crypto';
import { CAMPAIGN_CEILING, DiscoveryPlan, inlineWork, type DiscoveryDeps } from '../discovery';
import { BeagleError, type DiscoverInput, type KnownCompositions } from '../domain';
import type { StoredCampaign } from '../data';

/** Positions of a chunk: seconds of work, so that little is lost with a worker, and few enough rows for one small statement. */
const CHUNK_POSITIONS = 4096;

/** How a design space is divided: a chunk is named by its number, so nothing is enumerated into the database. */
export interface Layout {
  readonly chunkSize: number;
  readonly chunks: number;
  readonly total: number;
  readonly fingerprint: string;
}

/** @throws InputError, BeagleError SEARCH_SPACE_TOO_LARGE, as a query does, with the campaigns' own ceiling. */
export function campaignPlan(input: DiscoverInput, deps: DiscoveryDeps, path?: readonly string[]): DiscoveryPlan {
  return new DiscoveryPlan(input, deps, { path, ceiling: CAMPAIGN_CEILING });
}

export function layoutOf(plan: DiscoveryPlan): Layout {
  const { space } = plan.query;
  const fingerprint = fingerprintOf(plan);
  if (space.kind !== 'evolve') {
    const chunks = Math.ceil(plan.size / CHUNK_POSITIONS);
    return { chunkSize: CHUNK_POSITIONS, chunks, total: plan.size, fingerprint };
  }
  return { chunkSize: space.populationSize, chunks: space.generations + 1, total: plan.size, fingerprint };
}

/** Differs where another version of the software would count through the same input differently. */
function fingerprintOf(plan: DiscoveryPlan): string {
  const { space: query } = plan.query;
  const last = plan.size - 1;
  const formulas =
    query.kind === 'evolve'
      ? plan.startEvolution(query).propose()
      : plan.size === 0
        ? []
        : [0, 0.25, 0.5, 0.75, 1].map((share) => plan.space.at(Math.round(share * last)));
  return createHash('sha256')
    .update(JSON.stringify([plan.size, formulas.map(({ formula }) => formula)]))
    .digest('base64url');
}

/**
 * The plan of a campaign that has started, the same on every worker and at every time.
 * @throws BeagleError CONFLICT if this version of the software sees another design space.
 */
export function startedPlan(campaign: StoredCampaign, { predictor, known }: DiscoveryDeps): DiscoveryPlan {
  const plan = campaignPlan(campaign.input, { predictor, known: pinnedMeasurements(known, campaign.measured) });
  if (fingerprintOf(plan) !== campaign.fingerprint) {
    const message = 'this version of the software enumerates the design space differently: create the campaign anew';
    throw new BeagleError('CONFLICT', message);
  }
  return plan;
}

/** What is measured while a campaign runs must not change what its later chunks score. */
function pinnedMeasurements(known: KnownCompositions, measured: StoredCampaign['measured']): KnownCompositions {
  if (measured === null) return known;
  return {
    knownCompositionKeys: (keys) => known.knownCompositionKeys(keys),
    nearestDistances: (compositions) => known.nearestDistances(compositions),
    measuredTogether: () => Promise.resolve(measured),
  };
}

/** What to pin for `startedPlan`; null if the ranking does not look at measurements. */
export async function measurementsToPin(
  { query, channels }: DiscoveryPlan,
  known: KnownCompositions,
): Promise<StoredCampaign['measured']> {
  if (query.ranking !== 'EXPECTED_IMPROVEMENT' || query.incumbent !== null) return null;
  return known.measuredTogether(channels.ofObjectives.map((channel) => channels.list[channel]!));
}

/**
 * Screens nothing, which is enough to find out whether the ranking has what it needs.
 * @throws InputError if EXPECTED_IMPROVEMENT has nothing to beat.
 */
export async function checkRanking(plan: DiscoveryPlan): Promise<void> {
  const { space, elementFilter } = plan.query;
  await plan.screen(0, 0, inlineWork(space, elementFilter, plan.space));
}
