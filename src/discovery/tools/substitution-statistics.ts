import type { Composition } from '../../chemistry';
import { ionsOf } from '../spaces/substitute';

export interface SubstitutionTable {
  /** P(new ion | old ion, given that it is swapped); those below `least` left out. */
  readonly probabilities: Record<string, Record<string, number>>;
}

/** Pseudo-count of the overall frequency of ions of the same charge, for ions seen in few compounds. */
const PRIOR = 1;
/** What a relative of another charge, and so another amount, counts beside one of the same: Li2CO3 is less of a pattern for CaCO3 than MgCO3 is. */
const OTHER_CHARGE = 0.1;

/** An ion of a compound as a relative may hold it. */
interface Place {
  readonly ion: string;
  /** For one unit of the rest of the compound. */
  readonly amount: number;
}

/**
 * Learns ion swaps from known compounds in the manner of Hautier et al., Inorg. Chem. 50, 656 (2011), without their structures: two compounds
 * are a pair if they differ in one ion only, the ratios of all others being equal; being neutral, both hold the same charge of it, as Na2CO3, CaCO3
 * and Al2(CO3)3 would. Every compound counts once for each of its ions that has been seen swapped, shared among what it was swapped for.
 */
export function learnSubstitutions(compounds: Iterable<Composition>, least: number): SubstitutionTable {
  const groups = new Map<string, Place[]>();
  for (const compound of compounds) {
    const ions = ionsOf(compound);
    ions.forEach((ion, i) => {
      const unit = compound.amounts.filter((_, j) => j !== i).reduce(divisor);
      const amount = compound.amounts[i]! / unit;
      const others = ions.map((other, j) => `${other}*${compound.amounts[j]! / unit}`).filter((_, j) => j !== i);
      // Where there is no charge to keep, the amount is kept.
      const kept = chargeOf(ion) === '0' ? `0*${amount}` : chargeOf(ion).startsWith('-') ? '-' : '+';
      const key = `${others.sort().join()}|${kept}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [{ ion, amount }]);
      else group.push({ ion, amount });
    });
  }
  const counts = new Map<string, Map<string, number>>();
  const totals = new Map<string, number>();
  for (const group of groups.values()) {
    for (const old of group) {
      const relatives = group.filter(({ ion }) => symbolOf(ion) !== symbolOf(old.ion));
      if (relatives.length === 0) continue;
      const weights = relatives.map(({ ion, amount }): number =>
        chargeOf(ion) === chargeOf(old.ion) && amount === old.amount ? 1 : OTHER_CHARGE,
      );
      const sum = weights.reduce((a, b) => a + b);
      totals.set(old.ion, (totals.get(old.ion) ?? 0) + 1);
      const row = counts.get(old.ion) ?? new Map<string, number>();
      counts.set(old.ion, row);
      relatives.forEach(({ ion }, r) => row.set(ion, (row.get(ion) ?? 0) + weights[r]! / sum));
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
      if (other === old) continue;
      const prior = chargeOf(other) === charge ? (PRIOR * frequency) / rest : 0;
      const probability = ((counts.get(old)!.get(other) ?? 0) + prior) / (total + PRIOR);
      if (probability > 0 && probability >= least) row.push([other, Number(probability.toPrecision(2))]);
    }
    row.sort(([a, p], [b, q]) => q - p || (a < b ? -1 : 1));
    probabilities[old] = Object.fromEntries(row);
  }
  return { probabilities };
}

const chargeOf = (ion: string): string => ion.replace(/^[A-Za-z]+/, '');
const symbolOf = (ion: string): string => ion.replace(/-?\d+$/, '');
const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
