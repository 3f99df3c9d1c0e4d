import { ELEMENTS, type Composition } from '../../chemistry';
import type { ElementLimits } from '../query';
import { compileLimits } from './limits';

/**
 * A design space as a row of positions 0 … size − 1, so that a part of it is named by two numbers and gives the same
 * candidates on every machine. Nothing of it is held in memory beyond what its definition needs.
 */
export interface DesignSpace {
  /** Before any filter. */
  readonly size: number;
  /** The composition at a position, whether it passes the filters or not. */
  at(position: number): Composition;
  /** The positions in [from, to) that pass the space's own rules and the element limits, ascending. */
  scan(from: number, to: number): Uint32Array;
}

/** A space whose compositions are at hand; its only filter is the element limits. */
export class ListedSpace implements DesignSpace {
  readonly size: number;
  private readonly passes: ReturnType<typeof compileLimits>;

  constructor(
    private readonly compositions: readonly Composition[],
    limits: ElementLimits,
  ) {
    this.size = compositions.length;
    const symbols = ELEMENTS.map(({ symbol }) => symbol);
    this.passes = compileLimits(limits, symbols);
  }

  at(position: number): Composition {
    return this.compositions[position]!;
  }

  scan(from: number, to: number): Uint32Array {
    return keepPassing(this, this.passes, from, to);
  }
}

/** The positions whose composition passes; all of them where there is nothing to pass. */
export function keepPassing(
  space: DesignSpace,
  passes: ((composition: Composition) => boolean) | null,
  from: number,
  to: number,
): Uint32Array {
  if (passes === null) return Uint32Array.from({ length: to - from }, (_, i) => from + i);
  const kept = new Uint32Array(to - from);
  let n = 0;
  for (let position = from; position < to; position++) if (passes(space.at(position))) kept[n++] = position;
  return kept.subarray(0, n);
}
