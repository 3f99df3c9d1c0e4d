import type { LatticeRecord } from '../../domain';

export type Vector = readonly [number, number, number];
const RADIANS = Math.PI / 180;

/** Lengths in Å, angles in degrees; throws a RangeError that says which parameter cannot be. */
export function lattice(a: number, b: number, c: number, alpha: number, beta: number, gamma: number): LatticeRecord {
  for (const [name, length] of Object.entries({ a, b, c })) {
    if (!(length > 0 && length < 1e4))
      throw new RangeError(`cell length ${name} is ${length}; expected a positive number of Å`);
  }
  for (const [name, angle] of Object.entries({ alpha, beta, gamma })) {
    if (!(angle > 0 && angle < 180))
      throw new RangeError(`cell angle ${name} is ${angle}; expected degrees between 0 and 180`);
  }
  const [x, y, z] = [alpha, beta, gamma].map((angle) => Math.cos(angle * RADIANS)) as [number, number, number];
  const squared = 1 - x * x - y * y - z * z + 2 * x * y * z;
  if (!(squared > 1e-8)) throw new RangeError(`cell angles ${alpha}, ${beta}, ${gamma} do not enclose a volume`);
  return { a, b, c, alpha, beta, gamma, volume: a * b * c * Math.sqrt(squared) };
}

/** Cell vectors in Å, a along x, b in the xy plane (the convention of the CIF core dictionary's orthogonal axes). */
export function latticeVectors(cell: LatticeRecord): readonly [Vector, Vector, Vector] {
  const [cosAlpha, cosBeta, cosGamma] = [cell.alpha, cell.beta, cell.gamma].map(exactCosine) as [
    number,
    number,
    number,
  ];
  const sinGamma = Math.sqrt(1 - cosGamma * cosGamma);
  return [
    [cell.a, 0, 0],
    [cell.b * cosGamma, cell.b * sinGamma, 0],
    [
      cell.c * cosBeta,
      (cell.c * (cosAlpha - cosBeta * cosGamma)) / sinGamma,
      cell.volume / (cell.a * cell.b * sinGamma),
    ],
  ];
}

// cos 90° is 6·10⁻¹⁷ in floating point: an orthogonal cell should print zeros.
const exactCosine = (degrees: number): number => (degrees === 90 ? 0 : Math.cos(degrees * RADIANS));

/** Lengths and angles of three cell vectors in Å. Throws a RangeError where they do not enclose a volume. */
export function latticeFromVectors(vectors: readonly [Vector, Vector, Vector]): LatticeRecord {
  const [a, b, c] = vectors;
  const [la, lb, lc] = vectors.map((v) => Math.hypot(...v)) as [number, number, number];
  const angle = (u: Vector, v: Vector, lengths: number): number =>
    // Ten digits keep 90° and 120° exact.
    Number((Math.acos(Math.max(-1, Math.min(1, dot(u, v) / lengths))) / RADIANS).toFixed(10));
  return lattice(la, lb, lc, angle(b, c, lb * lc), angle(a, c, la * lc), angle(a, b, la * lb));
}

export function dot(u: Vector, v: Vector): number {
  return u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
}

/** Fractional to Cartesian, Å. */
export function toCartesian(vectors: readonly [Vector, Vector, Vector], [x, y, z]: Vector): Vector {
  const [a, b, c] = vectors;
  return [x * a[0] + y * b[0] + z * c[0], x * a[1] + y * b[1] + z * c[1], x * a[2] + y * b[2] + z * c[2]];
}

/** Cartesian (Å) to fractional: the rows of the inverse are the reciprocal vectors. */
export function toFractional([a, b, c]: readonly [Vector, Vector, Vector], point: Vector): Vector {
  const determinant = dot(a, cross(b, c));
  return [
    dot(point, cross(b, c)) / determinant,
    dot(point, cross(c, a)) / determinant,
    dot(point, cross(a, b)) / determinant,
  ];
}

function cross(u: Vector, v: Vector): Vector {
  return [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
}
