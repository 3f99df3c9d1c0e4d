import { formulaOfKey, KeyIndex } from '../chemistry';
import type { CatalogueReader } from '../data';
import type { KnownCompositions, SimilarCompositions } from '../domain';

/** The distances to catalogue entries may be this old; whether a composition is in the catalogue never is. */
const SNAPSHOT_MS = 60_000;
const SNAPSHOT_COMPOSITIONS = 200_000;
const MEASURED_COMPOSITIONS = 10_000;

/**
 * What is known of compositions, over the catalogue and the training data.
 * @param trained what the model was trained on.
 */
export function createKnownCompositions(
  reader: CatalogueReader,
  trained: () => Promise<KeyIndex>,
): KnownCompositions & SimilarCompositions {
  let catalogued: Promise<KeyIndex> | null = null;
  let takenAt = -Infinity;

  function snapshot(): Promise<KeyIndex> {
    if (catalogued === null || Date.now() - takenAt > SNAPSHOT_MS) {
      takenAt = Date.now();
      catalogued = reader.compositionKeys(SNAPSHOT_COMPOSITIONS).then((keys) => KeyIndex.of(keys));
      catalogued.catch(() => (catalogued = null));
    }
    return catalogued;
  }

  return {
    knownCompositionKeys: (keys) => reader.knownCompositionKeys(keys),
    measuredTogether: (properties) => reader.measuredTogether(properties, MEASURED_COMPOSITIONS),
    async nearestDistances(compositions) {
      const [ofTraining, ofCatalogue, known] = await Promise.all([
        trained(),
        snapshot(),
        reader.knownCompositionKeys(compositions.map(({ key }) => key)),
      ]);
      return compositions.map((composition) =>
        known.has(composition.key)
          ? 0
          : Math.min(ofTraining.nearestDistance(composition), ofCatalogue.nearestDistance(composition)),
      );
    },
    async similar(composition, count) {
      const indices = await Promise.all([trained(), snapshot()]);
      // One more, for the composition itself may be among them.
      const found = indices.flatMap((index) => index.nearest(composition, count + 1));
      const distances = new Map(found.map(({ key, distance }) => [key, distance]));
      distances.delete(composition.key);
      return [...distances]
        .sort(([a, near], [b, far]) => near - far || (a < b ? -1 : 1))
        .slice(0, count)
        .map(([key, distance]) => ({ formula: formulaOfKey(key), distance }));
    },
  };
}
