import { InputError, type CampaignRecord } from '../domain';

/** Candidates that the campaign's own ranking keeps; members of the Pareto front beyond them follow behind. */
export const LAST_RANK = 10_000;

/** A place in one of a campaign's lists, opaque to clients. */
export function writeCursor(campaign: Pick<CampaignRecord, 'id'>, list: string, place: number): string {
  return Buffer.from(`1:${campaign.id}:${list}:${place}`).toString('base64url');
}

/** @returns the place behind which the page begins; `first` without a cursor. @throws InputError */
export function readCursor(
  campaign: Pick<CampaignRecord, 'id'>,
  list: string,
  cursor: string | null | undefined,
  first: number,
): number {
  if (cursor == null) return first;
  const match = /^1:([0-9a-f-]{36}):(\w+):(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (match?.[1] === campaign.id && match[2] === list) return Number(match[3]);
  const message =
    match === null ? 'is not a cursor of a campaign' : 'is a cursor of another campaign or of another list of this one';
  throw new InputError([{ path: ['after'], message }]);
}
