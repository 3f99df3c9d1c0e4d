/**
 * npm run bench:chemistry: what one core does in a second of processor time, medians of five rounds.
 * The palette and the amounts are those of random ternaries; nothing is cached between compositions.
 */
import {
  ChargeFilter,
  CompositionIndex,
  compositionOf,
  elementBySymbol,
  parseFormula,
  plausibility,
} from '../../src/chemistry';
import { TEST_PALETTE } from '../../src/chemistry/tools/measure-plausibility';
import { generator } from '../../src/chemistry/tools/random';

const ROUNDS = 5;
const random = generator(1);

function ternary(): [string, number][] {
  const symbols = new Set<string>();
  while (symbols.size < 3) symbols.add(TEST_PALETTE[random.below(TEST_PALETTE.length)] as string);
  return [...symbols].map((symbol) => [symbol, 1 + random.below(6)]);
}

/** Processor time, so that a busy machine does not count against it. */
function perSecond(count: number, work: () => unknown): number {
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const before = process.cpuUsage().user;
    work();
    rates.push((count * 1e6) / (process.cpuUsage().user - before));
  }
  return rates.slice(1).sort((a, b) => a - b)[ROUNDS >> 1] as number;
}

function report(name: string, rate: number): void {
  console.log(`${name.padEnd(58)} ${Math.round(rate).toLocaleString('en')} /s`);
}

const pairs = Array.from({ length: 50_000 }, ternary);
const numbers = pairs.map((list) => Uint8Array.from(list, ([symbol]) => elementBySymbol(symbol)?.number ?? 0));
const amounts = pairs.map((list) => Float64Array.from(list, ([, amount]) => amount));
const filter = new ChargeFilter();
report(
  'charge balance of ternaries (ChargeFilter)',
  perSecond(pairs.length, () => numbers.filter((z, i) => filter.accepts(z, amounts[i] as Float64Array, 3)).length),
);
report(
  'compositions from amounts (compositionOf)',
  perSecond(pairs.length, () => pairs.forEach((list) => compositionOf(list))),
);
const compositions = pairs.map((list) => compositionOf(list));
report(
  'formulas (parseFormula)',
  perSecond(pairs.length, () => compositions.forEach(({ formula }) => parseFormula(formula))),
);
report(
  'plausibility of ternaries',
  perSecond(pairs.length, () => compositions.forEach((one) => plausibility(one))),
);
const known = Array.from({ length: 150_000 }, () => compositionOf(ternary()));
const index = CompositionIndex.of(known);
report(
  'ten nearest of 150,000 (CompositionIndex)',
  perSecond(200, () => compositions.slice(0, 200).forEach((one) => index.nearest(one, 10))),
);
