import { setTimeout as sleep } from 'node:timers/promises';
import { createAccess } from '../../src/access';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { TINY_MODEL } from '../support/real-server';
import { startProgram, type Running } from './process';

jest.setTimeout(300_000);

const WINDOW_MS = 60_000;
/** On a quiet machine the clients have used up their minute after a few seconds. */
const ROOM_MS = 25_000;
const CLIENTS = 50;
/** A client goes on until it has been refused that often, so that whatever is left anywhere is found. */
const REFUSALS = 5;

/** Of some points, and of one or two. */
const MANY = '{ properties { key symbol } }';
const FEW = '{ viewer { scopes } }';

interface Answer {
  readonly key: number;
  readonly server: string;
  /** Charged; 0 for a refused one. */
  readonly points: number;
  /** The end of the minute that it was counted in. */
  readonly window: string;
}

/** Two processes as `npm start` starts them, each with its own connections and its own share of what is left of a minute. */
describe('fifty clients that want more than their minute, on two servers', () => {
  let database: TestDatabase;
  let programs: Running[];
  let urls: string[];

  beforeAll(async () => {
    database = await createTestDatabase();
    const environment = {
      DATABASE_URL: database.url,
      PORT: '0',
      BEAGLE_MODEL: TINY_MODEL,
      BEAGLE_DEVICE: 'cpu',
      BEAGLE_LOG_LEVEL: 'warn',
    };
    programs = [1, 2].map(() => startProgram('src/main.ts', [], environment));
    urls = await Promise.all(programs.map(async (one) => (await one.line(/Beagle is ready: (\S+)\n/))[1]!));
  });
  afterAll(async () => {
    for (const { child } of programs) child.kill('SIGTERM');
    for (const { ended } of programs) expect(await ended).toMatchObject({ code: 0 });
    await database.drop();
  });

  async function issue(count: number, requestsPerMinute: number): Promise<string[]> {
    const anonymous = { embedded: false, scopes: null };
    const access = createAccess({ store: database.database.access, anonymous, onError: () => undefined });
    const terms = { name: 'one of many', scopes: ['MATERIALS_READ' as const], requestsPerMinute };
    const keys = await Promise.all(Array.from({ length: count }, () => access.keys.create('operator', terms)));
    await access.close();
    return keys.map(({ secret }) => secret);
  }

  async function ask(server: string, secret: string, query: string) {
    const response = await fetch(`${server}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': secret },
      body: JSON.stringify({ query }),
    });
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    const { errors, extensions } = (await response.json()) as any;
    return { status: response.status, retryAfter: response.headers.get('retry-after'), errors, cost: extensions.cost };
  }

  it.each([
    ['one key', 1, 4_000],
    ['five keys', 5, 800],
  ])('%s: what is accepted within a minute is the limit, less at most 2 %%', async (_, keys, limit) => {
    const secrets = await issue(keys, limit);
    // So that the minute is not spent on connecting and compiling.
    const [other] = await issue(1, 10_000);
    for (const server of urls)
      for (const query of [FEW, MANY]) expect((await ask(server, other!, query)).status).toBe(200);
    const left = WINDOW_MS - (Date.now() % WINDOW_MS);
    if (left < ROOM_MS) await sleep(left + 100);

    const answers: Answer[] = [];
    const client = async (number: number) => {
      const [key, server] = [number % keys, urls[Math.floor(number / keys) % 2]!];
      // Some ask for more at once, and are refused while others still get in.
      const query = number % 5 === 0 ? MANY : FEW;
      for (let refused = 0; refused < REFUSALS;) {
        const { status, retryAfter, errors, cost } = await ask(server, secrets[key]!, query);
        if (status === 429) {
          expect(errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', limit } }]);
          expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
          refused++;
        } else expect([status, errors]).toEqual([200, undefined]);
        answers.push({ key, server, points: status === 200 ? cost.requested : 0, window: cost.resetAt });
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));

    for (let key = 0; key < keys; key++) {
      const own = answers.filter((one) => one.key === key);
      for (const window of new Set(own.map((one) => one.window))) {
        const within = own.filter((one) => one.window === window);
        const accepted = within.reduce((sum, { points }) => sum + points, 0);
        expect(accepted).toBeLessThanOrEqual(limit);
        // On a machine so slow that the minute ended meanwhile, one in which nobody was refused was not used up.
        if (within.some(({ points }) => points === 0)) expect(accepted).toBeGreaterThanOrEqual(0.98 * limit);
      }
      expect(new Set(own.filter(({ points }) => points > 0).map(({ server }) => server)).size).toBe(2);
      expect(own.filter(({ points }) => points === 0).length).toBe((CLIENTS / keys) * REFUSALS);
    }
  });
});
