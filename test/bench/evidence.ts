/**
 * npm run bench:evidence: the five nearest training compositions of the newest package, by the index and by comparing with each;
 * milliseconds of processor time for one question, the median of five rounds.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  compositionOf,
  elementMoversDistance,
  fractionsOfKey,
  type ElementFractions,
  type KeyIndex,
} from '../../src/chemistry';
import { TEST_PALETTE } from '../../src/chemistry/tools/measure-plausibility';
import { generator } from '../../src/chemistry/tools/random';
import { readConfig } from '../../src/config';
import { TrainingIndex } from '../../src/darwin/training-index';
import { modelFolder } from '../../src/services';

const ROUNDS = 5;
const QUESTIONS = 100;
const COUNT = 5;
const random = generator(1);

const cpuMs = (): number => process.cpuUsage().user / 1000;

/** ms a question. */
function cost(questions: readonly ElementFractions[], answer: (one: ElementFractions) => unknown): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const before = cpuMs();
    questions.forEach(answer);
    return (cpuMs() - before) / questions.length;
  });
  return rounds.sort((a, b) => a - b)[ROUNDS >> 1] as number;
}

/** Of random elements and amounts: far from everything, which is the hardest question of an index. */
function strange(): ElementFractions {
  const symbols = new Set<string>();
  while (symbols.size < 4) symbols.add(TEST_PALETTE[random.below(TEST_PALETTE.length)] as string);
  return compositionOf([...symbols].map((symbol) => [symbol, 1 + random.below(6)]));
}

/** A known composition with one element replaced by another. */
function relative(index: KeyIndex): ElementFractions {
  const { elements, fractions } = fractionsOfKey(index.keys[random.below(index.keys.length)] as string);
  const replaced = random.below(elements.length);
  const other = TEST_PALETTE[random.below(TEST_PALETTE.length)] as string;
  return compositionOf(elements.map((symbol, i) => [i === replaced ? other : symbol, fractions[i] as number]));
}

async function main(): Promise<void> {
  const file = path.join(modelFolder(readConfig()), 'training-compositions.tsv.gz');
  if (!existsSync(file)) throw new Error(`${file} is missing`);
  const before = cpuMs();
  const index = await new TrainingIndex(file).compositions();
  console.log(`${index.keys.length} training compositions, indexed in ${Math.round(cpuMs() - before)} ms`);
  const known = index.keys.map(fractionsOfKey);
  const bruteForce = (asked: ElementFractions): number[] =>
    Array.from(known, (one) => elementMoversDistance(asked, one))
      .sort((a, b) => a - b)
      .slice(0, COUNT);
  for (const [name, questions] of [
    ['one element replaced', Array.from({ length: QUESTIONS }, () => relative(index))],
    ['four random elements', Array.from({ length: QUESTIONS }, strange)],
  ] as const) {
    const indexed = cost(questions, (one) => index.nearest(one, COUNT));
    const compared = cost(questions.slice(0, 2), bruteForce);
    console.log(`${name}: ${indexed.toFixed(3)} ms, 1/${Math.round(compared / indexed)} of comparing with each`);
  }
}

void main();
