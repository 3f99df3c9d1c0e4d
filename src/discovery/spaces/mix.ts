import { compositionOf, type Composition } from '../../chemistry';
import type { ElementLimits, MixQuery } from '../query';
import { compileLimits } from './limits';
import { keepPassing, type DesignSpace } from './space';

/**
 * Mixtures of formula units on a grid of mole fractions that sum to one. Fractions are whole numbers of steps, so they are exact and the
 * end members are on the grid. Ordered by the first component's fraction, then the second's, and so on.
 */
export class MixSpace implements DesignSpace {
  readonly size: number;
  private readonly ways: readonly Float64Array[];
  /** Only where different mixtures can be one composition: the positions of the first of each. */
  private readonly distinct: Uint32Array | null;
  private readonly passes: ReturnType<typeof compileLimits>;

  constructor(
    private readonly query: MixQuery,
    limits: ElementLimits,
  ) {
    this.ways = countWays(query);
    const symbols = query.components.flatMap(({ composition }) => composition.elements);
    this.passes = compileLimits(limits, symbols);
    this.distinct = independent(query) ? null : this.firstOfEach(countMix(query));
    this.size = this.distinct?.length ?? countMix(query);
  }

  at(position: number): Composition {
    return this.mixture(this.distinct === null ? position : this.distinct[position]!);
  }

  scan(from: number, to: number): Uint32Array {
    return keepPassing(this, this.passes, from, to);
  }

  private mixture(index: number): Composition {
    const { components, steps } = this.query;
    const amounts: [string, number][] = [];
    let rest = index;
    let left = steps;
    components.forEach((component, j) => {
      let taken = component.min;
      for (; ; taken++) {
        const ways = this.ways[j + 1]![left - taken]!;
        if (rest < ways) break;
        rest -= ways;
      }
      left -= taken;
      const { elements, amounts: units } = component.composition;
      elements.forEach((symbol, i) => amounts.push([symbol, (taken * units[i]!) / steps]));
    });
    return compositionOf(amounts);
  }

  private firstOfEach(count: number): Uint32Array {
    const seen = new Set<string>();
    const first: number[] = [];
    for (let index = 0; index < count; index++) {
      const { key } = this.mixture(index);
      if (seen.has(key)) continue;
      seen.add(key);
      first.push(index);
    }
    return Uint32Array.from(first);
  }
}

/** Grid points, before mixtures of one composition are merged. */
export function countMix(query: MixQuery): number {
  return countWays(query)[0]![query.steps]!;
}

/** ways[j][r]: in how many ways components j, j+1, … share r steps within their bounds. */
function countWays({ components, steps }: MixQuery): Float64Array[] {
  const ways = Array.from({ length: components.length + 1 }, () => new Float64Array(steps + 1));
  ways[components.length]![0] = 1;
  for (let j = components.length - 1; j >= 0; j--) {
    const { min, max } = components[j]!;
    let window = 0;
    for (let r = min; r <= steps; r++) {
      window += ways[j + 1]![r - min]!;
      if (r - max > 0) window -= ways[j + 1]![r - max - 1]!;
      ways[j]![r] = window;
    }
  }
  return ways;
}

/** Whether no two mixtures have the same composition: the formula units are linearly independent (Gaussian elimination). */
function independent({ components }: MixQuery): boolean {
  const symbols = [...new Set(components.flatMap(({ composition }) => composition.elements))];
  const rows = components.map(({ composition }) =>
    symbols.map((symbol) => composition.fractions[composition.elements.indexOf(symbol)] ?? 0),
  );
  let rank = 0;
  for (let column = 0; column < symbols.length && rank < rows.length; column++) {
    const pivot = rows.findIndex((row, i) => i >= rank && Math.abs(row[column]!) > 1e-9);
    if (pivot < 0) continue;
    [rows[rank], rows[pivot]] = [rows[pivot]!, rows[rank]!];
    for (let i = rank + 1; i < rows.length; i++) {
      const factor = rows[i]![column]! / rows[rank]![column]!;
      for (let c = column; c < symbols.length; c++) rows[i]![c]! -= factor * rows[rank]![c]!;
    }
    rank++;
  }
  return rank === rows.length;
}
