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
