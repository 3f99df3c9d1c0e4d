import type * as crypto from 'node:crypto';
import { Authenticator, hashSecret } from '../../../src/access/authenticator';
import { generateKey, writeKey } from '../../../src/access/key-format';
import { LeasedAllowance } from '../../../src/access/leases';
import type { AccessStore, PresentedKey, StoredKey } from '../../../src/domain';

/** Every comparison and every hash, in order. */
const steps: string[] = [];
jest.mock('node:crypto', () => {
  const real = jest.requireActual<typeof crypto>('node:crypto');
  return {
    ...real,
    timingSafeEqual: (a: Buffer, b: Buffer) => {
      steps.push(`compare ${a.length} with ${b.length} bytes`);
      return real.timingSafeEqual(a, b);
    },
    createHash: (algorithm: string) => {
      steps.push(`hash with ${algorithm}`);
      return real.createHash(algorithm);
    },
  };
});

const DAY_MS = 86_400_000;
const issued = generateKey();
const stored = (terms: Partial<StoredKey> = {}): StoredKey => ({
  id: '00000000-0000-4000-8000-000000000001',
  ownerId: '00000000-0000-4000-8000-000000000002',
  name: 'ci',
  prefix: issued.prefix,
  secretHash: hashSecret(issued.secret),
  scopes: ['MATERIALS_READ'],
  pointsPerMinute: 1000,
  predictionsPerDay: 1000,
  concurrentCampaigns: 10,
  candidatesPerCampaign: 1_000_000,
  createdAt: new Date(0),
  expiresAt: new Date(90 * DAY_MS),
  lastUsedAt: null,
  revokedAt: null,
  ...terms,
});

/** The known id, another secret, and a right checksum over both. */
const forged = writeKey({ prefix: issued.prefix, secret: generateKey().secret });

describe('a key that is presented', () => {
  let now: Date;
  let keys: StoredKey[];
  let authenticator: Authenticator;
  let underWay = 0;
  let most = 0;

  beforeEach(() => {
    now = new Date(DAY_MS);
    keys = [stored()];
    const store = {
      async useKeys(presented: readonly PresentedKey[]) {
        steps.push('statement');
        underWay++;
        most = Math.max(most, underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay--;
        const found = keys.filter(({ prefix }) => presented.some((one) => one.prefix === prefix));
        return found.map((key) => ({ key, taken: 1, usedAfter: null }));
      },
    } as unknown as AccessStore;
    const points = new LeasedAllowance(60_000, async () => ({ usedAfter: 0 }));
    authenticator = new Authenticator(store, points, () => now);
    steps.length = 0;
  });

  const stepsOf = async (text: string): Promise<readonly string[]> => {
    steps.length = 0;
    await expect(authenticator.authenticate(text)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: 'the API key is unknown, malformed, expired or revoked; send a valid one or none',
    });
    return [...steps];
  };
  const UNKNOWN = ['hash with sha256', 'statement', 'compare 32 with 32 bytes'];

  it('with an unknown id is hashed, looked up, and compared with a dummy', async () => {
    expect(await stepsOf(generateKey().text)).toEqual(UNKNOWN);
  });

  it('with a wrong secret takes the same steps', async () => {
    expect(await stepsOf(forged)).toEqual(UNKNOWN);
  });

  it('with a wrong secret does not get away sooner because the right one was used a moment ago', async () => {
    await authenticator.authenticate(issued.text);
    const [hash, remembered, ...others] = await stepsOf(forged);
    expect([hash, ...others]).toEqual(UNKNOWN);
    expect(remembered).toBe('compare 32 with 32 bytes');
  });

  it.each([
    ['expired', { expiresAt: new Date(DAY_MS) }],
    ['revoked', { revokedAt: new Date(0) }],
  ])('that is %s takes the same steps and gets the same words', async (_, terms) => {
    keys = [stored(terms)];
    expect(await stepsOf(issued.text)).toEqual(UNKNOWN);
  });

  it.each(['', 'nonsense', `${issued.text.slice(0, -1)}!`])('that is malformed (%j) costs nothing', async (text) => {
    expect(await stepsOf(text)).toEqual([]);
  });

  it('is asked for once, and then remembered for less than five seconds', async () => {
    await authenticator.authenticate(issued.text);
    await authenticator.authenticate(issued.text);
    expect(steps.filter((step) => step === 'statement')).toHaveLength(1);
  });

  it('among any number of guesses is let in, and all of them together cost one statement at a time', async () => {
    const guesses = Array.from({ length: 2_000 }, () => generateKey().text);
    const guess = (text: string) => authenticator.authenticate(text).then(() => 'let in', () => 'refused'); // prettier-ignore
    const early = guesses.slice(0, 1_000).map(guess);
    // While the first ones are looked up, more come, and the good one among them.
    await Promise.resolve();
    const late = guesses.slice(1_000).map(guess);
    expect((await authenticator.authenticate(issued.text)).keyId).toBe(keys[0]!.id);
    expect(new Set(await Promise.all([...early, ...late]))).toEqual(new Set(['refused']));
    expect(most).toBe(1);
    expect(steps.filter((step) => step === 'statement')).toHaveLength(2);
  });

  it('is refused from the millisecond on at which it expires, remembered or not', async () => {
    now = new Date(90 * DAY_MS - 1);
    expect((await authenticator.authenticate(issued.text)).keyId).toBe(keys[0]!.id);
    now = new Date(90 * DAY_MS);
    await stepsOf(issued.text);
  });

  it('during a rotation: the old and the new one work until the overlap is over, then the new one alone', async () => {
    const next = generateKey();
    const overlap = new Date(2 * DAY_MS);
    keys = [
      stored({ expiresAt: overlap }),
      stored({ id: '00000000-0000-4000-8000-000000000003', prefix: next.prefix, secretHash: hashSecret(next.secret) }),
    ];
    for (now of [new Date(DAY_MS), new Date(2 * DAY_MS - 1)]) {
      expect((await authenticator.authenticate(issued.text)).keyId).toBe(keys[0]!.id);
      expect((await authenticator.authenticate(next.text)).keyId).toBe(keys[1]!.id);
    }
    now = overlap;
    await stepsOf(issued.text);
    expect((await authenticator.authenticate(next.text)).keyId).toBe(keys[1]!.id);
  });
});
