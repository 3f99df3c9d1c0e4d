/**
 * Exact non-dominated sorting of any number of objectives, all minimised, by divide and conquer:
 * Jensen, IEEE Trans. Evol. Comput. 7, 503 (2003); Fortin, Grenier and Parizeau, GECCO 2013 (equal values);
 * Buzdalov and Shalyto, PPSN 2014 (two-objective sweep on a search tree; a Fenwick tree of maxima here).
 * O(n log^(m−1) n) against O(m n²) for the plain algorithm of Deb et al. (2002).
 */

/** Below this many pairs a direct comparison beats another level of recursion (measured with bench:discovery). */
const DIRECT_PAIRS = 512;

/**
 * @param costs n × m, row by row; lower is better; no NaN.
 * @returns the front of each row: 1 for rows that no other row dominates, 2 for those that only front 1 dominates, and so on.
 *   Equal rows share a front.
 */
export function nondominatedFronts(costs: Float64Array, m: number): Int32Array {
  const n = m === 0 ? 0 : costs.length / m;
  const fronts = new Int32Array(n);
  if (n === 0) return fronts;
  const { order, ranks } = lexicographic(costs, n, m);
  // One representative for equal rows: the recursion relies on no two rows being equal in every objective.
  const representative = new Int32Array(n);
  const distinct: number[] = [];
  for (let i = 0; i < n; i++) {
    const row = order[i]!;
    const previous = distinct.at(-1);
    if (previous !== undefined && sameRow(ranks, previous, row)) representative[row] = previous;
    else {
      representative[row] = row;
      distinct.push(row);
    }
  }
  new Sorter(ranks, fronts).sort(Int32Array.from(distinct));
  return representative.map((row) => fronts[row]! + 1);
}

/** Each objective as dense integer ranks (so that comparing is exact and cheap), and the rows in lexicographic order. */
function lexicographic(costs: Float64Array, n: number, m: number): { order: Int32Array; ranks: Int32Array[] } {
  const ranks: Int32Array[] = [];
  const column = new Float64Array(n);
  for (let k = 0; k < m; k++) {
    for (let i = 0; i < n; i++) column[i] = costs[i * m + k]! + 0; // −0 becomes 0
    ranks.push(denseRanks(column));
  }
  // Least significant objective first; counting sort is stable.
  let order: Int32Array = Int32Array.from({ length: n }, (_, i) => i);
  for (let k = m - 1; k >= 0; k--) order = countingSort(order, ranks[k]!);
  return { order, ranks };
}

function denseRanks(values: Float64Array): Int32Array {
  const sorted = Float64Array.from(values).sort();
  let distinct = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[distinct - 1]) sorted[distinct++] = sorted[i]!;
  }
  const ranks = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    let low = 0;
    let high = distinct - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < values[i]!) low = middle + 1;
      else high = middle;
    }
    ranks[i] = low;
  }
  return ranks;
}

function countingSort(order: Int32Array, keys: Int32Array): Int32Array {
  const starts = new Int32Array(keys.length + 1);
  for (let i = 0; i < keys.length; i++) starts[keys[i]! + 1]!++;
  for (let i = 0; i < keys.length; i++) starts[i + 1]! += starts[i]!;
  const sorted = new Int32Array(order.length);
  for (const row of order) sorted[starts[keys[row]!]!++] = row;
  return sorted;
}

function sameRow(ranks: readonly Int32Array[], a: number, b: number): boolean {
  return ranks.every((column) => column[a] === column[b]);
}

class Sorter {
  /** Fenwick tree of maxima over the second objective: the highest front + 1 seen at or below a value. */
  private readonly tree: Int32Array;
  private readonly scratch: Int32Array;

  constructor(
    private readonly ranks: readonly Int32Array[],
    private readonly fronts: Int32Array,
  ) {
    this.tree = new Int32Array(fronts.length + 1);
    this.scratch = new Int32Array(fronts.length);
  }

  /** @param rows distinct, in lexicographic order. Leaves the zero-based front of each in `fronts`. */
  sort(rows: Int32Array): void {
    if (this.ranks.length === 1) rows.forEach((row, front) => (this.fronts[row] = front));
    else this.within(rows, this.ranks.length - 1);
  }

  /** Sorts the rows among themselves by objectives 0..k; they are equal in all later ones. */
  private within(rows: Int32Array, k: number): void {
    if (rows.length * rows.length <= DIRECT_PAIRS) {
      for (let j = 1; j < rows.length; j++) for (let i = 0; i < j; i++) this.compare(rows[i]!, rows[j]!, k);
      return;
    }
    if (k === 1) return this.sweepWithin(rows);
    const column = this.ranks[k]!;
    const [low, high] = range(rows, column);
    if (low === high) return this.within(rows, k - 1);
    const pivot = this.median(rows, EMPTY, column);
    const [less, equal, more] = split(rows, column, pivot);
    this.within(less, k);
    this.across(less, equal, k - 1);
    this.within(equal, k - 1);
    this.across(atOrBelow(rows, column, pivot), more, k - 1);
    this.within(more, k);
  }

  /** Lets the finished `upper` rows push back the `lower` ones: no upper row is worse in an objective after k. */
  private across(upper: Int32Array, lower: Int32Array, k: number): void {
    if (upper.length === 0 || lower.length === 0) return;
    if (upper.length * lower.length <= DIRECT_PAIRS) {
      for (const a of upper) for (const b of lower) this.compare(a, b, k);
      return;
    }
    if (k === 1) return this.sweepAcross(upper, lower);
    const column = this.ranks[k]!;
    const [upperLow, upperHigh] = range(upper, column);
    const [lowerLow, lowerHigh] = range(lower, column);
    if (upperHigh <= lowerLow) return this.across(upper, lower, k - 1);
    if (upperLow > lowerHigh) return;
    const pivot = this.median(upper, lower, column);
    const [upperLess, upperEqual, upperMore] = split(upper, column, pivot);
    const [lowerLess, lowerEqual, lowerMore] = split(lower, column, pivot);
    this.across(upperLess, lowerLess, k);
    this.across(upperLess, lowerEqual, k - 1);
    this.across(upperEqual, lowerEqual, k - 1);
    this.across(atOrBelow(upper, column, pivot), lowerMore, k - 1);
    this.across(upperMore, lowerMore, k);
  }

  private compare(a: number, b: number, k: number): void {
    if (this.fronts[b]! > this.fronts[a]!) return;
    for (let j = 0; j <= k; j++) if (this.ranks[j]![a]! > this.ranks[j]![b]!) return;
    this.fronts[b] = this.fronts[a]! + 1;
  }

  private sweepWithin(rows: Int32Array): void {
    for (const row of rows) {
      this.fronts[row] = Math.max(this.fronts[row]!, this.highest(row));
      this.enter(row);
    }
    this.clear(rows);
  }

  private sweepAcross(upper: Int32Array, lower: Int32Array): void {
    const first = this.ranks[0]!;
    const second = this.ranks[1]!;
    let i = 0;
    for (const row of lower) {
      for (; i < upper.length; i++) {
        const a = upper[i]!;
        if (first[a]! > first[row]! || (first[a]! === first[row]! && second[a]! > second[row]!)) break;
        this.enter(a);
      }
      this.fronts[row] = Math.max(this.fronts[row]!, this.highest(row));
    }
    this.clear(upper.subarray(0, i));
  }

  private highest(row: number): number {
    let best = 0;
    for (let i = this.ranks[1]![row]! + 1; i > 0; i &= i - 1) best = Math.max(best, this.tree[i]!);
    return best;
  }

  private enter(row: number): void {
    const value = this.fronts[row]! + 1;
    for (let i = this.ranks[1]![row]! + 1; i < this.tree.length; i += i & -i) {
      if (this.tree[i]! < value) this.tree[i] = value;
    }
  }

  private clear(rows: Int32Array): void {
    for (const row of rows) {
      for (let i = this.ranks[1]![row]! + 1; i < this.tree.length && this.tree[i] !== 0; i += i & -i) this.tree[i] = 0;
    }
  }

  /** The median value of an objective over both sets (quickselect). */
  private median(a: Int32Array, b: Int32Array, column: Int32Array): number {
    const values = this.scratch;
    let n = 0;
    for (const row of a) values[n++] = column[row]!;
    for (const row of b) values[n++] = column[row]!;
    const target = n >> 1;
    let left = 0;
    let right = n - 1;
    while (left < right) {
      const pivot = values[(left + right) >> 1]!;
      let i = left;
      let j = right;
      while (i <= j) {
        while (values[i]! < pivot) i++;
        while (values[j]! > pivot) j--;
        if (i <= j) {
          const swap = values[i]!;
          values[i++] = values[j]!;
          values[j--] = swap;
        }
      }
      if (target <= j) right = j;
      else if (target >= i) left = i;
      else break;
    }
    return values[target]!;
  }
}

const EMPTY = new Int32Array(0);

function range(rows: Int32Array, column: Int32Array): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const row of rows) {
    const value = column[row]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Rows below, at and above the pivot, each in the order given. */
function split(rows: Int32Array, column: Int32Array, pivot: number): [Int32Array, Int32Array, Int32Array] {
  let less = 0;
  let equal = 0;
  for (const row of rows) {
    if (column[row]! < pivot) less++;
    else if (column[row] === pivot) equal++;
  }
  const parts = new Int32Array(rows.length);
  let [i, j, k] = [0, less, less + equal];
  for (const row of rows) {
    const value = column[row]!;
    if (value < pivot) parts[i++] = row;
    else if (value === pivot) parts[j++] = row;
    else parts[k++] = row;
  }
  return [parts.subarray(0, less), parts.subarray(less, less + equal), parts.subarray(less + equal)];
}

/** Rows at or below the pivot, in the order given. */
function atOrBelow(rows: Int32Array, column: Int32Array, pivot: number): Int32Array {
  return rows.filter((row) => column[row]! <= pivot);
}
