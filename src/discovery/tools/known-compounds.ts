import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { FormulaError, parseFormula, type Composition } from '../../chemistry';

/** Above this energy a computed compound does not count as known, eV/atom (metastable phases that are made lie below). */
const MAX_ENERGY_ABOVE_HULL = 0.05;
/** Computed compounds without an energy above the hull say nothing of what exists. */
const COMPUTED = /^(mp_|oqmd_|aflow_|critexam_|castelli_|jdft2d_|log10_|dielectric_|phonon_)/;
const MAX_ATOMS = 60;

/**
 * Compounds that exist or should: those measured in an experimental task, and those computed to be on or near the convex hull. Only
 * whole amounts: a solid solution is no pattern for ion swaps.
 *
 * @param folder of the training tasks, `<task>.csv` with the columns formula and value.
 */
export function knownCompounds(folder: string): Composition[] {
  const byKey = new Map<string, Composition>();
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.csv'))
    .sort()) {
    const stable = file === 'mp_energy_above_hull.csv';
    if (COMPUTED.test(file) && !stable) continue;
    for (const line of readFileSync(path.join(folder, file), 'utf8').split('\n').slice(1)) {
      const [formula = '', value = ''] = line.split(',');
      if (formula === '' || (stable && Number(value) > MAX_ENERGY_ABOVE_HULL)) continue;
      const compound = reduced(formula);
      if (compound !== null && !byKey.has(compound.key)) byKey.set(compound.key, compound);
    }
  }
  return [...byKey.values()];
}

function reduced(formula: string): Composition | null {
  try {
    const { formula: reducedFormula, elements } = parseFormula(formula);
    const compound = parseFormula(reducedFormula);
    const whole = compound.amounts.every(Number.isInteger) && compound.atoms <= MAX_ATOMS;
    return whole && elements.length > 1 ? compound : null;
  } catch (error) {
    if (error instanceof FormulaError) return null;
    throw error;
  }
}
