import { elementBySymbol } from './elements';

/** Elements that mix on one site are alike: largest difference of their electronegativities (Pauling). */
export const SITE_SPREAD = 1;

const electronegativity = (symbol: string): number => elementBySymbol(symbol)?.electronegativity ?? Infinity;

/** Whether these elements may share a site. */
export function areAlike(symbols: readonly string[]): boolean {
  const values = symbols.map(electronegativity);
  return Math.max(...values) - Math.min(...values) <= SITE_SPREAD;
}

/**
 * The compound that a solid solution or off-stoichiometric phase derives from: elements of fractional amount join the most
 * abundant one alike, amounts are rounded, traces drop out. Sr0.15La1.85CuO4 → La2CuO4, Fe0.95O → FeO, In0.7Ga0.3As → InAs.
 *
 * @param amounts of the canonical formula, in the order of `elements`; integers come back as they are.
 */
export function parentCompound(
  elements: readonly string[],
  amounts: readonly number[],
): { elements: string[]; amounts: number[] } {
  const largest = Math.max(...amounts);
  const scaled = largest < 1 ? amounts.map((amount) => amount / largest) : [...amounts];
  const fractional = scaled
    .map((amount, i) => ({ amount, i, symbol: elements[i] as string }))
    .filter(({ amount }) => !Number.isInteger(amount))
    .sort((a, b) => b.amount - a.amount || a.i - b.i);
  const hosts: typeof fractional = [];
  for (const guest of fractional) {
    const host = hosts.find(({ symbol }) => areAlike([symbol, guest.symbol]));
    if (host === undefined) {
      hosts.push(guest);
      continue;
    }
    scaled[host.i] = (scaled[host.i] as number) + (scaled[guest.i] as number);
    scaled[guest.i] = 0;
  }
  const whole = scaled.map(Math.round);
  const kept = whole.flatMap((amount, i) => (amount > 0 ? [i] : []));
  return { elements: kept.map((i) => elements[i] as string), amounts: kept.map((i) => whole[i] as number) };
}
