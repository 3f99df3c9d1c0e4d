import { BeagleError, InputError } from '../../domain';
import type { DiscoveryQuery } from '../query';
import { countEnumerate, EnumerateSpace } from './enumerate';
import { countMix, MixSpace } from './mix';
import { ListedSpace, type DesignSpace } from './space';

export type { DesignSpace } from './space';

/**
 * The design space of a query, counted first.
 * @param path of the input, for errors.
 * @throws BeagleError SEARCH_SPACE_TOO_LARGE, before any work, if it holds more than `maxCandidates` before filters.
 */
export function openSpace(query: DiscoveryQuery, path: readonly string[]): DesignSpace {
  const { space, elementFilter, maxCandidates } = query;
  switch (space.kind) {
    case 'enumerate':
      refuseAbove(
        maxCandidates,
        countEnumerate(space),
        'fewer elements, more required ones, a smaller elementCount.max or maxAtoms, or templates',
        [...path, 'space', 'enumerate'],
      );
      return new EnumerateSpace(space, elementFilter);
    case 'mix':
      refuseAbove(maxCandidates, countMix(space), 'a larger step, fewer components, or narrower min and max', [
        ...path,
        'space',
        'mix',
      ]);
      return new MixSpace(space, elementFilter);
    case 'formulas':
      refuseAbove(maxCandidates, space.count, 'a shorter list', [...path, 'space', 'formulas']);
      return new ListedSpace(space.compositions, elementFilter);
    case 'substitute':
    case 'evolve':
      throw new InputError([{ path: [...path, 'space', space.kind], message: 'this kind of space is not available' }]);
  }
}

function refuseAbove(limit: number, count: number | bigint, remedy: string, path: readonly string[]): void {
  if (count <= limit) return;
  const message = `the space holds ${count.toLocaleString('en')} candidates, more than maxCandidates ${limit.toLocaleString('en')}; ${remedy} would reduce it`;
  throw new BeagleError('SEARCH_SPACE_TOO_LARGE', message, [{ path, message }], { count: Number(count), limit });
}
