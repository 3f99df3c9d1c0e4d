import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { createCatalog, storedPredictions } from '../../src/catalog';
import { type Database, openDatabase, silentLog } from '../../src/data';
import type { Catalog } from '../../src/domain';
import { fillCatalogue, STORED_MODEL } from '../support/generated-catalogue';
import { TYPICAL_SEARCHES } from '../support/typical-searches';
import { type GraphQLEndpoint, OUR_PAGE, startOurs, startPostGraphile, THEIR_PAGES } from './catalogue-peer';

const USAGE = `Imports generated materials into an embedded Postgres of its own and times ten typical searches.

  npm run bench:catalogue [-- ROWS]                           1,000,000 rows by default
  npm run bench:catalogue -- [ROWS] --database FOLDER         keeps the database there; one that is there already is searched alone

The bare COPY beside the import reads the very rows that the import made, from files, into tables with the same indexes and
constraints. A deep page is the page after 90 % of what a search finds, at most 10,000 rows in. Times are those of the Catalog port: statements,
their results and everything that is made of them. Then the same pages by GraphQL over HTTP, beside PostGraphile over the same tables
(installed into the system's temporary folder, once).`;

const REPEATS = 300;
/** What takes seconds is timed less often. */
const LONGEST_MS = 20_000;
const MAX_DEPTH = 10_000;
/** It is reached by pages of 100, the most that our API gives. */
const COMPARED_DEPTH = 3_000;
const WARM_UP = 500;
const NOTHING = '{ __typename }';
const TABLES = ['sources', 'compositions', 'materials', 'measurements', 'measured_values'];

async function main(rows: number, kept: string | undefined): Promise<void> {
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'beagle-bench-')));
  const database = await openDatabase({ url: null, dataFolder: folder, log: silentLog });
  try {
    if ((await createCatalog(database).search({}, { first: 1 })).edges.length === 0) await importRows(database, rows);
    await searchAll(database);
    await compareAll(database);
  } finally {
    await database.close();
    if (kept === undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function importRows(database: Database, rows: number): Promise<void> {
  const started = performance.now();
  let imported = 0;
  await fillCatalogue(database, rows, {
    onProgress(done) {
      if (done % 100_000 === 0) console.error(`  ${done.toLocaleString('en')} rows, ${perSecond(done, started)}`);
      if (done === rows) imported = performance.now() - started;
    },
  });
  const copied = await copyAgain(database);
  console.log(`import  ${seconds(imported)}, ${Math.round((rows / imported) * 1000)} rows/s`);
  console.log(`COPY    ${seconds(copied)}; the import runs at ${((100 * copied) / imported).toFixed(0)} % of it`);
}

/** How long a COPY of the same rows into tables of the same make takes, ms. */
async function copyAgain({ url }: Database): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const file = (table: string): string => `beagle-bench-${table}.copy`;
  const run = (sql: string) => client.query(sql);
  // Files lie in the server's own folder, which it can always write to.
  for (const table of TABLES) await run(`COPY ${table} TO PROGRAM 'cat > ${file(table)}'`);
  await run('CREATE SCHEMA again');
  for (const table of TABLES) await run(`CREATE TABLE again.${table} (LIKE ${table} INCLUDING ALL)`);
  const { rows } = await run(`
    SELECT conrelid::regclass::text AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
    WHERE contype = 'f' AND conrelid::regclass::text = ANY('{${TABLES.join()}}')`);
  for (const { name, definition } of rows as { name: string; definition: string }[])
    await run(`ALTER TABLE again.${name} ADD ${definition.replace('REFERENCES ', 'REFERENCES again.')}`);
  const started = performance.now();
  for (const table of TABLES) await run(`COPY again.${table} FROM PROGRAM 'cat ${file(table)}'`);
  const elapsed = performance.now() - started;
  await run('DROP SCHEMA again CASCADE');
  await client.end();
  return elapsed;
}

async function searchAll(database: Database): Promise<void> {
  const catalog = createCatalog(database, storedPredictions(STORED_MODEL));
  console.log('\n                                                              first page        deep page');
  console.log('search                                              found    p50     p95     p50     p95  ms');
  for (const { name, filter, order } of TYPICAL_SEARCHES) {
    const { count, exact } = await catalog.count(filter);
    const deep = await deepCursor(catalog, filter, order, count);
    const first = await times(() => catalog.search(filter, { first: 20 }, order));
    const later = await times(() => catalog.search(filter, { first: 20, after: deep }, order));
    const figures = [first.p50, first.p95, later.p50, later.p95].map((ms) => ms.toFixed(1).padStart(7)).join(' ');
    console.log(`${name.padEnd(50).slice(0, 50)} ${`${exact ? '' : '~'}${count}`.padStart(8)} ${figures}`);
  }
}

/**
 * The same pages by GraphQL over HTTP, from our server and from PostGraphile's, each in a process of its own; and what our server takes for a
 * page without any database, which is Node's, Express', Apollo's and graphql-js' work.
 */
async function compareAll(database: Database): Promise<void> {
  const servers: GraphQLEndpoint[] = [];
  const row = (name: string, cells: readonly (number | undefined)[], remark = ''): void => {
    const columns = cells.map((cell, i) => (cell === undefined ? '–' : cell.toFixed(1)).padStart(i % 2 ? 14 : 8));
    console.log(`${name.padEnd(50).slice(0, 50)} ${columns.join('')}${remark}`);
  };
  try {
    for (const start of [startOurs(database.url), startPostGraphile(database.url), startOurs(database.url, 'constant')])
      servers.push(await start);
    const [ours, theirs, constant] = servers.map(({ url }) => url) as [string, string, string];
    console.log(
      '\n                                                            first page, p50      deep page, p50   ms',
    );
    console.log('the same by GraphQL over HTTP                         ours  PostGraphile    ours  PostGraphile');
    row('nothing: { __typename }', await medians([() => ask(ours, NOTHING), () => ask(theirs, NOTHING)]));
    row('a page of our server without a database', await medians([pageOf(constant, OUR_PAGE, {}, null)]));
    for (const [i, { name, filter, order }] of TYPICAL_SEARCHES.entries()) {
      const query = THEIR_PAGES[i]!;
      const queries: (readonly [string, string, object])[] = [[ours, OUR_PAGE, { filter, orderBy: order }]];
      if (!query.startsWith('(')) queries.push([theirs, query, {}]);
      const first = await medians(queries.map((each) => pageOf(...each, null)));
      const deeper = await Promise.all(queries.map((each) => deepCursorOf(...each)));
      const deep = await medians(queries.map((each, n) => pageOf(...each, deeper[n]!)));
      row(name, [first[0], first[1], deep[0], deep[1]], queries[1] ? '' : `  ${query}`);
    }
  } finally {
    for (const server of servers) await server.stop();
  }
}

interface Answer {
  readonly data?: {
    readonly page?: { readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string } };
  };
}

async function ask(url: string, query: string, variables: object = {}): Promise<Answer> {
  const body = JSON.stringify({ query, variables });
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return (await response.json()) as Answer;
}

const pageOf =
  (url: string, query: string, variables: object, after: string | null, first = 20) =>
  async () => {
    const answer = await ask(url, query, { ...variables, first, after });
    if (!answer.data?.page) throw new Error(JSON.stringify(answer));
    return answer.data.page.pageInfo;
  };

/** Of the page after `COMPARED_DEPTH` rows, or of the last full one. */
async function deepCursorOf(url: string, query: string, variables: object): Promise<string | null> {
  let deep: string | null = null;
  for (let seen = 0; seen < COMPARED_DEPTH; seen += 100) {
    const { hasNextPage, endCursor } = await pageOf(url, query, variables, deep, 100)();
    if (!hasNextPage) break;
    deep = endCursor;
  }
  return deep;
}

/** Of several, ms: each in its turn, so that whatever else the machine does meets them alike; after a warm-up, as new code is still being compiled. */
async function medians(works: readonly (() => Promise<unknown>)[]): Promise<number[]> {
  const began = performance.now();
  for (let i = 0; i < WARM_UP && performance.now() - began < LONGEST_MS / 2; i++)
    for (const work of works) await work();
  return (await timesInTurn(works)).map(({ p50 }) => p50);
}

async function deepCursor(
  catalog: Catalog,
  ...[filter, order, count]: [Parameters<Catalog['search']>[0], Parameters<Catalog['search']>[2], number]
) {
  const depth = Math.max(1, Math.min(MAX_DEPTH, Math.floor(0.9 * count)));
  let after: string | null = null;
  for (let seen = 0; seen < depth;) {
    const size = Math.min(1_000, depth - seen);
    const { edges }: Awaited<ReturnType<Catalog['search']>> = await catalog.search(
      filter,
      { first: size, after },
      order,
    );
    if (edges.length === 0) break;
    after = edges.at(-1)!.cursor;
    seen += edges.length;
  }
  return after;
}

interface Times {
  readonly p50: number;
  readonly p95: number;
}

const times = async (work: () => Promise<unknown>): Promise<Times> => (await timesInTurn([work]))[0]!;

async function timesInTurn(works: readonly (() => Promise<unknown>)[]): Promise<Times[]> {
  const samples = works.map((): number[] => []);
  const ends = performance.now() + LONGEST_MS;
  for (let i = 0; i < REPEATS && (i < 5 || performance.now() < ends); i++) {
    for (const [n, work] of works.entries()) {
      const started = performance.now();
      await work();
      samples[n]!.push(performance.now() - started);
    }
  }
  return samples.map((each) => {
    each.sort((a, b) => a - b);
    return { p50: each[Math.floor(0.5 * each.length)]!, p95: each[Math.floor(0.95 * each.length)]! };
  });
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const perSecond = (rows: number, since: number): string =>
  `${Math.round((1000 * rows) / (performance.now() - since))} rows/s`;

const { values, positionals } = parseArgs({
  options: { database: { type: 'string' }, help: { type: 'boolean' } },
  allowPositionals: true,
});
const [rows = '1000000'] = positionals;
if (values.help || !/^[1-9]\d{0,7}$/.test(rows)) {
  console.log(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  console.log(execFileSync('uptime', { encoding: 'utf8' }).trim());
  main(Number(rows), values.database).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
