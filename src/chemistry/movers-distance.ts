import { elementBySymbol } from './elements';
import type { Composition } from './composition';

/**
 * The element mover's distance (Hargreaves, Dyer, Gaultois, Kurlin and Rosseinsky, Chem. Mater. 32, 10610 (2020)): the least work that
 * turns one composition into another, moving atomic fractions along a scale on which elements that replace each other in
 * crystals are neighbours: the modified Pettifor scale of Glawe, Sanna, Gross and Marques, New J. Phys. 18, 093011 (2016). On a scale the
 * earth mover's distance is the area between the two cumulative distributions; the mean position bounds it from below.
 */
const MODIFIED_PETTIFOR = (
  'He Ne Ar Kr Xe Rn Fr Cs Rb K Na Li Ra Ba Sr Ca Eu Yb Lu Tm Y Er Ho Dy Tb Gd Sm Pm Nd Pr Ce La Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md ' +
  'No Lr Sc Zr Hf Ti Ta Nb V Cr Mo W Re Tc Os Ru Ir Rh Pt Pd Au Ag Cu Ni Co Fe Mn Mg Zn Cd Hg Be Al Ga In Tl Pb Sn Ge Si B C N P As Sb Bi ' +
  'Po Te Se S O At I Br Cl F H'
).split(' ');

/** By atomic number. The scale ends at Lr; a heavier element stands where the element above it in its group does. */
const POSITION: Uint8Array = (() => {
  const positions = new Uint8Array(119);
  MODIFIED_PETTIFOR.forEach((symbol, position) => (positions[elementBySymbol(symbol)?.number ?? 0] = position));
  for (let number = 104; number <= 118; number++) positions[number] = positions[number - 32] as number;
  return positions;
})();

type ElementFractions = Pick<Composition, 'elements' | 'fractions'>;

/** A composition on the scale. */
interface Point {
  /** Ascending; parallel to fractions. */
  readonly positions: ArrayLike<number>;
  readonly fractions: ArrayLike<number>;
  readonly mean: number;
}

function pointOf({ elements, fractions }: ElementFractions): Point {
  const parts = elements
    .map((symbol, i) => [POSITION[elementBySymbol(symbol)?.number ?? 0] as number, fractions[i] as number] as const)
    .sort(([a], [b]) => a - b);
  return {
    positions: parts.map(([position]) => position),
    fractions: parts.map(([, fraction]) => fraction),
    mean: parts.reduce((sum, [position, fraction]) => sum + position * fraction, 0),
  };
}

/** Area between the cumulative distributions of `a` and of entries [from, to) of `positions` and `fractions`. */
function area(a: Point, positions: ArrayLike<number>, fractions: ArrayLike<number>, from: number, to: number): number {
  let distance = 0;
  let excess = 0;
  let last = 0;
  for (let i = 0, j = from; i < a.positions.length || j < to;) {
    const ofA = i < a.positions.length ? (a.positions[i] as number) : Infinity;
    const ofB = j < to ? (positions[j] as number) : Infinity;
    const position = Math.min(ofA, ofB);
    distance += Math.abs(excess) * (position - last);
    last = position;
    if (ofA === position) excess += a.fractions[i++] as number;
    if (ofB === position) excess -= fractions[j++] as number;
  }
  return distance;
}

/** 0 for one composition however written, up to 102 (He to H). */
export function elementMoversDistance(a: ElementFractions, b: ElementFractions): number {
  const { positions, fractions } = pointOf(b);
  return area(pointOf(a), positions, fractions, 0, positions.length);
}

/**
 * The nearest of many compositions, exactly, without a distance to each: they lie in the order of their mean positions, and the difference
 * of two means is a lower bound of the distance. Flat arrays: about 20 bytes a composition.
 */
export class CompositionIndex {
  private readonly means: Float64Array;
  private readonly starts: Uint32Array;
  private readonly positions: Uint8Array;
  private readonly fractions: Float32Array;

  constructor(compositions: readonly ElementFractions[]) {
    const points = compositions.map(pointOf).sort((a, b) => a.mean - b.mean);
    this.means = Float64Array.from(points, (point) => point.mean);
    this.starts = new Uint32Array(points.length + 1);
    points.forEach(({ positions }, i) => (this.starts[i + 1] = (this.starts[i] as number) + positions.length));
    this.positions = new Uint8Array(this.starts[points.length] as number);
    this.fractions = new Float32Array(this.positions.length);
    points.forEach(({ positions, fractions }, i) => {
      this.positions.set(positions, this.starts[i]);
      this.fractions.set(fractions, this.starts[i]);
    });
  }

  /** Distance to the nearest; Infinity for an empty index. */
  nearestDistance(composition: ElementFractions): number {
    const point = pointOf(composition);
    let above = this.firstNotBelow(point.mean);
    let below = above - 1;
    let best = Infinity;
    for (;;) {
      const gapAbove = above < this.means.length ? (this.means[above] as number) - point.mean : Infinity;
      const gapBelow = below >= 0 ? point.mean - (this.means[below] as number) : Infinity;
      if (Math.min(gapAbove, gapBelow) >= best || Math.min(gapAbove, gapBelow) === Infinity) return tidy(best);
      const i = gapAbove <= gapBelow ? above++ : below--;
      const [from, to] = [this.starts[i] as number, this.starts[i + 1] as number];
      best = Math.min(best, area(point, this.positions, this.fractions, from, to));
    }
  }

  private firstNotBelow(mean: number): number {
    let [low, high] = [0, this.means.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.means[middle] as number) < mean) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Single-precision fractions leave noise of about 10⁻⁶; keys resolve no finer either. */
const tidy = (distance: number): number => (distance < 1e-4 ? 0 : distance);
