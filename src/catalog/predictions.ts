import type { Composition } from '../chemistry';
import type { CatalogueReader, PredictedColumn } from '../data';
import { BeagleError, type Predictor, type PropertyKey } from '../domain';

/** The predictions of the catalogue's materials that filters, orders and plots read: the default model's, under default conditions. */
export interface CataloguePredictions {
  /** Where those of a property are stored; null if the model does not predict it. */
  column(property: PropertyKey): PredictedColumn | null;
  /** Resolves when they are there for every material that the model can predict. */
  complete(properties: readonly PropertyKey[]): Promise<void>;
}

/** A catalogue without a model: nothing is predicted. */
export const NO_PREDICTIONS: CataloguePredictions = { column: () => null, complete: async () => {} };

/** Predictions as they are stored, however many: nothing is computed for a query. */
export const storedPredictions = (predictor: StoringPredictor): CataloguePredictions => ({
  column: (property) => predictedColumn(predictor, property),
  complete: async () => {},
});

/** A Predictor that keeps its answers in the database. */
export interface StoringPredictor extends Predictor {
  /** How answers under default conditions are stored (PredictionKey.variant); null for a property that it does not predict. */
  storedAs(property: PropertyKey): Pick<PredictedColumn, 'variant' | 'perFormulaUnit'> | null;
  /** Resolves when every answer given so far is in the store, or could not be written. */
  flush(): Promise<void>;
}

export function predictedColumn(predictor: StoringPredictor, property: PropertyKey): PredictedColumn | null {
  const stored = predictor.storedAs(property);
  return stored && { property, modelId: predictor.model.id, ...stored };
}

/** Materials of one page: two statements and, where predictions are missing, one call of the predictor. */
const PAGE = 1_000;

/** What a query waits for; more is for the background (src/precompute) or `npm run precompute`. */
const MAX_WAIT_FOR = 5_000;

/** An import lasts no longer than this (src/data), so that what it commits is not older when it is seen. */
const LONGEST_IMPORT_MS = 30 * 60_000;

export interface Gap {
  /** Only materials that came into the catalogue, or changed, since then. */
  readonly since?: Date | null;
  /** The last material looked at, where a pass was broken off. */
  readonly after?: string | null;
}

export interface FilledPage {
  /** The last material of the page. */
  readonly after: string;
  /** Materials that had no prediction. */
  readonly materials: number;
  /** Predictions made; polymorphs share one. */
  readonly predicted: number;
  /** Materials with an element that the model does not know: they are passed over. */
  readonly unsupported: number;
}

/**
 * Runs the model for the materials that have no prediction in this column yet, page by page.
 * @throws what the predictor answered first, UNSUPPORTED_ELEMENT aside
 */
export async function* fillPredictions(
  reader: CatalogueReader,
  predictor: StoringPredictor,
  column: PredictedColumn,
  { since = null, after = null }: Gap = {},
  signal?: AbortSignal,
): AsyncGenerator<FilledPage> {
  for (let last = after, more = true; more;) {
    signal?.throwIfAborted();
    const to = await reader.endOfStretch({ since, after: last }, PAGE);
    more = to !== null;
    const materials = await reader.materialsWithoutPrediction(column, { since, after: last, to });
    last = to ?? materials.at(-1)?.id ?? last;
    const asked = new Map(materials.map(({ composition }) => [questionOf(composition), composition]));
    const results = await predictor.predict(
      Array.from(asked.values(), (composition) => ({ composition, property: column.property })),
      { signal },
    );
    const failure = results.find((result) => result instanceof Error && !isUnsupported(result));
    if (failure) throw failure as Error;
    if (materials.length > 0) await predictor.flush();
    const unsupported = new Set([...asked.keys()].filter((_, i) => results[i] instanceof Error));
    if (materials.length === 0 && !more) return;
    yield {
      after: last!,
      materials: materials.length,
      predicted: asked.size - unsupported.size,
      unsupported: materials.filter(({ composition }) => unsupported.has(questionOf(composition))).length,
    };
  }
}

const questionOf = ({ key, atoms }: Composition): string => `${key} ${atoms}`;

const isUnsupported = (error: Error): boolean => error instanceof BeagleError && error.code === 'UNSUPPORTED_ELEMENT';

/**
 * Predictions that are made when they are first asked for, and after that for what is new.
 * @param onAsked told of each property once
 */
export function createCataloguePredictions(
  reader: CatalogueReader,
  predictor: StoringPredictor,
  onAsked: (property: PropertyKey) => Promise<void> = async () => {},
): CataloguePredictions {
  const gaps = new Map<PropertyKey, Gap>();
  const running = new Map<PropertyKey, Promise<void>>();

  async function fill(property: PropertyKey): Promise<void> {
    const column = predictedColumn(predictor, property);
    if (column === null) return;
    const started = Date.now();
    if (!gaps.has(property)) await onAsked(property);
    const gap = gaps.get(property) ?? {};
    let predicted = 0;
    for await (const page of fillPredictions(reader, predictor, column, gap)) {
      predicted += page.predicted;
      gaps.set(property, { ...gap, after: page.after });
      if (predicted >= MAX_WAIT_FOR) throw tooMany(property);
    }
    gaps.set(property, { since: new Date(started - LONGEST_IMPORT_MS) });
  }

  return {
    column: (property) => predictedColumn(predictor, property),
    async complete(properties) {
      for (const property of properties) {
        let filling = running.get(property);
        if (!filling) {
          filling = fill(property).finally(() => running.delete(property));
          running.set(property, filling);
        }
        await filling;
      }
    },
  };
}

function tooMany(property: PropertyKey): BeagleError {
  return new BeagleError(
    'MODEL_UNAVAILABLE',
    `the predictions of ${property} are not complete: ${MAX_WAIT_FOR.toLocaleString('en')} were made now and more are missing; ` +
      `ask again for the next ones, or run "npm run precompute -- ${property}" on the server`,
  );
}
