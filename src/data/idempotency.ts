import { createHash } from 'node:crypto';
import { BeagleError } from '../domain';
import type { CampaignStore } from './campaign-store';

/**
 * Takes a client's key for what is about to be made, in the same transaction.
 * @param payload what is asked for: plain data. @returns what the key was used for before, with the same payload; null if it is new
 * @throws BeagleError IDEMPOTENCY_CONFLICT if it was used with another one
 */
export async function claimKey(
  store: CampaignStore,
  ownerId: string,
  key: string,
  payload: unknown,
  resultId: string,
): Promise<string | null> {
  const payloadHash = hashOf(payload);
  const used = await store.claimKey(ownerId, key, payloadHash, resultId);
  if (used === null) return null;
  if (used.payloadHash.equals(payloadHash)) return used.resultId;
  const message = 'the idempotency key was used before with another input: take a new key for another request';
  throw new BeagleError('IDEMPOTENCY_CONFLICT', message);
}

/** SHA-256 of plain data, whatever the order of an object's fields. */
export function hashOf(value: unknown): Buffer {
  const text = JSON.stringify(value, (_, item: unknown) =>
    item && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
  return createHash('sha256').update(text).digest();
}
