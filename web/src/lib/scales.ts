import { scaleLinear, scaleLog, type ScaleContinuousNumeric } from 'd3-scale';
import { formatNumber } from './format';

export type NumericScale = ScaleContinuousNumeric<number, number>;

/**
 * Five stops of viridis (van der Walt and Smith 2015), which keeps its order in grey and for colour-blind readers; without the end
 * that would vanish into the background.
 */
const VIRIDIS = {
  light: ['#440154', '#3b528b', '#21918c', '#5ec962', '#c2df23'],
  dark: ['#3e6fb0', '#21918c', '#35b779', '#8fd744', '#fde725'],
} as const;

export function colorStops(dark: boolean): readonly string[] {
  return VIRIDIS[dark ? 'dark' : 'light'];
}

export function colorScale(domain: readonly [number, number], dark: boolean): (value: number) => string {
  const [low, high] = domain;
  const colors = colorStops(dark);
  const stops = colors.map((_, index) => low + ((high - low) * index) / (colors.length - 1));
  return scaleLinear<string>().domain(stops).range(colors).clamp(true);
}

/** Smallest and largest finite value, null if there is none; for a logarithmic axis of the positive ones. */
export function finiteExtent(values: Iterable<number | null | undefined>, log = false): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value == null || !Number.isFinite(value) || (log && value <= 0)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? null : [low, high];
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
  const [low = 0, high = 0] = scale.domain();
  // Within a decade a logarithmic scale offers one tick or none: there the ticks of a linear one read better.
  const narrow = 'base' in scale && high < low * 10;
  const values = narrow ? scaleLinear().domain([low, high]).ticks(count) : scale.ticks(count);
  // A logarithmic scale offers every multiple within a decade; where that is too many, the powers of ten stand alone.
  const isPower = (value: number) => Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;
  const thinned = !narrow && values.length > count * 1.5 ? values.filter(isPower) : values;
  const step = Math.abs((values[1] ?? 1) - (values[0] ?? 0));
  return thinned.map((value) => ({
    value,
    label: 'base' in scale && !narrow ? formatNumber(value, 1) : tickLabel(value, step),
  }));
}

/** As many decimals as neighbouring ticks need to differ. */
function tickLabel(value: number, step: number): string {
  if (value !== 0 && (Math.abs(value) >= 1e5 || step < 1e-4)) return formatNumber(value, 3);
  return value.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9))).replace('-', '−');
}
