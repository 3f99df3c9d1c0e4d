import { CompositionIndex, type ElementFractions, type IndexSubset } from './movers-distance';

export interface NearestKey {
  readonly key: string;
  /** Element mover's distance. */
  readonly distance: number;
}

/** Known compositions by their canonical keys, and which of them lie nearest. */
export class KeyIndex {
  private constructor(
    readonly keys: readonly string[],
    private readonly index: CompositionIndex,
  ) {}

  /** Takes turns with the event loop: two hundred thousand keys are a second of work. */
  static async of(keys: readonly string[]): Promise<KeyIndex> {
    return new KeyIndex(keys, await CompositionIndex.ofKeys(keys));
  }

  subset(accepts: (key: string) => boolean): IndexSubset {
    return this.index.subset((i) => accepts(this.keys[i] as string));
  }

  /** Distance to the nearest; Infinity for an empty index. */
  nearestDistance(composition: ElementFractions): number {
    return this.index.nearestDistance(composition);
  }

  /** As `CompositionIndex.nearest`. */
  nearest(composition: ElementFractions, count: number, among?: IndexSubset): NearestKey[] {
    return this.index
      .nearest(composition, count, among)
      .map(({ index, distance }) => ({ key: this.keys[index] as string, distance }));
  }
}
