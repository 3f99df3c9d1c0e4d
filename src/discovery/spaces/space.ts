import { ELEMENTS, type Composition } from '../../chemistry';
import type { ElementLimits } from '../query';

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

/** Which elements may appear, by atomic number (entry 0 unused). */
export function allowedElements(limits: ElementLimits): Uint8Array {
  const allowed = new Uint8Array(ELEMENTS.length + 1);
  for (const element of ELEMENTS) {
    const abundant = limits.minAbundance === null || (element.crustalAbundance ?? 0) >= limits.minAbundance;
    const stable = !limits.excludeRadioactive || !element.radioactive;
    if (abundant && stable && !limits.excluded.includes(element.number)) allowed[element.number] = 1;
  }
  return allowed;
}

/** A space whose compositions are at hand; its only filter is the element limits. */
export class ListedSpace implements DesignSpace {
  readonly size: number;
  private readonly forbidden: ReadonlySet<string>;

  constructor(
    private readonly compositions: readonly Composition[],
    limits: ElementLimits,
  ) {
    this.size = compositions.length;
    this.forbidden = forbiddenSymbols(limits);
  }

  at(position: number): Composition {
    return this.compositions[position]!;
  }

  scan(from: number, to: number): Uint32Array {
    return keepAllowed(this, this.forbidden, from, to);
  }
}

export function forbiddenSymbols(limits: ElementLimits): ReadonlySet<string> {
  const allowed = allowedElements(limits);
  return new Set(ELEMENTS.filter((element) => allowed[element.number] === 0).map((element) => element.symbol));
}

/** The positions whose composition holds none of the forbidden elements. */
export function keepAllowed(space: DesignSpace, forbidden: ReadonlySet<string>, from: number, to: number): Uint32Array {
  if (forbidden.size === 0) return Uint32Array.from({ length: to - from }, (_, i) => from + i);
  const kept = new Uint32Array(to - from);
  let n = 0;
  for (let position = from; position < to; position++) {
    if (!space.at(position).elements.some((symbol) => forbidden.has(symbol))) kept[n++] = position;
  }
  return kept.subarray(0, n);
}
