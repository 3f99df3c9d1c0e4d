import { parseFormula } from '../../src/chemistry';
import type { MaterialInput, SourceInput } from '../../src/domain';

export const SOURCE: SourceInput = { name: 'Test library', url: 'https://example.org/', licence: 'CC0-1.0' };

/** A material as an importer hands it in; only the formula matters to most tests. */
export const material = (formula: string, part: Partial<MaterialInput> = {}): MaterialInput => ({
  externalId: null,
  composition: parseFormula(formula),
  ...part,
});

export const materials = (formulas: string): MaterialInput[] => formulas.split(' ').map((formula) => material(formula));
