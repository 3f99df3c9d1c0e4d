import { createHash, timingSafeEqual } from 'node:crypto';
import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import { BeagleError, type AccessStore, type PresentedKey, type Principal, type StoredKey } from '../domain';
import { LeasedAllowance } from './leases';
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
 * a block of points, so that a request costs at most one; within the cache time it costs none. Keys that come while a statement is under way
 * share the next one: however many guesses are sent, an instance looks up keys on one connection, and a good key among them waits for no more
 * than the statement before its own. Nobody is locked out, as a limit of guesses per address would do to all who are behind one proxy.
 */
export class Authenticator {
  private readonly known = new LRUCache<string, StoredKey>({
    max: 10_000,
    ttl: KEY_CACHE_MS,
    noDeleteOnStaleGet: true,
  });
  private lookingUp: Promise<unknown> = Promise.resolve();
  private readonly lookUps = new DataLoader<PresentedKey, StoredKey | null>((presented) => this.lookUp(presented), {
    cache: false,
    // Whatever comes until the statement before has been answered goes together.
    batchScheduleFn: (dispatch) => void this.lookingUp.then(dispatch, dispatch),
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
    if (cached && timingSafeEqual(presented, cached.secretHash) && this.isLive(cached)) return principalOf(cached);
    // Whatever is not known to be right is looked up, so that a wrong secret takes as long as an unknown id.
    const take = !this.isSupplied(parsed.prefix);
    const found = await this.lookUps.load({ prefix: parsed.prefix, hash: presented, take });
    const matches = timingSafeEqual(presented, found?.secretHash ?? DUMMY_HASH);
    if (!found || !matches || !this.isLive(found)) throw refusedKey();
    // A wrong secret is not remembered: it must not evict or stand in for the right one.
    this.known.set(parsed.prefix, found);
    return principalOf(found);
  }

  /** After a revocation on this instance there is no delay at all. */
  forget(prefix: string): void {
    this.known.delete(prefix);
  }

  /** A key that is seldom used must not take a block with every check, which nobody else could spend. */
  private isSupplied(prefix: string): boolean {
    const key = this.known.peek(prefix, { allowStale: true });
    return key !== undefined && this.points.holds(key.id, LeasedAllowance.blockOf(key.pointsPerMinute));
  }

  private async lookUp(presented: readonly PresentedKey[]): Promise<(StoredKey | null)[]> {
    const windowStart = this.points.windowStart();
    const statement = this.store.useKeys(presented, this.now(), windowStart);
    this.lookingUp = statement;
    const used = await statement;
    for (const { key, taken, usedAfter } of used) {
      if (usedAfter !== null) this.points.granted(key.id, key.pointsPerMinute, taken, windowStart, usedAfter);
    }
    const found = new Map(used.map(({ key }) => [key.prefix, key]));
    return presented.map(({ prefix }) => found.get(prefix) ?? null);
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
