import { elementBySymbol, type Composition } from '../../chemistry';
import type { LatticeRecord, SiteRecord, StructureRecord } from '../../domain';
import type { SpaceGroup } from './space-groups';

/** What a structure file says of a material. */
export interface Crystal {
  readonly name: string | null;
  readonly composition: Composition;
  /** The cell as given, every site in it. */
  readonly structure: StructureRecord;
  /** Null where the file does not name it. */
  readonly spaceGroup: SpaceGroup | null;
  /** g/cm³, computed from the cell's content and volume. */
  readonly density: number;
}

/** 1 u per Å³ in g/cm³ (CODATA 2018). */
const GRAM_PER_CM3 = 1.6605390666;

/** Atoms of each element in the cell, occupancies counted. */
export function cellContent(sites: readonly SiteRecord[]): Map<string, number> {
  const content = new Map<string, number>();
  for (const { element, occupancy } of sites) content.set(element, (content.get(element) ?? 0) + occupancy);
  return content;
}

/** Density in g/cm³ of a cell with this content, from the standard atomic weights, to four digits after the point. */
export function cellDensity(content: ReadonlyMap<string, number>, cell: LatticeRecord): number {
  let mass = 0;
  for (const [symbol, amount] of content) mass += amount * elementBySymbol(symbol)!.atomicMass;
  return Number(((mass * GRAM_PER_CM3) / cell.volume).toFixed(4));
}

/** How far the amounts from rounded occupancies may be from the declared formula. */
const AGREEMENT = 0.05;

/**
 * The content of a cell by its declared formula; null where the located atoms contradict it. Hydrogen may be missing from them: X-rays
 * hardly see it.
 */
export function agreesWithSites(
  declared: Composition,
  located: ReadonlyMap<string, number>,
): Map<string, number> | null {
  const symbols = new Set([...declared.elements, ...located.keys()]);
  const onlyHydrogen = declared.elements.length === 1;
  const amount = new Map(declared.elements.map((symbol, i) => [symbol, declared.amounts[i]!]));
  let overlap = 0;
  let norm = 0;
  for (const [symbol, value] of amount) {
    if (symbol === 'H' && !onlyHydrogen) continue;
    overlap += value * (located.get(symbol) ?? 0);
    norm += value * value;
  }
  const units = overlap / norm;
  for (const symbol of symbols) {
    const expected = units * (amount.get(symbol) ?? 0);
    const found = located.get(symbol) ?? 0;
    if (symbol === 'H' && !onlyHydrogen && found < expected) continue;
    if (Math.abs(found - expected) > AGREEMENT * Math.max(expected, 1)) return null;
  }
  return new Map([...amount].map(([symbol, value]) => [symbol, value * units]));
}
