import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Composition } from '../../src/chemistry';
import type { PredictionRequest, PropertyKey } from '../../src/domain';

export const PROPERTIES: readonly PropertyKey[] = ['BAND_GAP', 'DENSITY'];
export const FORMULAS = 1000;

export const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
export const rate = (rows: number, ms: number) => (rows / ms) * 1000;
/** @param bar what it should be, if there is something to reach */
export const print = (label: string, value: string, bar?: Bar) =>
  console.log(`${label.padEnd(58)} ${value}${bar ? `   [${bar.text}: ${bar.met ? 'yes' : 'NO'}]` : ''}`);
interface Bar {
  readonly text: string;
  readonly met: boolean;
}
export const atLeast = (value: number, least: number, unit = ''): Bar => ({
  text: `at least ${unit === '%' ? least * 100 : least} ${unit}`.trim(),
  met: value >= least,
});
export const atMost = (value: number, most: number, unit = ''): Bar => ({
  text: `at most ${unit === '%' ? most * 100 : most} ${unit}`.trim(),
  met: value <= most,
});
export const perSecond = (value: number) => `${Math.round(value).toLocaleString('en').padStart(9)} rows/s`;
export const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
export const milliseconds = (value: number) => `${value.toFixed(1)} ms`;

export const requestsFor = (
  compositions: readonly Composition[],
  properties: readonly PropertyKey[],
): PredictionRequest[] =>
  compositions.flatMap((composition) => properties.map((property) => ({ composition, property })));

/** Event-loop delays of stretches of work; a histogram that is stopped and started again counts the pause between as a delay. */
export class LoopDelay {
  private readonly stretches: { p50: number; p99: number; max: number }[] = [];

  async during<T>(work: () => Promise<T>): Promise<T> {
    const histogram = monitorEventLoopDelay({ resolution: 1 });
    histogram.enable();
    try {
      return await work();
    } finally {
      histogram.disable();
      const ms = (percentile: number) => histogram.percentile(percentile) / 1e6;
      this.stretches.push({ p50: ms(50), p99: ms(99), max: ms(100) });
    }
  }

  /** @param mostP99 ms */
  print(label: string, mostP99?: number): void {
    const p99 = median(this.stretches.map((stretch) => stretch.p99));
    const values = [
      median(this.stretches.map(({ p50 }) => p50)),
      p99,
      Math.max(...this.stretches.map(({ max }) => max)),
    ];
    const bar = mostP99 === undefined ? undefined : atMost(p99, mostP99, 'ms at p99');
    print(`${label}, p50 / p99 / max`, values.map(milliseconds).join(' / '), bar);
  }
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** CPU milliseconds of all threads: what a busy machine distorts least. */
export async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
