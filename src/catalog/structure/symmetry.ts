import type { LatticeRecord, SiteRecord } from '../../domain';
import { latticeVectors, toCartesian, type Vector } from './lattice';

/** x′ = rotation · x + translation, in fractional coordinates. */
export interface SymmetryOperation {
  readonly rotation: readonly [Vector, Vector, Vector];
  readonly translation: Vector;
}

/**
 * Images of one atom closer than this are the atom itself on a special position. Published coordinates such as 0.333
 * for 1/3 are off by up to 0.005 Å in a usual cell; no two atoms come within 0.5 Å (the default of cctbx's special-position test).
 */
export const SPECIAL_POSITION_TOLERANCE = 0.2;

const TERM = /([+-]?)(?:(\d*\.?\d+)(?:\/(\d+))?\*?)?([xyz]?)/y;

/** Reads the CIF notation "1/2-y, x-y, z+0.5". Returns null where it is not one. */
export function parseSymmetryOperation(text: string): SymmetryOperation | null {
  const rows = text.toLowerCase().replace(/\s+/g, '').split(',').map(parseRow);
  if (rows.length !== 3 || rows.includes(null)) return null;
  const [x, y, z] = rows as [Row, Row, Row];
  const rotation = [x.axes, y.axes, z.axes] as const;
  // A crystallographic operation keeps the cell's volume.
  return Math.abs(determinant(rotation)) === 1 ? { rotation, translation: [x.shift, y.shift, z.shift] } : null;
}

interface Row {
  readonly axes: Vector;
  readonly shift: number;
}

function parseRow(text: string): Row | null {
  const axes: [number, number, number] = [0, 0, 0];
  let shift = 0;
  if (text === '') return null;
  for (TERM.lastIndex = 0; TERM.lastIndex < text.length;) {
    const start = TERM.lastIndex;
    const [term = '', sign, numerator, denominator, axis] = TERM.exec(text) ?? [];
    if (term === '' || (numerator === undefined && !axis) || (start > 0 && !sign)) return null;
    const factor =
      (sign === '-' ? -1 : 1) * (numerator === undefined ? 1 : Number(numerator) / Number(denominator ?? 1));
    if (axis) axes['xyz'.indexOf(axis)]! += factor;
    else shift += factor;
  }
  return { axes, shift };
}

function determinant([a, b, c]: readonly [Vector, Vector, Vector]): number {
  return a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
}

function apply({ rotation, translation }: SymmetryOperation, [x, y, z]: Vector): Vector {
  return rotation.map(
    (row, axis) => row[0] * x + row[1] * y + row[2] * z + (translation[axis] ?? 0),
  ) as unknown as Vector;
}

/** Into [0, 1), to six digits: a coordinate known to 10⁻⁶ of a cell edge is far finer than any experiment. */
export function wrap(value: number): number {
  const rounded = Math.round((value - Math.floor(value)) * 1e6) / 1e6;
  return rounded >= 1 ? 0 : rounded;
}

/** The shortest difference of two fractional coordinates in a periodic cell. */
const nearest = (difference: number): number => difference - Math.round(difference);

/**
 * All sites of the conventional cell from those of the asymmetric unit. An atom on a special position is moved onto it (the mean of its
 * images there) before the orbit is made, so that rounded coordinates give neither split nor missing atoms.
 */
export function expandSites(
  sites: readonly SiteRecord[],
  operations: readonly SymmetryOperation[],
  cell: LatticeRecord,
): SiteRecord[] {
  const vectors = latticeVectors(cell);
  const near = (p: Vector, q: Vector): boolean =>
    Math.hypot(...toCartesian(vectors, p.map((value, i) => nearest(value - q[i]!)) as unknown as Vector)) <
    SPECIAL_POSITION_TOLERANCE;
  return sites.flatMap((site) => {
    const given: Vector = [site.x, site.y, site.z];
    const here = operations.map((operation) => apply(operation, given)).filter((image) => near(image, given));
    const special = given.map(
      (value, axis) =>
        value + here.reduce((sum, image) => sum + nearest(image[axis]! - value), 0) / Math.max(1, here.length),
    ) as unknown as Vector;
    const orbit: Vector[] = [];
    for (const operation of operations) {
      const image = apply(operation, special).map(wrap) as unknown as Vector;
      if (!orbit.some((other) => near(image, other))) orbit.push(image);
    }
    return orbit.map(([x, y, z]) => ({ element: site.element, occupancy: site.occupancy, x, y, z }));
  });
}
