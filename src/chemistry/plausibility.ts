import type { Composition } from './composition';
import table from './data/plausibility.json';
import { elementBySymbol } from './elements';
import { PlausibilityModel, type ModelInput } from './plausibility-model';
import { reducedAmounts } from './printers';
import { parentCompound } from './solid-solution';

const atomicNumber = (symbol: string): number => elementBySymbol(symbol)?.number ?? 0;

/** What the model sees of a composition. */
export function modelInput(model: PlausibilityModel, composition: Composition): ModelInput {
  const { solver } = model;
  const { elements, amounts } = composition;
  const log = solver.solve(elements.map(atomicNumber), amounts, elements.length);
  const mixedValence = solver.mixed >= 0;
  const parent = parentCompound(elements, reducedAmounts(composition));
  return {
    elements: parent.elements.map(atomicNumber),
    amounts: parent.amounts,
    charge: log / elements.length,
    mixedValence,
  };
}

/** The model's answer for a composition; see `plausibility`. */
export function plausibilityUnder(model: PlausibilityModel, composition: Composition): number {
  const input = modelInput(model, composition);
  return input.elements.length === 1 ? 1 : 1 / (1 + Math.exp(-model.logOdds(input)));
}

/** From here on a composition counts as plausible: held by 93 % of the known compounds (docs/plausibility.md). */
export const PLAUSIBLE = 0.4;

let shipped: PlausibilityModel | null = null;

/**
 * How much a composition looks like a known inorganic compound, 0 to 1: the probability that it is one rather than a random composition,
 * at even odds beforehand. Learned from compounds on the convex hull of the Materials Project; measured in docs/plausibility.md.
 * Charge balance and the order of electronegativities follow SMACT (Davies et al., Chem 1, 617 (2016)), graded by likelihoods.
 * A solid solution counts as its parent compound with the charges of its own; an element is 1.
 */
export function plausibility(composition: Composition): number {
  shipped ??= new PlausibilityModel(table);
  return plausibilityUnder(shipped, composition);
}
