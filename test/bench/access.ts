/**
 * What the key check and the rate limit add to a request, and how many SQL statements they take: `npm run bench:access`.
 * The same server three times, asked by turns from another process: open to everybody and without a limit; to anonymous callers, with their
 * limit; with a key. Its Postgres is an embedded one of its own.
 */
// First: it says how graphql-js is loaded.
import '../../src/config';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { createAccess } from '../../src/access';
import { startServer, type RunningServer, type ServerDependencies } from '../../src/api/server';
import { openDatabase, silentLog } from '../../src/data';
import { SCOPES } from '../../src/domain';
import { FakeEvidence } from '../support/evidence';
import { FakeCatalog, FakePredictor } from '../support/fakes';
import { freeAccess } from '../support/server';
import { HttpClient } from './inference-server';

const ROUNDS = 15;
const REQUESTS = 100;
const WARM_UP = 1_500;
const OPERATIONS = {
  'the least there is': '{ __typename }',
  'a page of 20 formulas': `{ compositions(formulas: [${Array.from({ length: 20 }, (_, i) => `"Ga${i + 1}As"`).join(', ')}]) {
    ... on Composition { formula reducedFormula molarMass elements { symbol fraction } } } }`,
};

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** The median over the rounds, and that of the ratios within each round: what else the machine does weighs on neighbours in time alike. */
function compared(values: ReadonlyMap<string, readonly number[]>, name: string): string {
  const [own, base] = [values.get(name)!, values.get('no check, no limit')!];
  const ratio = median(own.map((one, i) => one / base[i]!));
  return `${median(own).toFixed(3).padStart(7)} ms (ratio ${ratio.toFixed(2)})`;
}

async function main(): Promise<void> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'beagle-bench-'));
  await chmod(dataFolder, 0o755);
  let statements = 0;
  const onStatement = () => void statements++;
  const database = await openDatabase({ url: null, dataFolder, log: silentLog, onStatement });
  const onError = (error: unknown) => console.error(error);
  const store = database.access;
  const access = createAccess({ store, anonymous: { embedded: true, scopes: null }, onError });
  const servers: RunningServer[] = [];
  const clients: HttpClient[] = [];
  const ask = async (who: ServerDependencies['access'], headers: Record<string, string> = {}): Promise<HttpClient> => {
    const fakes = { catalog: new FakeCatalog(), predictor: new FakePredictor(), evidence: new FakeEvidence() };
    const dependencies = {
      ...fakes,
      access: who,
      logger: pino({ level: 'silent' }),
      checkReady: async () => undefined,
    };
    const limits = {
      host: '127.0.0.1',
      port: 0,
      operationTimeoutMs: 60_000,
      drainTimeoutMs: 1_000,
      metrics: 'off' as const,
    };
    // The operations above reach nothing else.
    const server = await startServer(dependencies as unknown as ServerDependencies, limits);
    servers.push(server);
    const client = new HttpClient(`${server.url}/graphql`, headers);
    clients.push(client);
    return client;
  };
  const issued = await access.keys.create('operator', { name: 'bench', scopes: SCOPES, requestsPerMinute: 10_000_000 });
  const callers = {
    'no check, no limit': await ask(freeAccess()),
    'anonymous, limit': await ask(access),
    'key and limit': await ask(access, { authorization: `Bearer ${issued.secret}` }),
  };

  console.log(
    `node ${process.version}, Postgres embedded; ${ROUNDS} rounds of ${REQUESTS} requests each, one at a time\n`,
  );
  for (const [operation, query] of Object.entries(OPERATIONS)) {
    const ms = new Map<string, number[]>();
    const cpu = new Map<string, number[]>();
    const sent = new Map<string, number>();
    for (const client of Object.values(callers)) await client.post(query, {}, WARM_UP / 3);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, client] of Object.entries(callers)) {
        statements = 0;
        const before = process.cpuUsage();
        const answers = await client.post(query, {}, REQUESTS);
        const { user, system } = process.cpuUsage(before);
        cpu.set(name, [...(cpu.get(name) ?? []), (user + system) / 1000 / REQUESTS]);
        ms.set(name, [...(ms.get(name) ?? []), median(answers.ms)]);
        sent.set(name, (sent.get(name) ?? 0) + statements);
      }
    }
    console.log(operation);
    for (const name of Object.keys(callers)) {
      const perRequest = sent.get(name)! / (ROUNDS * REQUESTS);
      console.log(
        `  ${name.padEnd(20)} ${compared(ms, name)} to answer   ${compared(cpu, name)} of the processor   ${perRequest.toFixed(4)} statements a request`,
      );
    }
  }

  console.log('\nstatements of one request, key and limit together');
  const fresh = createAccess({ store, anonymous: { embedded: true, scopes: null }, onError });
  const origin = { remoteAddress: '127.0.0.1', host: 'localhost', forwarded: false };
  for (const when of ['the first on an instance', 'the second']) {
    statements = 0;
    await fresh.limits.chargePoints(await fresh.identify(issued.secret, origin), 100);
    console.log(`  ${when.padEnd(26)} ${statements}`);
  }

  for (const client of clients) client.close();
  for (const server of servers) await server.stop();
  await fresh.close();
  await access.close();
  await database.close();
  await rm(dataFolder, { recursive: true });
}

void main();
