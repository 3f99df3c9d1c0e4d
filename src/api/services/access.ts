import DataLoader from 'dataloader';
import { BeagleError, InputError, type Keys, type Limits, type Principal, type UsageDay } from '../../domain';
import { fromGlobalId, type Context, type Failure } from '../../../schema';

const MAX_DAYS = 366;
const MAX_KEYS = 1000;

/** Keys and what is left to the principal, as the schema asks for it. Expected failures are answered as data. */
export function accessService(
  principal: Principal,
  keys: Keys,
  limits: Limits,
  chargedPoints: () => number,
): Context['access'] {
  /** By number of days: the usage of a page of keys is one statement. */
  const usage = new Map<number, DataLoader<string, readonly UsageDay[]>>();
  return {
    async keys(first) {
      if (first >= 1 && first <= MAX_KEYS) return keys.list(principal, first);
      throw new InputError([{ path: ['first'], message: `${first} is not between 1 and ${MAX_KEYS}` }]);
    },
    viewerKey: async () => (principal.keyId === null ? null : keys.byId(principal, principal.keyId)),
    async rateLimit() {
      return { ...(await limits.points(principal)), cost: chargedPoints() };
    },
    predictionQuota: () => limits.predictions(principal),
    async usage(key, days) {
      if (!(days >= 1 && days <= MAX_DAYS))
        throw new InputError([{ path: ['days'], message: `${days} is not a number of days from 1 to ${MAX_DAYS}` }]);
      const loader = usage.get(days) ?? new DataLoader((ids: readonly string[]) => keys.usage(ids, days));
      usage.set(days, loader);
      return loader.load(key.id);
    },
    create: (input) => asData(() => keys.create(principal, input)),
    rotate: (globalId, overlapHours) => asData(() => ofKey(globalId, (id) => keys.rotate(principal, id, overlapHours))),
    revoke: (globalId) => asData(async () => ({ key: await ofKey(globalId, (id) => keys.revoke(principal, id)) })),
  };
}

async function ofKey<T>(globalId: string, work: (id: string) => Promise<T | null>): Promise<T> {
  const id = fromGlobalId(globalId);
  const done = id?.type === 'ApiKey' ? await work(id.id) : null;
  if (done === null) throw new BeagleError('NOT_FOUND', 'there is no live API key with this id');
  return done;
}

/** The failures that the mutations' result unions have members for. */
const EXPECTED: ReadonlySet<unknown> = new Set(['BAD_USER_INPUT', 'NOT_FOUND']);

async function asData<T>(work: () => Promise<T>): Promise<T | Failure> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof BeagleError) || !EXPECTED.has(error.code)) throw error;
    const { code, message, fields } = error;
    return { code, message, fields };
  }
}
