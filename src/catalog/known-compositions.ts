import { CompositionIndex } from '../chemistry';
import type { CatalogueReader } from '../data';
import type { KnownCompositions } from '../domain';

/** The distances to catalogue entries may be this old; whether a composition is in the catalogue never is. */
const SNAPSHOT_MS = 60_000;
const SNAPSHOT_COMPOSITIONS = 200_000;
const MEASURED_COMPOSITIONS = 10_000;

/**
 * What discovery needs to know, over the catalogue and the training data.
 * @param trainingKeys canonical keys of what the model was trained on; asked once, with the first distance.
 */
export function createKnownCompositions(
  reader: CatalogueReader,
  trainingKeys: () => Promise<Iterable<string>>,
): KnownCompositions {
  let trained: Promise<CompositionIndex> | null = null;
  let catalogued: Promise<CompositionIndex> | null = null;
  let takenAt = -Infinity;

  function snapshot(): Promise<CompositionIndex> {
    if (catalogued === null || Date.now() - takenAt > SNAPSHOT_MS) {
      takenAt = Date.now();
      catalogued = reader.compositionKeys(SNAPSHOT_COMPOSITIONS).then(indexOf);
      catalogued.catch(() => (catalogued = null));
    }
    return catalogued;
  }

  return {
    knownCompositionKeys: (keys) => reader.knownCompositionKeys(keys),
    measuredTogether: (properties) => reader.measuredTogether(properties, MEASURED_COMPOSITIONS),
    async nearestDistances(compositions) {
      trained ??= trainingKeys().then(indexOf);
      const [ofTraining, ofCatalogue, known] = await Promise.all([
        trained,
        snapshot(),
        reader.knownCompositionKeys(compositions.map(({ key }) => key)),
      ]);
      return compositions.map((composition) =>
        known.has(composition.key)
          ? 0
          : Math.min(ofTraining.nearestDistance(composition), ofCatalogue.nearestDistance(composition)),
      );
    },
  };
}

function indexOf(keys: Iterable<string>): CompositionIndex {
  return new CompositionIndex(Array.from(keys, fractionsOf));
}

/** A canonical key read back: "As500000Ga500000". */
function fractionsOf(key: string): { elements: string[]; fractions: number[] } {
  const elements: string[] = [];
  const fractions: number[] = [];
  for (const [, symbol = '', millionths] of key.matchAll(/([A-Z][a-z]?)(\d+)/g)) {
    elements.push(symbol);
    fractions.push(Number(millionths) / 1e6);
  }
  return { elements, fractions };
}
