import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Composition } from './composition';
import { fractionsOfKey } from './composition-key';
import { elementBySymbol } from './elements';

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

/** What a distance is of: a composition, or what `fractionsOfKey` reads back from its key. */
export type ElementFractions = Pick<Composition, 'elements' | 'fractions'>;

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

/** Entries of a profile: the places of the scale. */
export const PROFILE_LENGTH = MODIFIED_PETTIFOR.length;

/**
 * The cumulative distribution of each composition along the scale, one row of PROFILE_LENGTH each. The L1 distance of two rows is their
 * element mover's distance: for those who need the distances of many to many.
 */
export function moversProfiles(compositions: readonly ElementFractions[]): Float32Array {
  const profiles = new Float32Array(compositions.length * PROFILE_LENGTH);
  compositions.forEach(({ elements, fractions }, row) => {
    const profile = profiles.subarray(row * PROFILE_LENGTH, (row + 1) * PROFILE_LENGTH);
    elements.forEach((symbol, i) => {
      const position = POSITION[elementBySymbol(symbol)?.number ?? 0] as number;
      profile[position] = (profile[position] as number) + (fractions[i] as number);
    });
    for (let at = 1, sum = profile[0] as number; at < PROFILE_LENGTH; at++) profile[at] = sum += profile[at] as number;
  });
  return profiles;
}

/** Segments of the scale whose areas bound a distance from below; ends of each, the last one open. */
const SEGMENTS = 8;
const SEGMENT_LENGTH = Math.ceil(MODIFIED_PETTIFOR.length / SEGMENTS);

/**
 * Area under the cumulative distribution in each segment of the scale. The distance of two compositions is the area between their
 * distributions, so it is at least the sum of the differences of these areas.
 */
function segmentAreas({ positions, fractions }: Point, areas: Float32Array, offset: number): void {
  areas.fill(0, offset, offset + SEGMENTS);
  for (let i = 0; i < positions.length; i++) {
    for (let s = 0; s < SEGMENTS; s++) {
      const covered = (s + 1) * SEGMENT_LENGTH - Math.max(s * SEGMENT_LENGTH, positions[i] as number);
      if (covered > 0) areas[offset + s] = (areas[offset + s] as number) + covered * (fractions[i] as number);
    }
  }
}

/** One of the compositions that an index was built from. */
export interface NearestComposition {
  /** Its place in the list given to the index. */
  readonly index: number;
  /** Element mover's distance. */
  readonly distance: number;
}

/** Some of the compositions of an index, as places in its order; made by `CompositionIndex.subset`. */
export type IndexSubset = Uint32Array;

/** What single precision may take from a lower bound. */
const BOUND_NOISE = 1e-3;
/** Keys that are read between two turns of the event loop: a millisecond or two. */
const KEYS_A_TURN = 500;

/**
 * The nearest of many compositions, exactly, without a distance to each: they lie in the order of their mean positions, and
 * the difference of two means is a lower bound of the distance; the areas of the segments are a closer one. Flat arrays: about
 * 80 bytes a composition.
 */
export class CompositionIndex {
  /** The index of each place: places ascend by mean position. */
  private readonly order: Uint32Array;
  private readonly means: Float64Array;
  private readonly starts: Uint32Array;
  private readonly positions: Uint8Array;
  private readonly fractions: Float64Array;
  private readonly areas: Float32Array;
  private readonly all: IndexSubset;
  private readonly asked = new Float32Array(SEGMENTS);

  private constructor(points: readonly Point[]) {
    const means = Float64Array.from(points, ({ mean }) => mean);
    this.all = Uint32Array.from(points.keys());
    this.order = this.all.slice().sort((i, j) => (means[i] as number) - (means[j] as number));
    this.means = means.sort();
    this.starts = new Uint32Array(points.length + 1);
    this.order.forEach((i, at) => {
      this.starts[at + 1] = (this.starts[at] as number) + (points[i] as Point).positions.length;
    });
    this.positions = new Uint8Array(this.starts[points.length] as number);
    this.fractions = new Float64Array(this.positions.length);
    this.areas = new Float32Array(points.length * SEGMENTS);
  }

  /** The composition of a place, which the constructor has left empty. */
  private fill(at: number, points: readonly Point[]): void {
    const point = points[this.order[at] as number] as Point;
    this.positions.set(point.positions, this.starts[at]);
    this.fractions.set(point.fractions, this.starts[at]);
    segmentAreas(point, this.areas, at * SEGMENTS);
  }

  static of(compositions: readonly ElementFractions[]): CompositionIndex {
    const points = compositions.map(pointOf);
    const index = new CompositionIndex(points);
    for (let at = 0; at < points.length; at++) index.fill(at, points);
    return index;
  }

  /** Of canonical keys; with turns of the event loop between them, for there may be hundreds of thousands. */
  static async ofKeys(keys: readonly string[]): Promise<CompositionIndex> {
    const points: Point[] = [];
    for (const key of keys) {
      points.push(pointOf(fractionsOfKey(key)));
      if (points.length % KEYS_A_TURN === 0) await nextTurn();
    }
    const index = new CompositionIndex(points);
    for (let at = 0; at < points.length; at++) {
      if (at % KEYS_A_TURN === 0) await nextTurn();
      index.fill(at, points);
    }
    return index;
  }

  get size(): number {
    return this.order.length;
  }

  /** The compositions whose index is accepted, for `nearest` to search in. */
  subset(accepts: (index: number) => boolean): IndexSubset {
    return this.all.filter((place) => accepts(this.order[place] as number));
  }

  /** Distance to the nearest; Infinity for an empty index. */
  nearestDistance(composition: ElementFractions): number {
    return this.nearest(composition, 1)[0]?.distance ?? Infinity;
  }

  /**
   * The `count` nearest by ascending distance, ties by place in the list; all of them if there are fewer.
   * @param among every composition of the index if not given.
   */
  nearest(composition: ElementFractions, count: number, among: IndexSubset = this.all): NearestComposition[] {
    const point = pointOf(composition);
    segmentAreas(point, this.asked, 0);
    const found: NearestComposition[] = [];
    const meanAt = (at: number): number => this.means[among[at] as number] as number;
    let above = this.firstNotBelow(point.mean, among);
    let below = above - 1;
    for (;;) {
      const gapAbove = above < among.length ? meanAt(above) - point.mean : Infinity;
      const gapBelow = below >= 0 ? point.mean - meanAt(below) : Infinity;
      const worst = found.length < count ? Infinity : (found[count - 1]?.distance ?? 0);
      // The noise keeps ties, which the place in the list decides.
      if (Math.min(gapAbove, gapBelow) - BOUND_NOISE > worst || Math.min(gapAbove, gapBelow) === Infinity) return found;
      const place = among[gapAbove <= gapBelow ? above++ : below--] as number;
      if (this.isFurther(place, worst)) continue;
      const [from, to] = [this.starts[place] as number, this.starts[place + 1] as number];
      const distance = tidy(area(point, this.positions, this.fractions, from, to));
      insert(found, { index: this.order[place] as number, distance }, count);
    }
  }

  /** By the areas of the segments alone. */
  private isFurther(place: number, limit: number): boolean {
    let bound = -BOUND_NOISE;
    for (let s = 0, i = place * SEGMENTS; s < SEGMENTS; s++, i++) {
      bound += Math.abs((this.areas[i] as number) - (this.asked[s] as number));
    }
    return bound > limit;
  }

  private firstNotBelow(mean: number, among: IndexSubset): number {
    let [low, high] = [0, among.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.means[among[middle] as number] as number) < mean) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Keeps the `count` nearest, sorted. */
function insert(found: NearestComposition[], one: NearestComposition, count: number): void {
  const precedes = (a: NearestComposition, b: NearestComposition): boolean =>
    a.distance < b.distance || (a.distance === b.distance && a.index < b.index);
  let at = found.length;
  while (at > 0 && precedes(one, found[at - 1] as NearestComposition)) at--;
  if (at >= count) return;
  found.splice(at, 0, one);
  if (found.length > count) found.pop();
}

/** Fractions read from keys, in millionths, leave noise of about 10⁻⁴. */
const tidy = (distance: number): number => (distance < 1e-4 ? 0 : distance);
