import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ElementLimits, SpaceQuery } from '../query';
import { rank } from '../ranking/rank';
import { buildSpace, type DesignSpace } from '../spaces';
import type { SpaceWork } from './protocol';

/** On the calling thread, which gets a turn between two scans. */
export function inlineWork(
  query: SpaceQuery,
  limits: ElementLimits,
  space: DesignSpace = buildSpace(query, limits),
): SpaceWork {
  return {
    async scan(from, to) {
      await nextTurn();
      return space.scan(from, to);
    },
    rank: (columns, options) => Promise.resolve(rank(columns, options, (position) => space.at(position))),
    close: () => undefined,
  };
}
