import {
  InputError,
  type CampaignLoop,
  type ErrorCode,
  type MeasurementRecord,
  type MeasurementRecorder,
  type Principal,
} from '../../domain';
import type { Context } from '../../../schema';
import { listLength, pageRequest } from '../paging';
import { campaignId } from './campaign-id';
import { asData } from './expected';

const EXPECTED: ReadonlySet<ErrorCode> = new Set(['NOT_FOUND', 'CONFLICT', 'IDEMPOTENCY_CONFLICT']);
const EXPECTED_OF_RECORDING: ReadonlySet<ErrorCode> = new Set([...EXPECTED, 'BAD_USER_INPUT']);

/** What a laboratory asks of a campaign of its own. */
export function campaignLoopService(
  loop: CampaignLoop,
  principal: Principal,
  signal: AbortSignal,
): Pick<Context['campaigns'], 'measurements' | 'suggestions' | 'reserveSuggestions'> {
  return {
    measurements: async (campaign, page) => {
      const { first, after } = pageRequest(page);
      return loop.measurements(campaign, { first: first!, after });
    },
    suggestions: async (campaign, count) => loop.suggestions(campaign, countOf(count), signal),
    reserveSuggestions: (globalId, { count, idempotencyKey }) =>
      asData(EXPECTED, async () => {
        checkKey(idempotencyKey);
        const request = { count: countOf(count), idempotencyKey };
        return { candidates: await loop.reserveSuggestions(principal, campaignId(globalId), request, signal) };
      }),
  };
}

/** Measurements for a campaign, or for the catalogue. */
export const recordService =
  (recorder: MeasurementRecorder, loop: CampaignLoop, principal: Principal): Context['measurements']['record'] =>
  ({ campaignId: globalId, ...input }) =>
    asData(EXPECTED_OF_RECORDING, async () => {
      try {
        const measurements = await (globalId == null
          ? recorder.record(principal, input)
          : loop.recordMeasurements(principal, campaignId(globalId), input));
        return { measurements };
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        throw new InputError(error.fields.map(({ path, message }) => ({ path: ['input', ...path], message })));
      }
    });

/** One of the catalogue, or of a campaign of the caller. */
export const ownOrCatalogued =
  (catalogued: (id: string) => Promise<MeasurementRecord | null>, loop: CampaignLoop, principal: Principal) =>
  async (id: string): Promise<MeasurementRecord | null> => {
    const found = await catalogued(id);
    return found ?? (principal.scopes.has('CAMPAIGNS_READ') ? loop.measurementById(principal, id) : null);
  };

/** @throws InputError outside 1..100 */
function countOf(count: number | null | undefined): number {
  try {
    return listLength(count);
  } catch (error) {
    throw error instanceof InputError
      ? new InputError(error.fields.map(({ message }) => ({ path: ['count'], message })))
      : error;
  }
}

const MAX_KEY = 255;

function checkKey(key: string | null | undefined): void {
  if (key == null || (key.trim() !== '' && key.length <= MAX_KEY)) return;
  const message = `has ${key.length} characters; 1 to ${MAX_KEY} are allowed`;
  throw new InputError([{ path: ['idempotencyKey'], message }]);
}
