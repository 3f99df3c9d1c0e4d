import { PRICES, TOXIC } from './data/element-supply';
import { ELEMENT_TABLE } from './data/elements-iupac2021-crc97';

export interface Element {
  readonly symbol: string;
  readonly name: string;
  /** Atomic number, 1–118. */
  readonly number: number;
  /** g/mol; the mass number of the longest-lived isotope where no standard atomic weight exists. */
  readonly atomicMass: number;
  /** Pauling scale; null where none is assigned (He, Ne, Ar and the elements from 104 on). */
  readonly electronegativity: number | null;
  /** Ascending; the states found in most compounds of the element. */
  readonly commonOxidationStates: readonly number[];
  /** Ascending; every known state but 0. */
  readonly oxidationStates: readonly number[];
  /** No isotope is stable (bismuth, whose half-life is 2·10¹⁹ years, counts as stable). */
  readonly radioactive: boolean;
  /** mg per kg of the Earth's crust; null where there is none to speak of. */
  readonly crustalAbundance: number | null;
  /** Held dangerous to health in whatever compound by RoHS, IARC or CLP (data/element-supply.ts); no safety assessment. */
  readonly toxic: boolean;
  /** USD per kg to one significant digit, around 2019; null where it is not on any market. */
  readonly price: number | null;
}

const PRICE_OF: ReadonlyMap<string, number> = new Map(
  PRICES.trim()
    .split('\n')
    .flatMap((line) => {
      const [price = '', symbols = ''] = line.split('|');
      return symbols.split(' ').map((symbol) => [symbol, Number(price)] as const);
    }),
);
const TOXIC_SYMBOLS: ReadonlySet<string> = new Set(TOXIC.split(' '));

const integers = (text: string): number[] => (text === '' ? [] : text.split(' ').map(Number));

/** The 118 elements by ascending atomic number: element Z is at index Z − 1. Sources: see the data file. */
export const ELEMENTS: readonly Element[] = ELEMENT_TABLE.trim()
  .split('\n')
  .map((line, index) => {
    const [symbol = '', name = '', mass = '', electronegativity = '', common = '', known = '', abundance = ''] =
      line.split('|');
    const number = index + 1;
    return {
      symbol,
      name,
      number,
      atomicMass: Number(mass.replace(/[[\]]/g, '')),
      electronegativity: electronegativity === '' ? null : Number(electronegativity),
      commonOxidationStates: integers(common),
      oxidationStates: integers(known),
      radioactive: number === 43 || number === 61 || number >= 84,
      crustalAbundance: abundance === '' ? null : Number(abundance),
      toxic: TOXIC_SYMBOLS.has(symbol),
      price: PRICE_OF.get(symbol) ?? null,
    };
  });

const BY_SYMBOL: ReadonlyMap<string, Element> = new Map(ELEMENTS.map((element) => [element.symbol, element]));

/** The element with this symbol ("Fe"), or undefined. Symbols are case-sensitive: Co is cobalt, CO carbon monoxide. */
export function elementBySymbol(symbol: string): Element | undefined {
  return BY_SYMBOL.get(symbol);
}

const rank = (element: Element): number => element.electronegativity ?? Infinity;

/**
 * Position of each element in formulas: ascending electronegativity, elements without one last, ties by symbol
 * (the order of pymatgen). Indexed by atomic number; entry 0 is unused.
 */
export const FORMULA_ORDER: Uint8Array = (() => {
  const order = new Uint8Array(ELEMENTS.length + 1);
  [...ELEMENTS]
    .sort((a, b) => (rank(a) === rank(b) ? (a.symbol < b.symbol ? -1 : 1) : rank(a) - rank(b)))
    .forEach((element, position) => (order[element.number] = position));
  return order;
})();
