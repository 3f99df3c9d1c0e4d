import { compositionOf, type Composition } from './composition';

const TERM = /([A-Z][a-z]?)(\d+)/g;

/** A canonical key read back: `As500000Ga500000`. In the order of the key, which is alphabetical. */
export function fractionsOfKey(key: string): Pick<Composition, 'elements' | 'fractions'> {
  const elements: string[] = [];
  const fractions: number[] = [];
  for (const [, symbol = '', millionths] of key.matchAll(TERM)) {
    elements.push(symbol);
    fractions.push(Number(millionths) / 1e6);
  }
  return { elements, fractions };
}

/** The canonical formula of a key: `GaAs`. */
export function formulaOfKey(key: string): string {
  const { elements, fractions } = fractionsOfKey(key);
  return compositionOf(elements.map((symbol, i) => [symbol, fractions[i] as number])).formula;
}
