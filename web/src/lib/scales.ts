import { extent } from 'd3-array';
import { scaleLinear, scaleLog, type ScaleContinuousNumeric } from 'd3-scale';
import { formatNumber } from './format';

export type NumericScale = ScaleContinuousNumeric<number, number>;

/** Five stops of viridis (van der Walt and Smith 2015), which keeps its order in grey and for colour-blind readers. */
export const VIRIDIS = ['#440154', '#3b528b', '#21918c', '#5ec962', '#fde725'] as const;

export function colorScale(domain: readonly [number, number]): (value: number) => string {
  const [low, high] = domain;
  const stops = VIRIDIS.map((_, index) => low + ((high - low) * index) / (VIRIDIS.length - 1));
  return scaleLinear<string>().domain(stops).range(VIRIDIS).clamp(true);
}

/** Smallest and largest finite value, null if there is none; for a logarithmic axis of the positive ones. */
export function finiteExtent(values: Iterable<number | null | undefined>, log = false): [number, number] | null {
  const usable: number[] = [];
  for (const value of values) if (value != null && Number.isFinite(value) && (!log || value > 0)) usable.push(value);
  const [low, high] = extent(usable);
  return low === undefined || high === undefined ? null : [low, high];
}

/** A domain with some air around it; one value alone gets a unit's breadth. */
export function padded(domain: readonly [number, number], log = false): [number, number] {
  const [low, high] = domain;
  if (log) return low === high ? [low / 2, high * 2] : [low / (high / low) ** 0.05, high * (high / low) ** 0.05];
  const air = low === high ? Math.max(Math.abs(low) * 0.1, 0.5) : (high - low) * 0.05;
  return [low - air, high + air];
}

export function makeScale(
  domain: readonly [number, number],
  range: readonly [number, number],
  log: boolean,
): NumericScale {
  return (log ? scaleLog() : scaleLinear()).domain(domain).range(range);
}

/** At most `count` ticks with their labels. */
export function ticksOf(
  scale: NumericScale,
  count: number,
): readonly { readonly value: number; readonly label: string }[] {
  const values = scale.ticks(count);
  // A logarithmic scale offers every multiple within a decade; where that is too many, the powers of ten stand alone.
  const isPower = (value: number) => Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;
  const thinned = values.length > count * 1.5 ? values.filter(isPower) : values;
  return thinned.map((value) => ({ value, label: formatNumber(value, tickDigits(values)) }));
}

/** As many digits as neighbouring ticks need to differ. */
function tickDigits(values: readonly number[]): number {
  const largest = Math.max(...values.map(Math.abs), 0);
  const step = Math.abs((values[1] ?? 0) - (values[0] ?? 0)) || largest;
  if (largest === 0 || step === 0) return 2;
  return Math.min(6, Math.max(1, Math.ceil(Math.log10(largest / step)) + 1));
}
