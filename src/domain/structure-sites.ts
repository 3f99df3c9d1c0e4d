import type { SiteRecord } from './catalog';

/** A place in the cell with what can be found there; where the occupancies add up to less than 1, it can be empty. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly occupants: readonly { readonly element: string; readonly occupancy: number }[];
}

/** How far rounded occupancies may add up to something else than 1. */
export const OCCUPANCY_ROUNDING = 1e-3;

/** Elements with the same coordinates share one place; the order is that of the sites. */
export function placesOf(sites: readonly SiteRecord[]): Place[] {
  const places = new Map<string, { x: number; y: number; z: number; occupants: Place['occupants'][number][] }>();
  for (const { x, y, z, element, occupancy } of sites) {
    const at = `${x} ${y} ${z}`;
    const place = places.get(at);
    if (place) place.occupants.push({ element, occupancy });
    else places.set(at, { x, y, z, occupants: [{ element, occupancy }] });
  }
  return [...places.values()];
}

/** Shared, or not always taken. */
export const isDisordered = ({ occupants }: Place): boolean =>
  occupants.length > 1 || occupants[0]!.occupancy < 1 - OCCUPANCY_ROUNDING;
