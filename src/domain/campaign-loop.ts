import type { Principal } from './access';
import type { CampaignRecord, CountedPage, ForwardPage } from './campaigns';
import type { MeasurementRecord } from './catalog';
import type { Candidate } from './discovery';
import type { RecordMeasurementsInput } from './measuring';

/**
 * Ask and tell: a laboratory asks a completed campaign what to measure, measures, and tells it. What is measured for a campaign is its
 * owner's: the catalogue does not hold it.
 */
export interface CampaignLoop {
  /**
   * In whatever state the campaign is. The same report is stored once. @returns in the order given.
   * @throws InputError, paths from `measurements` or `idempotencyKey` on; BeagleError NOT_FOUND, IDEMPOTENCY_CONFLICT.
   */
  recordMeasurements(
    principal: Principal,
    campaignId: string,
    input: RecordMeasurementsInput,
  ): Promise<readonly MeasurementRecord[]>;
  /** In the order of recording. @throws InputError for a cursor of another list. */
  measurements(campaign: CampaignRecord, page: ForwardPage): Promise<CountedPage<MeasurementRecord>>;
  /** One of this principal's campaigns; null for any other. */
  measurementById(principal: Principal, id: string): Promise<MeasurementRecord | null>;
  /**
   * What to measure next, best first; depends on nothing but what was measured and reserved. Empty unless the campaign is COMPLETED; fewer
   * than `count` if no more are left. `score` is what the measurement promises under the campaign's strategy.
   */
  suggestions(campaign: CampaignRecord, count: number, signal?: AbortSignal): Promise<readonly Candidate[]>;
  /**
   * Takes the suggestions out: nobody is suggested them again. The same key gives the same candidates back.
   * @throws BeagleError NOT_FOUND, CONFLICT unless the campaign is COMPLETED, IDEMPOTENCY_CONFLICT.
   */
  reserveSuggestions(
    principal: Principal,
    campaignId: string,
    request: { readonly count: number; readonly idempotencyKey?: string | null },
    signal?: AbortSignal,
  ): Promise<readonly Candidate[]>;
}
