/** The share of the best that is found after each measurement. */
export interface Curve {
  readonly name: string;
  readonly shares: readonly number[];
  /** Where it has been followed to. */
  readonly ends: number;
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [720, 360, 60, 20, 20, 50];
const COLOURS = ['#888888', '#1f6feb', '#d1580f', '#1a7f37'];

/** As SVG. */
export function curvesPlot(curves: readonly Curve[], { size, batch }: { size: number; batch: number }): string {
  const x = (n: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * n) / size;
  const y = (share: number): number => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share;
  const text = (at: readonly [number, number], words: string, more = ''): string =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" ${more}>${words}</text>`;
  const lines = curves.map(({ shares, ends }, k) => {
    const points = [`${x(0)},${y(0)}`];
    for (let n = 1; n <= Math.min(ends, shares.length); n++)
      points.push(`${x(n).toFixed(1)},${y(shares[n - 1]!).toFixed(1)}`);
    return `<polyline fill="none" stroke="${COLOURS[k]}" stroke-width="2" points="${points.join(' ')}"/>`;
  });
  const legend = curves.map(({ name }, k) =>
    [
      `<line x1="${x(size) - 200}" x2="${x(size) - 175}" y1="${y(0.32 - 0.08 * k)}" y2="${y(0.32 - 0.08 * k)}" stroke="${COLOURS[k]}" stroke-width="2"/>`,
      text([x(size) - 168, y(0.32 - 0.08 * k) + 4], name),
    ].join(''),
  );
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(share)}" y2="${y(share)}" stroke="#dddddd"/>` +
      text([LEFT - 8, y(share) + 4], `${share * 100} %`, 'text-anchor="end"'),
  );
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) =>
    text([x(part * size), HEIGHT - BOTTOM + 18], `${Math.round(part * size)}`, 'text-anchor="middle"'),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img" aria-label="share of the best 5 % found against measurements">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>
${grid.join('\n')}
${ticks.join('\n')}
${lines.join('\n')}
${legend.join('\n')}
${text([(LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10], `measurements, in batches of ${batch}`, 'text-anchor="middle"')}
${text([LEFT, 14], 'best 5 % found, median')}
</svg>
`;
}
