import { BeagleError } from '../../domain';
import { Proposals } from '../evolution/proposals';
import type { ElementLimits, EvolveQuery, SpaceQuery } from '../query';
import { countEnumerate, EnumerateSpace } from './enumerate';
import { countMix, MixSpace } from './mix';
import { ListedSpace, type DesignSpace } from './space';
import { countSubstitute, substituted } from './substitute';

export type { DesignSpace } from './space';

/**
 * Checks the size of a space, before any work.
 * @param path of the input, for errors.
 * @throws BeagleError SEARCH_SPACE_TOO_LARGE if it holds more than `limit` candidates before filters.
 */
export function refuseTooLarge(space: SpaceQuery, limit: number, path: readonly string[]): void {
  const { count, remedy } = sizeOf(space);
  if (count <= limit) return;
  const message =
    `the space holds ${count.toLocaleString('en')} candidates, more than maxCandidates ` +
    `${limit.toLocaleString('en')}; ${remedy} would reduce it`;
  const field = { path: [...path, 'space', space.kind], message };
  throw new BeagleError('SEARCH_SPACE_TOO_LARGE', message, [field], { count: Number(count), limit });
}

function sizeOf(space: SpaceQuery): { readonly count: number | bigint; readonly remedy: string } {
  switch (space.kind) {
    case 'enumerate': {
      const remedy = 'fewer elements, more required ones, a smaller elementCount.max or maxAtoms, or templates';
      return { count: countEnumerate(space), remedy };
    }
    case 'mix':
      return { count: countMix(space), remedy: 'a larger step, fewer components, or narrower min and max' };
    case 'formulas':
      return { count: space.count, remedy: 'a shorter list' };
    case 'evolve':
      return { count: countEvolve(space), remedy: 'a smaller populationSize or fewer generations' };
    case 'substitute': {
      const remedy = 'fewer parents, fewer elements, a smaller maxSwaps or a larger minProbability';
      return { count: countSubstitute(space), remedy };
    }
  }
}

/** What a search evaluates at most: its first population and every generation after it. */
export function countEvolve({ populationSize, generations }: EvolveQuery): number {
  return populationSize * (generations + 1);
}

/** The positions of a space that has been found small enough; of a search, those that it will propose. */
export function buildSpace(space: SpaceQuery, limits: ElementLimits): DesignSpace {
  switch (space.kind) {
    case 'enumerate':
      return new EnumerateSpace(space, limits);
    case 'mix':
      return new MixSpace(space, limits);
    case 'formulas':
      return new ListedSpace(space.compositions, limits);
    case 'evolve':
      return new Proposals();
    case 'substitute':
      return new ListedSpace(substituted(space), limits);
  }
}
