import { setImmediate as nextTurn } from 'node:timers/promises';
import { fractionsOfKey, type Composition, type IndexSubset, type KeyIndex, type NearestKey } from '../chemistry';
import type { Applicability } from '../domain';

/**
 * A composition is inside while its nearest training composition is no further than most training compositions are from
 * their own nearest one, at the edge up to where nearly all of them are, and outside beyond. Over all properties the error on compositions that
 * the model never saw rises from each of the three to the next; for a single property it may not (docs/evidence.md).
 */
const INSIDE_SHARE = 0.7;
const EDGE_SHARE = 0.95;
/** Training compositions whose distances stand for all: the 95 % quantile of them is good to one per cent of the share. */
const SAMPLE = 500;
const SAMPLES_A_TURN = 20;
/** A few milliseconds. */
const KEYS_A_TURN = 2000;

/** Where a property was trained: its compositions, and how far apart they usually lie. */
export class TrainingDomain {
  private constructor(
    private readonly index: KeyIndex,
    private readonly members: IndexSubset,
    private readonly elements: ReadonlySet<string>,
    /** Element mover's distances, ascending: of each member of a sample to its nearest other member. */
    private readonly spacing: readonly number[],
  ) {}

  static async of(index: KeyIndex, accepts: (key: string) => boolean): Promise<TrainingDomain> {
    const keys: string[] = [];
    const elements = new Set<string>();
    for (const [at, key] of index.keys.entries()) {
      if (at % KEYS_A_TURN === 0) await nextTurn();
      if (!accepts(key)) continue;
      keys.push(key);
      for (const symbol of fractionsOfKey(key).elements) elements.add(symbol);
    }
    const accepted = new Set(keys);
    const members = index.subset((key) => accepted.has(key));
    const spacing: number[] = [];
    const step = Math.max(1, keys.length / SAMPLE);
    for (let at = 0; at < keys.length; at += step) {
      if (spacing.length % SAMPLES_A_TURN === 0) await nextTurn();
      const key = keys[Math.floor(at)] as string;
      const other = index.nearest(fractionsOfKey(key), 2, members).find((one) => one.key !== key);
      spacing.push(other?.distance ?? 0);
    }
    spacing.sort((a, b) => a - b);
    return new TrainingDomain(index, members, elements, spacing);
  }

  /** The largest distances of INTERPOLATION and of NEAR_EDGE. */
  get limits(): { readonly inside: number; readonly edge: number } {
    return { inside: this.spacingOf(INSIDE_SHARE), edge: this.spacingOf(EDGE_SHARE) };
  }

  nearest(composition: Composition, count: number): NearestKey[] {
    return this.index.nearest(composition, count, this.members);
  }

  /** @param distance to the nearest member; Infinity if there is none. */
  applicability({ elements }: Composition, distance: number): Applicability {
    // However near its neighbours: of this element the property was never told anything.
    if (elements.some((symbol) => !this.elements.has(symbol))) return 'EXTRAPOLATION';
    const { inside, edge } = this.limits;
    if (distance <= inside) return 'INTERPOLATION';
    return distance <= edge ? 'NEAR_EDGE' : 'EXTRAPOLATION';
  }

  private spacingOf(share: number): number {
    return this.spacing[Math.ceil(share * this.spacing.length) - 1] ?? -Infinity;
  }
}
