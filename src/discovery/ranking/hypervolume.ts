/**
 * The volume that a set of points dominates, all objectives maximised, reference point 0. Exact: sweeps for two and three
 * objectives (Fonseca, Paquete and López-Ibáñez, CEC 2006, without their search tree), above that exclusive
 * contributions of limited sets, one objective less each time (WFG: While, Bradstreet and Barone, IEEE Trans. Evol. Comput. 16, 86 (2012)).
 *
 * @param points rows of equal length 1..; no NaN. Dominated and repeated rows, and rows not above 0 in every objective, add nothing.
 */
export function hypervolume(points: readonly ArrayLike<number>[]): number {
  const inside = points.filter((point) => Array.prototype.every.call(point, (value: number) => value > 0));
  const m = inside[0]?.length ?? 0;
  return m === 0 ? 0 : volume(inside, m);
}

type Point = ArrayLike<number>;

/** Of the first m objectives. */
function volume(points: readonly Point[], m: number): number {
  if (points.length === 0) return 0;
  if (points.length === 1) return box(points[0]!, m);
  if (m === 1) return points.reduce((best, point) => Math.max(best, point[0]!), 0);
  if (m === 2) return area(points);
  if (m === 3) return sweep3(points);
  // Ascending in the last objective: what a later point limits an earlier one to has the earlier one's last value.
  const sorted = [...points].sort((a, b) => a[m - 1]! - b[m - 1]!);
  let total = 0;
  for (let i = 0; i < sorted.length; i++) {
    const point = sorted[i]!;
    const limited: Point[] = [];
    for (let j = i + 1; j < sorted.length; j++) {
      const other = sorted[j]!;
      const limit = new Float64Array(m - 1);
      for (let k = 0; k < m - 1; k++) limit[k] = Math.min(point[k]!, other[k]!);
      limited.push(limit);
    }
    total += point[m - 1]! * (box(point, m - 1) - volume(maxima(limited, m - 1), m - 1));
  }
  return total;
}

function box(point: Point, m: number): number {
  let product = 1;
  for (let k = 0; k < m; k++) product *= point[k]!;
  return product;
}

/** The non-dominated ones, each once. For the recursion alone, whose sets shrink quickly. */
function maxima(points: Point[], m: number): Point[] {
  points.sort((a, b) => {
    for (let k = m - 1; k > 0; k--) if (a[k] !== b[k]) return b[k]! - a[k]!;
    return b[0]! - a[0]!;
  });
  const kept: Point[] = [];
  next: for (const point of points) {
    other: for (const better of kept) {
      for (let k = 0; k < m; k++) if (better[k]! < point[k]!) continue other;
      continue next;
    }
    kept.push(point);
  }
  return kept;
}

function area(points: readonly Point[]): number {
  const sorted = [...points].sort((a, b) => b[0]! - a[0]!);
  let total = 0;
  let top = 0;
  for (const point of sorted) {
    if (point[1]! <= top) continue;
    total += point[0]! * (point[1]! - top);
    top = point[1]!;
  }
  return total;
}

/** Sweeps down the third objective over a staircase of the first two, x ascending and y descending. */
function sweep3(points: readonly Point[]): number {
  const sorted = [...points].sort((a, b) => b[2]! - a[2]!);
  const xs: number[] = [];
  const ys: number[] = [];
  let base = 0;
  let total = 0;
  let height = sorted[0]![2]!;
  for (const point of sorted) {
    total += base * (height - point[2]!);
    height = point[2]!;
    const x = point[0]!;
    const y = point[1]!;
    let low = 0;
    for (let high = xs.length; low < high;) {
      const middle = (low + high) >> 1;
      if (xs[middle]! < x) low = middle + 1;
      else high = middle;
    }
    if (low < xs.length && ys[low]! >= y) continue; // dominated in the plane
    // Steps to the left (and one of equal x) whose y is not above this one's vanish below it.
    let end = low;
    if (end < xs.length && xs[end] === x) end++;
    let start = low;
    while (start > 0 && ys[start - 1]! <= y) start--;
    let left = start > 0 ? xs[start - 1]! : 0;
    for (let i = start; i < low; i++) {
      base += (xs[i]! - left) * (y - ys[i]!);
      left = xs[i]!;
    }
    base += (x - left) * (y - (low < ys.length ? ys[low]! : 0));
    xs.splice(start, end - start, x);
    ys.splice(start, end - start, y);
  }
  return total + base * height;
}
