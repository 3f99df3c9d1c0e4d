import type { Composition } from '../../chemistry';
import type { DesignSpace } from '../spaces/space';

/** The compositions that a search has proposed so far, by position. They satisfy the filters by construction. */
export class Proposals implements DesignSpace {
  private readonly list: Composition[] = [];

  add(compositions: readonly Composition[]): void {
    for (const composition of compositions) this.list.push(composition);
  }

  get size(): number {
    return this.list.length;
  }

  get compositions(): readonly Composition[] {
    return this.list;
  }

  at(position: number): Composition {
    return this.list[position]!;
  }

  scan(from: number, to: number): Uint32Array {
    return Uint32Array.from({ length: to - from }, (_, i) => from + i);
  }
}
