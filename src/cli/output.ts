import { Presets, SingleBar } from 'cli-progress';

/** What the commands share: columns, numbers, a progress bar, and errors without stack traces. */

export type Cell = string | number | null;

/** Four significant digits, as far as a prediction means anything; exponents only where a decimal would be unreadable. */
export function figure(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size >= 1e6 || size < 1e-4 ? value.toExponential(3) : String(Number(value.toPrecision(4)));
}

/** Columns as wide as their widest cell, numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? figure(cell) : (cell ?? ''))));
  const widths = header.map((title, column) => Math.max(title.length, ...texts.map((row) => row[column]?.length ?? 0)));
  const toRight = header.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] !== 'string'));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (toRight[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((width) => '─'.repeat(width))), ...texts.map(line)].join('\n');
}

export interface Progress {
  update(done: number, total: number): void;
  stop(): void;
}

/** A bar on stderr, where it disturbs no pipe; none where stderr is not a terminal. */
export function progressBar(what: string): Progress {
  const bar = new SingleBar(
    {
      format: `${what} {bar} {percentage} % | {value}/{total} | {eta_formatted} left`,
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      noTTYOutput: false,
    },
    Presets.shades_classic,
  );
  return {
    update(done, total) {
      if (!process.stderr.isTTY) return;
      if (!bar.isActive) bar.start(total, done);
      bar.setTotal(total);
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}
