/**
 * `npm run bench:asktell`: how many measurements a laboratory needs that asks what to measure next, beside one that draws at random. The
 * band gaps of a table are hidden; batches of 10 are suggested, revealed, and told. Median of 10 seeds, each with a table of its own
 * drawn from the data.
 *
 *   --data FILE   CSV with a header `formula,value` (eV), perhaps `mean,deviation`; default: the starter catalogue's own band gaps, which are few
 *   --rows N      rows of a table, default 400
 *   --seeds N     default 10
 *   --goal GOAL   MAXIMIZE (default), or TARGET:1.4
 *   --prior P     some of darwin,given,none; default: all that there are
 *   --plot FILE   writes the curves as SVG
 *
 * Three priors: what Darwin predicts; what the table itself says of each value (`mean`, `deviation`); and no information (one value for all,
 * so that everything is learnt from the measurements). Darwin was trained on published band gaps: where the table is one of those, its row says
 * what the loop does with a model that knows them. `python3 -m darwin_training held-out` writes a table of compositions with what a Darwin
 * says of them that was trained without them: with that the second row is free of it, as the one without information always is.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { parseFormula, type Composition } from '../../src/chemistry';
import { beliefsOf } from '../../src/campaigns/beliefs';
import { PROJECT_FOLDER, readConfig } from '../../src/config';
import { coordinatesOf, DiscoveryPlan, suggest, type Beliefs, type Measured } from '../../src/discovery';
import type { KnownCompositions } from '../../src/domain';
import { openPredictor } from '../../src/services';
import { curvesPlot, type Curve } from './asktell-plot';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    rows: { type: 'string', default: '400' },
    seeds: { type: 'string', default: '10' },
    goal: { type: 'string', default: 'MAXIMIZE' },
    prior: { type: 'string', default: 'darwin,given,none' },
    plot: { type: 'string' },
  },
});
const BATCH = 10;
/** eV: a row that claims to be certain could never be learnt otherwise. */
const LEAST_DEVIATION = 0.05;
/** Of the table: what is looked for. */
const BEST = 0.05;
/** Shares of the best that have to be found; 0 is the first of them. */
const SHARES = [0, 0.5, 0.8];
const [goal, target] = values.goal.split(':');
const OBJECTIVE = { property: 'BAND_GAP', goal: goal!, ...(target !== undefined && { target: Number(target) }) };

interface Row {
  readonly composition: Composition;
  readonly value: number;
  /** Mean and deviation, eV. */
  readonly given: readonly [number, number] | null;
}

interface Table {
  readonly rows: readonly Row[];
  readonly plan: DiscoveryPlan;
  readonly beliefs: Beliefs;
  /** Indices of the best. */
  readonly best: ReadonlySet<number>;
}

/** Measurements that a walk through the table needs for each of the shares, and what it had found after each. */
interface Walk {
  readonly needed: readonly number[];
  readonly found: readonly number[];
}

async function readRows(): Promise<Row[]> {
  const file = values.data ?? join(PROJECT_FOLDER, 'prisma/seed/measurements.csv');
  const records: Record<string, string>[] = parse(await readFile(file, 'utf8'), { columns: true });
  const rows = new Map<string, Row>();
  for (const { formula, value, mean, deviation, property = 'BAND_GAP', fidelity = '' } of records) {
    if (property !== 'BAND_GAP' || fidelity === 'DFT') continue;
    const composition = parseFormula(formula!);
    const given = mean === undefined ? null : ([Number(mean), Math.max(LEAST_DEVIATION, Number(deviation))] as const);
    rows.set(composition.key, { composition, value: Number(value), given });
  }
  return [...rows.values()];
}

/** mulberry32: the same numbers for the same seed on every machine. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffled<T>(items: readonly T[], next: () => number): T[] {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
  }
  return mixed;
}

function costOf(value: number): number {
  if (goal === 'TARGET') return Math.abs(value - OBJECTIVE.target!);
  return goal === 'MINIMIZE' ? value : -value;
}

function bestOf(rows: readonly Row[]): Set<number> {
  const order = rows.map((_, i) => i).sort((a, b) => costOf(rows[a]!.value) - costOf(rows[b]!.value) || a - b);
  return new Set(order.slice(0, Math.max(1, Math.round(BEST * rows.length))));
}

function walk({ best, rows }: Table, order: readonly number[]): Walk {
  let hits = 0;
  const found = order.map((index) => (hits += best.has(index) ? 1 : 0));
  const needed = SHARES.map((share) => {
    const wanted = Math.max(1, Math.ceil(share * best.size));
    const at = found.findIndex((n) => n >= wanted);
    return at === -1 ? rows.length : at + 1;
  });
  return { needed, found: found.map((n) => n / best.size) };
}

/** The order in which the loop measures the table, until it has found the last share. */
async function askAndTell({ rows, plan, beliefs, best }: Table): Promise<number[]> {
  const measured: Measured[] = [];
  const order: number[] = [];
  const wanted = Math.ceil(SHARES.at(-1)! * best.size);
  while (order.filter((index) => best.has(index)).length < wanted) {
    const request = { beliefs, measured, known: [], reserved: [], count: BATCH };
    const batch = await suggest(plan, { ...request, candidates: rows.map(({ composition }) => composition) });
    if (batch.length === 0) break;
    for (const { index } of batch) {
      const belief = [beliefs.values[index * beliefs.width]!, beliefs.values[index * beliefs.width + 1]!] as const;
      measured.push({ ...rows[index]!, channel: 0, uncertainty: null, belief });
      order.push(index);
    }
  }
  return order;
}

/** What the table says of its own rows; band gaps are believed on their plain scale. */
const given = (rows: readonly Row[]): Beliefs => ({
  width: 2,
  values: Float64Array.from(rows.flatMap(({ given: belief }) => belief!)),
});

/** One mean and one deviation for everything: the middle of the property's known range, a quarter of it either way. */
function nothing(plan: DiscoveryPlan, count: number): Beliefs {
  const { low, high } = coordinatesOf(plan)[0]!;
  const row = [(low + high) / 2, (high - low) / 2];
  return { width: 2, values: Float64Array.from({ length: 2 * count }, (_, i) => row[i % 2]!) };
}

const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

async function main(): Promise<void> {
  const all = await readRows();
  const size = Math.min(Number(values.rows), all.length);
  const predictor = await openPredictor(readConfig(process.env));
  try {
    const deps = { predictor, known: {} as KnownCompositions };
    const plans = { objectives: [OBJECTIVE], maxCandidates: 1_000_000 };
    const wanted = values.prior.split(',');
    const priors = ['darwin', 'given', 'none'].filter(
      (prior) => wanted.includes(prior) && (prior !== 'given' || all.every((row) => row.given !== null)),
    );
    const walks = new Map<string, Walk[]>([['random', []], ...priors.map((prior): [string, Walk[]] => [prior, []])]);
    for (let seed = 0; seed < Number(values.seeds); seed++) {
      const next = random(seed + 1);
      const rows = shuffled(all, next).slice(0, size);
      const formulas = rows.map(({ composition }) => composition.input);
      const plan = new DiscoveryPlan({ ...plans, space: { formulas } }, deps);
      const best = bestOf(rows);
      const compositions = rows.map(({ composition }) => composition);
      for (const prior of priors) {
        const beliefs =
          prior === 'none'
            ? nothing(plan, size)
            : prior === 'given'
              ? given(rows)
              : await beliefsOf(plan, compositions, predictor, { priority: 'campaign' });
        const table = { rows, plan, beliefs, best };
        walks.get(prior)!.push(walk(table, await askAndTell(table)));
      }
      const table = { rows, plan, beliefs: nothing(plan, size), best };
      // The mean of many draws: one draw alone would add its own luck.
      for (let draw = 0; draw < 20; draw++) {
        const order = shuffled([...rows.keys()], next);
        walks.get('random')!.push(walk(table, order));
      }
      if (process.stderr.isTTY) process.stderr.write(`\r${seed + 1} of ${values.seeds} `);
    }
    report(walks, size);
    if (values.plot !== undefined)
      await writeFile(values.plot, curvesPlot(curves(walks, size), { size, batch: BATCH }));
  } finally {
    await predictor.close();
  }
}

const NAMES: Readonly<Record<string, string>> = {
  random: 'drawn at random',
  darwin: 'asked, Darwin as prior',
  given: "asked, the table's own prior",
  none: 'asked, nothing as prior',
};

function report(walks: ReadonlyMap<string, readonly Walk[]>, size: number): void {
  const target = goal === 'TARGET' ? ` of ${OBJECTIVE.target} eV` : '';
  console.log(
    `${size} band gaps, ${goal}${target}, batches of ${BATCH}, ${values.seeds} tables; measurements until of the best 5 %`,
  );
  console.log(`${''.padEnd(32)}${['the first', 'half', '80 %'].map((name) => name.padStart(20)).join('')}`);
  const medians = (name: string): number[] =>
    SHARES.map((_, k) => median(walks.get(name)!.map(({ needed }) => needed[k]!)));
  const chance = medians('random');
  for (const [name] of walks) {
    const needed = medians(name);
    const cells = needed.map((n, k) =>
      (name === 'random' ? `${n}` : `${n} (${(n / chance[k]!).toFixed(2)} of it)`).padStart(20),
    );
    const verdict =
      name === 'random' ? '' : needed.every((n, k) => n < chance[k]! / 2) ? '  PASS: < half' : '  FAIL: not < half';
    console.log(`${NAMES[name]!.padEnd(32)}${cells.join('')}${verdict}`);
  }
}

/** The median share found after each measurement. */
function curves(walks: ReadonlyMap<string, readonly Walk[]>, size: number): Curve[] {
  return [...walks].map(([name, ofName]) => ({
    name: NAMES[name]!,
    shares: Array.from({ length: size }, (_, i) => median(ofName.map(({ found }) => found[i] ?? found.at(-1)!))),
    ends: Math.max(...ofName.map(({ found }) => found.length)),
  }));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
