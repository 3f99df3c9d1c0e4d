import type { Composition } from '../../chemistry';
import { ionsOf } from '../spaces/substitute';

export interface SubstitutionTable {
  /** P(new ion | old ion, given that it is swapped); those below `least` left out. */
  readonly probabilities: Record<string, Record<string, number>>;
}

/** Pseudo-count of the overall frequency of ions of the same charge, for ions seen in few compounds. */
const PRIOR = 1;

/**
 * Learns ion swaps from known compounds in the manner of Hautier et al., Inorg. Chem. 50, 656 (2011), without their structures: two compounds
 * are a pair if they differ in one ion only, all amounts being equal. Every compound counts once for each of its ions that has been
 * seen swapped, shared equally among what it was swapped for.
 */
export function learnSubstitutions(compounds: Iterable<Composition>, least: number): SubstitutionTable {
  const groups = new Map<string, string[]>();
  for (const compound of compounds) {
    const ions = ionsOf(compound);
    const parts = ions.map((ion, i) => `${ion}*${compound.amounts[i]}`);
    ions.forEach((ion, i) => {
      const others = parts.filter((_, j) => j !== i).sort();
      const key = `${others.join()}|${chargeOf(ion)}*${compound.amounts[i]}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [ion]);
      else group.push(ion);
    });
  }
  const counts = new Map<string, Map<string, number>>();
  const totals = new Map<string, number>();
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    for (const old of group) {
      totals.set(old, (totals.get(old) ?? 0) + 1);
      const row = counts.get(old) ?? new Map<string, number>();
      counts.set(old, row);
      for (const other of group) if (other !== old) row.set(other, (row.get(other) ?? 0) + 1 / (group.length - 1));
    }
  }
  const chargeTotals = new Map<string, number>();
  for (const [ion, total] of totals) chargeTotals.set(chargeOf(ion), (chargeTotals.get(chargeOf(ion)) ?? 0) + total);
  const probabilities: SubstitutionTable['probabilities'] = {};
  for (const [old, total] of [...totals].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const charge = chargeOf(old);
    const rest = chargeTotals.get(charge)! - total;
    const row: [string, number][] = [];
    for (const [other, frequency] of totals) {
      if (other === old || chargeOf(other) !== charge) continue;
      const probability = ((counts.get(old)!.get(other) ?? 0) + (PRIOR * frequency) / rest) / (total + PRIOR);
      if (probability >= least) row.push([other, Number(probability.toPrecision(3))]);
    }
    row.sort(([a, p], [b, q]) => q - p || (a < b ? -1 : 1));
    probabilities[old] = Object.fromEntries(row);
  }
  return { probabilities };
}

function chargeOf(ion: string): string {
  return ion.replace(/^[A-Za-z]+/, '');
}
