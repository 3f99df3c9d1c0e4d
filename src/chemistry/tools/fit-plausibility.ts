/**
 * Learns data/plausibility.json from one half of the compounds on the convex hull and measures it on the other half:
 *
 *   node --import tsx src/chemistry/tools/fit-plausibility.ts <mp_energy_above_hull.csv> [--write]
 *
 * The file has the columns `formula,value` (eV/atom above the hull; doi:10.1063/1.4812323). The halves are told apart by a hash of
 * the canonical key, so they share no composition. Random compositions follow a seed: the same file gives the same table.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compositionOf, type Composition } from '../composition';
import { ELEMENTS, elementBySymbol } from '../elements';
import { parseFormula } from '../formula';
import { modelInput } from '../plausibility';
import {
  anonymousShape,
  FEATURE_COUNT,
  isIntermetallic,
  kinship,
  orderedShape,
  PlausibilityModel,
} from '../plausibility-model';
import { fitIons } from './fit-ions';
import { measure, TEST_PALETTE } from './measure-plausibility';
import { generator, type Random } from './random';

/** Epochs of AdaGrad, its rate, the ridge, and random compositions per known one. */
const FIT = { epochs: 25, rate: 0.1, ridge: 2e-5, randomPerKnown: 3 };
const RANDOM_TESTS = 12_000;
/** Elements of random compositions: what is found in known ones, and noble gases, to be learned as unlikely. */
const LIGHT_TO_PLUTONIUM = ELEMENTS.filter(({ number }) => number <= 94 && ![84, 85, 87].includes(number)).map(
  (e) => e.symbol,
);

/** FNV-1a: splits by composition, the same on every machine. */
function hash(text: string): number {
  let value = 2166136261;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 16777619);
  return value >>> 0;
}

function knownCompounds(path: string): Composition[] {
  const lowest = new Map<string, { composition: Composition; energy: number }>();
  for (const line of readFileSync(path, 'utf8').trim().split('\n').slice(1)) {
    const [formula = '', value = ''] = line.split(',');
    const composition = parseFormula(formula);
    if ((lowest.get(composition.key)?.energy ?? Infinity) > Number(value)) {
      lowest.set(composition.key, { composition, energy: Number(value) });
    }
  }
  return [...lowest.values()]
    .filter((c) => c.energy === 0 && c.composition.elements.length > 1)
    .map((c) => c.composition);
}

export function hasNonmetal(composition: Composition): boolean {
  const { elements } = composition;
  return !isIntermetallic(
    elements.map((s) => elementBySymbol(s)?.number ?? 0),
    elements.length,
  );
}

/** 2 to `most` distinct elements of the palette (frequent ones may come more than once), amounts 1 to 6. */
export function randomComposition(random: Random, palette: readonly string[], most: number): Composition {
  const size = 2 + random.below(most - 1);
  const elements = new Set<string>();
  while (elements.size < size) elements.add(palette[random.below(palette.length)] as string);
  return compositionOf([...elements].map((symbol) => [symbol, 1 + random.below(6)] as const));
}

/** Features by index, and the number of elements. */
interface Sample {
  readonly x: [index: number, value: number][];
  readonly size: number;
}

/** Logistic regression by AdaGrad; known and random compositions of one number of elements weigh the same. */
function logistic(known: readonly Sample[], random: readonly Sample[], rng: Random): number[] {
  const weights = new Float64Array(FEATURE_COUNT);
  const squares = new Float64Array(FEATURE_COUNT).fill(1e-8);
  const sizes = (samples: readonly Sample[]): Record<string, number> => counts(samples.map(({ size }) => String(size)));
  const [many, few] = [sizes(random), sizes(known)];
  const rows = [
    ...known.map(({ x }) => ({ x, y: 1, weight: 1 })),
    ...random.map(({ x, size }) => ({ x, y: 0, weight: (few[size] ?? 0) / (many[size] ?? 1) })),
  ];
  for (let epoch = 0; epoch < FIT.epochs; epoch++) {
    rng.shuffle(rows);
    for (const { x, y, weight } of rows) {
      let sum = 0;
      for (const [index, value] of x) sum += (weights[index] as number) * value;
      const error = (1 / (1 + Math.exp(-sum)) - y) * weight;
      for (const [index, value] of x) {
        const gradient = error * value + FIT.ridge * (weights[index] as number);
        squares[index] = (squares[index] as number) + gradient * gradient;
        weights[index] = (weights[index] as number) - (FIT.rate * gradient) / Math.sqrt(squares[index] as number);
      }
    }
  }
  return [...weights].map((weight) => Number(weight.toFixed(3)));
}

function counts(shapes: readonly string[]): Record<string, number> {
  const table: Record<string, number> = {};
  for (const shape of shapes) table[shape] = (table[shape] ?? 0) + 1;
  return table;
}

/** What one compound alone has is no pattern; without it the table is a third of the size. */
const seenTwice = (table: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(table)
      .filter(([, count]) => count > 1)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

function fit(training: readonly Composition[], rng: Random): PlausibilityModel {
  const ions = fitIons(training.filter(hasNonmetal));
  const bare = new PlausibilityModel({ ions, shapes: { ordered: {}, anonymous: {}, kin: {} }, weights: [] });
  const parents = training
    .map((composition) => modelInput(bare, composition))
    .filter(({ elements }) => elements.length > 1);
  const shapes = {
    ordered: counts(parents.map(({ amounts }) => orderedShape(amounts))),
    anonymous: counts(parents.map(({ amounts }) => anonymousShape(amounts))),
    kin: counts(parents.map(({ elements, amounts }) => kinship(elements, amounts))),
  };
  const model = new PlausibilityModel({ ions, shapes, weights: [] });
  const features = (composition: Composition, own: number): Sample => {
    const x: Sample['x'] = [];
    const input = modelInput(model, composition);
    if (input.elements.length > 1) model.visitFeatures(input, own, (index, value) => x.push([index, value]));
    return { x, size: input.elements.length };
  };
  // Half of the random ones from all elements alike, half as often as known compounds hold them: neither rare elements nor
  // common ones shall decide by themselves.
  const asOften = training.flatMap((composition) => composition.elements);
  const random = Array.from({ length: FIT.randomPerKnown * training.length }, (_, i) =>
    randomComposition(rng, i % 2 === 0 ? LIGHT_TO_PLUTONIUM : asOften, 5),
  );
  const known = training.map((composition) => features(composition, 1));
  const weights = logistic(
    known,
    random.map((composition) => features(composition, 0)),
    rng,
  );
  return new PlausibilityModel({
    ions,
    shapes: { ordered: seenTwice(shapes.ordered), anonymous: seenTwice(shapes.anonymous), kin: seenTwice(shapes.kin) },
    weights,
  });
}

function main(path: string | undefined, write: boolean): void {
  if (path === undefined) throw new Error('usage: fit-plausibility.ts <mp_energy_above_hull.csv> [--write]');
  const rng = generator(20160916);
  const known = knownCompounds(path);
  const training = known.filter((composition) => hash(composition.key) % 2 === 1);
  const heldOut = known.filter((composition) => hash(composition.key) % 2 === 0);
  const model = fit(training, rng);
  const few = heldOut.filter((composition) => composition.elements.length <= 4);
  const random = Array.from({ length: RANDOM_TESTS }, () => randomComposition(rng, TEST_PALETTE, 4));
  process.stdout.write(`fitted on ${training.length} compounds, ${heldOut.length} held out\n\n`);
  process.stdout.write(measure(model, few, random));
  if (write) writeFileSync(join(__dirname, '../data/plausibility.json'), `${JSON.stringify(model.table)}\n`);
}

main(process.argv[2], process.argv.includes('--write'));
