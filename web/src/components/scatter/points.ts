/**
 * Where a hundred thousand points lie and which of them is nearest: columns of numbers, no object a point. Pure; pixels are CSS pixels
 * from the plot's upper left corner.
 */

/** Columns of equal length; a point without x or y is not drawn. */
export interface ScatterData {
  readonly labels: readonly string[];
  readonly x: readonly (number | null)[];
  readonly y: readonly (number | null)[];
  readonly color: readonly (number | null)[] | null;
  /** Whether either coordinate was predicted: drawn hollow. */
  readonly predicted: (index: number) => boolean;
}

export interface Axis {
  readonly title: string;
  readonly unit: string;
}

/** An axis without the cost of a general scale: `pixel = offset + slope * (log ? ln(value) : value)`. */
export interface Mapping {
  readonly log: boolean;
  readonly slope: number;
  readonly offset: number;
}

export function mapping(domain: readonly [number, number], range: readonly [number, number], log: boolean): Mapping {
  const [low, high] = log ? [Math.log(domain[0]), Math.log(domain[1])] : domain;
  const slope = (range[1] - range[0]) / (high - low);
  return { log, slope, offset: range[0] - slope * low };
}

export interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The points within the bounds: their places among the columns, and their pixels. */
export interface Placed {
  readonly count: number;
  readonly index: Uint32Array;
  readonly px: Float32Array;
  readonly py: Float32Array;
}

export function placePoints({ x, y }: ScatterData, across: Mapping, up: Mapping, bounds: Bounds): Placed {
  const most = x.length;
  const index = new Uint32Array(most);
  const px = new Float32Array(most);
  const py = new Float32Array(most);
  let count = 0;
  for (let i = 0; i < most; i++) {
    const vx = x[i];
    const vy = y[i];
    if (vx == null || vy == null || (across.log && vx <= 0) || (up.log && vy <= 0)) continue;
    const atX = across.offset + across.slope * (across.log ? Math.log(vx) : vx);
    const atY = up.offset + up.slope * (up.log ? Math.log(vy) : vy);
    if (atX < bounds.left || atX > bounds.right || atY < bounds.top || atY > bounds.bottom) continue;
    index[count] = i;
    px[count] = atX;
    py[count] = atY;
    count++;
  }
  return { count, index, px, py };
}

const CELL = 16;

/** Finds the nearest point within 16 pixels, looking at the points of nine cells alone. */
export class PointIndex {
  private readonly columns: number;
  private readonly rows: number;
  /** Where each cell's points begin in `order`. */
  private readonly starts: Uint32Array;
  private readonly order: Uint32Array;

  constructor(
    private readonly placed: Placed,
    width: number,
    height: number,
  ) {
    this.columns = Math.max(1, Math.ceil(width / CELL) + 1);
    this.rows = Math.max(1, Math.ceil(height / CELL) + 1);
    this.starts = new Uint32Array(this.columns * this.rows + 1);
    this.order = new Uint32Array(placed.count);
    const cells = new Uint32Array(placed.count);
    for (let i = 0; i < placed.count; i++) {
      cells[i] = this.cellAt(placed.px[i] ?? 0, placed.py[i] ?? 0);
      this.starts[(cells[i] ?? 0) + 1]!++;
    }
    for (let cell = 0; cell < this.columns * this.rows; cell++) this.starts[cell + 1]! += this.starts[cell] ?? 0;
    const next = this.starts.slice();
    for (let i = 0; i < placed.count; i++) this.order[next[cells[i] ?? 0]!++] = i;
  }

  /** @returns the point's place among the columns, null if there is none near */
  nearest(x: number, y: number): number | null {
    let found: number | null = null;
    let least = CELL * CELL;
    const column = Math.floor(x / CELL);
    const row = Math.floor(y / CELL);
    for (let r = Math.max(0, row - 1); r <= Math.min(this.rows - 1, row + 1); r++) {
      for (let c = Math.max(0, column - 1); c <= Math.min(this.columns - 1, column + 1); c++) {
        const cell = r * this.columns + c;
        for (let at = this.starts[cell] ?? 0; at < (this.starts[cell + 1] ?? 0); at++) {
          const i = this.order[at] ?? 0;
          const distance = ((this.placed.px[i] ?? 0) - x) ** 2 + ((this.placed.py[i] ?? 0) - y) ** 2;
          if (distance < least) {
            least = distance;
            found = this.placed.index[i] ?? null;
          }
        }
      }
    }
    return found;
  }

  private cellAt(x: number, y: number): number {
    const column = Math.min(Math.max(Math.floor(x / CELL), 0), this.columns - 1);
    const row = Math.min(Math.max(Math.floor(y / CELL), 0), this.rows - 1);
    return row * this.columns + column;
  }
}

/** The placed points from left to right, as places among the columns. */
export function leftToRight({ count, index, px }: Placed): Uint32Array {
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => (px[a] ?? 0) - (px[b] ?? 0));
  return Uint32Array.from(order, (i) => index[i] ?? 0);
}
