import type { ElementLimits, SpaceQuery } from '../query';
import type { DesignSpace } from '../spaces';
import { inlineWork } from './inline';
import type { SpaceWork } from './protocol';
import { threadedWork } from './threaded';

export type { SpaceWork } from './protocol';

/** From this many positions on, a thread of its own costs less than the turns that it saves the caller's thread. */
const WORTH_A_THREAD = 50_000;

export function workOn(query: SpaceQuery, limits: ElementLimits, space: DesignSpace): SpaceWork {
  return space.size >= WORTH_A_THREAD ? threadedWork(query, limits) : inlineWork(query, limits, space);
}
