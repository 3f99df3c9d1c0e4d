import { createHash, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { BeagleError, type AccessStore, type Principal, type StoredKey } from '../domain';
import type { LeasedAllowance } from './leases';
import { parseKey } from './key-format';

/** A revoked key is refused everywhere within this time; until then a key check costs no statement. */
const KEY_CACHE_MS = 4_000;
/** What an unknown id is compared with, so that it takes the same path as a wrong secret. */
const DUMMY_HASH = Buffer.alloc(32);

export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Never says which of unknown, expired and revoked it was: that would confirm that a guessed id exists. */
export const refusedKey = (): BeagleError =>
  new BeagleError('UNAUTHENTICATED', 'the API key is unknown, malformed, expired or revoked; send a valid one or none');

/**
 * Turns the text of a key into a principal. One statement checks the key, notes its use (at most once a minute) and takes
 * the first block of points, so that a request costs at most one; within the cache time it costs none.
 */
export class Authenticator {
  private readonly known = new LRUCache<string, { readonly key: StoredKey; readonly hash: Buffer }>({
    max: 10_000,
    ttl: KEY_CACHE_MS,
  });

  constructor(
    private readonly store: AccessStore,
    private readonly points: LeasedAllowance,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** @throws BeagleError UNAUTHENTICATED for anything but a valid key. */
  async authenticate(text: string): Promise<Principal> {
    const parsed = parseKey(text);
    if (!parsed) throw refusedKey();
    const presented = hashSecret(parsed.secret);
    const cached = this.known.get(parsed.prefix);
    if (cached && timingSafeEqual(presented, cached.hash) && this.isLive(cached.key)) return principalOf(cached.key);
    // Whatever is not known to be right is looked up, so that a wrong secret takes as long as an unknown id.
    const found = await this.lookUp(parsed.prefix, presented);
    const matches = timingSafeEqual(presented, found?.hash ?? DUMMY_HASH);
    if (!found || !matches || !this.isLive(found.key)) throw refusedKey();
    // A wrong secret is not remembered: it must not evict or stand in for the right one.
    this.known.set(parsed.prefix, found);
    return principalOf(found.key);
  }

  /** After a revocation on this instance there is no delay at all. */
  forget(prefix: string): void {
    this.known.delete(prefix);
  }

  private async lookUp(prefix: string, hash: Buffer) {
    const windowStart = this.points.windowStart();
    const row = await this.store.useKey(prefix, hash, this.now(), windowStart);
    if (!row) return null;
    if (row.usedAfter !== null) {
      this.points.granted(row.key.id, row.key.pointsPerMinute, row.taken, windowStart, row.usedAfter);
    }
    return { key: row.key, hash: row.key.secretHash };
  }

  private isLive(key: StoredKey): boolean {
    return key.revokedAt === null && (key.expiresAt === null || key.expiresAt > this.now());
  }
}

function principalOf(key: StoredKey): Principal {
  return {
    kind: 'key',
    keyId: key.id,
    ownerId: key.ownerId,
    scopes: new Set(key.scopes),
    pointsPerMinute: key.pointsPerMinute,
    predictionsPerDay: key.predictionsPerDay,
    campaigns: { concurrent: key.concurrentCampaigns, candidates: key.candidatesPerCampaign },
  };
}
