import { setImmediate as nextTurn } from 'node:timers/promises';
import { elementMoversDistance, FormulaError, formulaOfKey, parseFormula, type Composition } from '../chemistry';
import type { Evidence, KnownComposition, Neighbour, PredictionResult, PropertyKey } from '../domain';
import type { TrainingIndex } from './training-index';

/** Nearest training compositions, and as many that the memory answered with. */
const SHOWN = 5;
/** Of an answer: a neighbour with less has not made it. */
const SMALLEST_SHARE = 0.01;
/** Predictions between two turns of the event loop: a few milliseconds. */
const PREDICTIONS_A_TURN = 16;

/**
 * The evidence of predictions; order kept.
 *
 * @param indexOf a property's index into the manifest's properties.
 */
export async function evidenceOf(
  predictions: readonly PredictionResult[],
  training: TrainingIndex,
  indexOf: (property: PropertyKey) => number,
): Promise<Evidence[]> {
  const evidence: Evidence[] = [];
  for (const { request, neighbours } of predictions) {
    if (evidence.length % PREDICTIONS_A_TURN === PREDICTIONS_A_TURN - 1) await nextTurn();
    const { composition } = request;
    const property = indexOf(request.property);
    const domain = await training.domain(property);
    const nearest = domain.nearest(composition, SHOWN);
    const known = new Map<string, KnownComposition>();
    for (const { key, distance } of nearest) known.set(key, { formula: formulaOfKey(key), distance });
    for (const one of remembered(neighbours)) {
      if (known.has(one.key)) continue;
      known.set(one.key, { formula: one.formula, distance: elementMoversDistance(composition, one) });
    }
    evidence.push({
      inTrainingData: await training.has(composition.key, property),
      nearest: [...known.values()].sort((a, b) => a.distance - b.distance),
      applicability: domain.applicability(composition, nearest[0]?.distance ?? Infinity),
    });
  }
  return evidence;
}

/** The compositions that had the largest shares in the answer; one measured at many temperatures is many neighbours. */
function remembered(neighbours: readonly Neighbour[]): Composition[] {
  const weights = new Map<string, number>();
  for (const { formula, weight } of neighbours) weights.set(formula, (weights.get(formula) ?? 0) + weight);
  return [...weights]
    .filter(([, weight]) => weight >= SMALLEST_SHARE)
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
    .flatMap(([formula]) => readable(formula));
}

/** A package may hold formulas in a notation that only its training read. */
function readable(formula: string): Composition[] {
  try {
    return [parseFormula(formula)];
  } catch (error) {
    if (error instanceof FormulaError) return [];
    throw error;
  }
}
