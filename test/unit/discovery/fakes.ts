import { elementBySymbol, type Composition } from '../../../src/chemistry';
import {
  PROPERTY_KEYS,
  type Distribution,
  type KnownCompositions,
  type ModelInfo,
  type PredictionRequest,
  type PredictionResult,
  type Predictor,
} from '../../../src/domain';

/** Uniform between two bounds: every answer has a closed form. */
export function uniform(lower: number, upper: number): Distribution {
  const width = upper - lower;
  return {
    value: (lower + upper) / 2,
    mean: (lower + upper) / 2,
    standardDeviation: width / Math.sqrt(12),
    quantile: (p) => lower + p * width,
    probabilityWithin: (a, b) => Math.max(0, Math.min(b, upper) - Math.max(a, lower)) / width,
  };
}

export const MODEL: ModelInfo = {
  id: 'fake@1',
  name: 'fake',
  version: '1',
  sha256: '0'.repeat(64),
  parameters: 0,
  trainedAt: null,
  device: 'cpu',
  properties: PROPERTY_KEYS.filter((key) => key !== 'CURIE_TEMPERATURE').map((key) => ({
    key,
    conditions: [],
    evaluation: null,
    desirability: { low: 0, high: 4 },
  })),
};

/** A smooth made-up property: mean electronegativity times a factor per property. */
export function madeUpValue({ composition, property }: PredictionRequest): number {
  const chi = meanOver(composition, (symbol) => elementBySymbol(symbol)!.electronegativity ?? 0);
  const z = meanOver(composition, (symbol) => elementBySymbol(symbol)!.number);
  return property === 'DENSITY' ? z / 10 : property === 'BAND_GAP' ? chi : (chi * z) % 4;
}

function meanOver({ elements, fractions }: Composition, value: (symbol: string) => number): number {
  return elements.reduce((sum, symbol, i) => sum + fractions[i]! * value(symbol), 0);
}

export interface FakePredictor extends Predictor {
  /** Sizes of the calls seen. */
  readonly calls: number[];
}

export function fakePredictor(value: (request: PredictionRequest) => number | Error = madeUpValue): FakePredictor {
  const calls: number[] = [];
  return {
    model: MODEL,
    calls,
    predict(requests) {
      calls.push(requests.length);
      return Promise.resolve(
        requests.map((request): PredictionResult | Error => {
          const answer = value(request);
          if (answer instanceof Error) return answer;
          return {
            request,
            distribution: uniform(answer - 0.5, answer + 0.5),
            conditions: request.conditions ?? {},
            warnings: [],
            neighbours: [],
            modelId: MODEL.id,
            cached: false,
            computedAt: new Date(0),
          };
        }),
      );
    },
  };
}

export function fakeKnown(
  keys: readonly string[] = [],
  measured: readonly (readonly number[])[] = [],
): KnownCompositions {
  const held = new Set(keys);
  return {
    knownCompositionKeys: (asked) => Promise.resolve(new Set(asked.filter((key) => held.has(key)))),
    measuredTogether: () => Promise.resolve(measured),
    nearestDistances: (compositions) => Promise.resolve(compositions.map(() => 1)),
  };
}
