import { interval, propertyDefinition, type Candidate, type PropertyKey } from '../domain';
import { figure } from './output';

/** One candidate on two axes: two objectives, or rank and the only one. */
interface Point {
  readonly formula: string;
  readonly rank: number;
  readonly onFront: boolean;
  readonly x: number;
  readonly y: number;
  /** 90 % intervals; null for a classification or a rank. */
  readonly xInterval: { readonly lower: number; readonly upper: number } | null;
  readonly yInterval: { readonly lower: number; readonly upper: number } | null;
}

interface Axes {
  readonly points: readonly Point[];
  readonly xLabel: string;
  readonly yLabel: string;
}

const label = (property: PropertyKey): string => {
  const { name, unit, kind } = propertyDefinition(property);
  return kind === 'CLASSIFICATION' ? `P(${name})` : `${name} (${unit})`;
};

/** The first two objectives; further ones are in the table. */
function axesOf(candidates: readonly Candidate[]): Axes {
  const properties = candidates[0]?.objectives.map(({ property }) => property) ?? [];
  const [first, second] = properties;
  const reading = (candidate: Candidate, k: number) => {
    const { prediction } = candidate.objectives[k]!;
    return { value: prediction.distribution.value, range: interval(prediction, 0.9) };
  };
  const points = candidates.map((candidate) => {
    const a = reading(candidate, 0);
    const b = second === undefined ? null : reading(candidate, 1);
    return {
      formula: candidate.composition.formula,
      rank: candidate.rank,
      onFront: candidate.paretoFront === 1,
      x: b ? a.value : candidate.rank,
      y: b ? b.value : a.value,
      xInterval: b ? a.range : null,
      yInterval: b ? b.range : a.range,
    };
  });
  return {
    points,
    xLabel: second === undefined ? 'rank' : label(first!),
    yLabel: first === undefined ? '' : label(second ?? first),
  };
}

/** From the smallest to the largest finite value, never empty. */
function extent(values: readonly number[]): readonly [number, number] {
  const min = values.reduce((a, b) => Math.min(a, b), Infinity);
  const max = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return min < max ? [min, max] : [min - 0.5, min + 0.5];
}

/** Round numbers within an extent, about five. */
function roundTicks([low, high]: readonly [number, number]): number[] {
  const raw = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= raw) ?? 10);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

/** What is on the front comes last, so that nothing hides it. */
const frontLast = (points: readonly Point[]): Point[] =>
  [...points].sort((a, b) => Number(a.onFront) - Number(b.onFront));

/** Characters: `●` on the Pareto front, `·` dominated; as wide as `width` columns. */
export function terminalPlot(candidates: readonly Candidate[], width = 72, height = 20): string {
  const { points, xLabel, yLabel } = axesOf(candidates);
  if (points.length === 0) return 'no candidate to plot';
  const [x0, x1] = extent(points.map(({ x }) => x));
  const [y0, y1] = extent(points.map(({ y }) => y));
  const grid = Array.from({ length: height }, () => new Array<string>(width).fill(' '));
  const at = (value: number, low: number, high: number, cells: number) =>
    Math.round(((value - low) / (high - low)) * (cells - 1));
  for (const point of frontLast(points)) {
    grid[height - 1 - at(point.y, y0, y1, height)]![at(point.x, x0, x1, width)] = point.onFront ? '●' : '·';
  }
  const ticks = [figure(y1), figure(y0)];
  const margin = Math.max(...ticks.map((tick) => tick.length));
  const lines = grid.map((row, i) => {
    const tick = i === 0 ? ticks[0]! : i === height - 1 ? ticks[1]! : '';
    return `${tick.padStart(margin)} ┤${row.join('').trimEnd()}`;
  });
  const [left, right] = [figure(x0), figure(x1)];
  const scale = `${left}${right.padStart(Math.max(1, width - left.length))}`;
  const indent = ' '.repeat(margin + 2);
  return [
    yLabel,
    ...lines,
    `${' '.repeat(margin)} └${'─'.repeat(width)}`,
    indent + scale,
    `${indent}${xLabel}   ● Pareto front  · dominated`,
  ].join('\n');
}

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);

/**
 * A page that needs nothing else: an SVG with the front, the dominated candidates, 90 % intervals of the front, and names on hover.
 * @param total of the candidates that were ranked; these are the best of them.
 */
export function htmlPlot(candidates: readonly Candidate[], total = candidates.length): string {
  const { points, xLabel, yLabel } = axesOf(candidates);
  const [width, height, margin] = [960, 620, 84];
  const shown = points.filter(({ onFront }) => onFront);
  const ends = (range: Point['xInterval']) => (range === null ? [] : [range.lower, range.upper]);
  const xs = extent([...points.map(({ x }) => x), ...shown.flatMap(({ xInterval }) => ends(xInterval))]);
  const ys = extent([...points.map(({ y }) => y), ...shown.flatMap(({ yInterval }) => ends(yInterval))]);
  const px = (x: number) => (margin + ((x - xs[0]) / (xs[1] - xs[0])) * (width - 2 * margin)).toFixed(1);
  const py = (y: number) => (height - margin - ((y - ys[0]) / (ys[1] - ys[0])) * (height - 2 * margin)).toFixed(1);
  const bars = shown.flatMap(({ x, y, xInterval, yInterval }) => [
    ...(xInterval
      ? [`<line x1="${px(xInterval.lower)}" x2="${px(xInterval.upper)}" y1="${py(y)}" y2="${py(y)}"/>`]
      : []),
    ...(yInterval
      ? [`<line x1="${px(x)}" x2="${px(x)}" y1="${py(yInterval.lower)}" y2="${py(yInterval.upper)}"/>`]
      : []),
  ]);
  const dots = frontLast(points).map(({ formula, rank, x, y, onFront }) => {
    const title = `${escape(formula)}, rank ${rank}: ${figure(x)}, ${figure(y)}`;
    return `<circle class="${onFront ? 'front' : 'dominated'}" cx="${px(x)}" cy="${py(y)}" r="${onFront ? 5 : 3}"><title>${title}</title></circle>`;
  });
  const ticks = [
    ...roundTicks(xs).map(
      (x) => `<text x="${px(x)}" y="${height - margin + 22}" text-anchor="middle">${figure(x)}</text>`,
    ),
    ...roundTicks(ys).map(
      (y) => `<text x="${margin - 10}" y="${py(y)}" text-anchor="end" dominant-baseline="middle">${figure(y)}</text>`,
    ),
  ];
  const count = `${total > points.length ? `The best ${points.length} of ${total}` : points.length} candidates`;
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Discovery: ${total} candidates</title>
<style>
  :root { color-scheme: light dark; font: 14px system-ui, sans-serif; }
  svg { max-width: 100%; height: auto; }
  text { fill: currentColor; } line { stroke: #c2410c; opacity: 0.45; }
  .axis { stroke: currentColor; opacity: 1; } .front { fill: #c2410c; } .dominated { fill: #64748b; opacity: 0.5; }
</style>
<h1>${count}, ${shown.length} of them on the Pareto front</h1>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(`${yLabel} against ${xLabel}`)}">
<line class="axis" x1="${margin}" x2="${width - margin}" y1="${height - margin}" y2="${height - margin}"/>
<line class="axis" x1="${margin}" x2="${margin}" y1="${margin}" y2="${height - margin}"/>
${[...ticks, ...bars, ...dots].join('\n')}
<text x="${width / 2}" y="${height - 30}" text-anchor="middle">${escape(xLabel)}</text>
<text x="18" y="${height / 2}" text-anchor="middle" transform="rotate(-90 18 ${height / 2})">${escape(yLabel)}</text>
</svg>
<p>Orange: the front with 90 % intervals. Grey: dominated. Point at a candidate for its formula.</p>
</html>
`;
}
