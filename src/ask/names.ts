import { compositionOf, ELEMENTS, parseFormula, type Composition, type Element } from '../chemistry';
import type { NameTables } from './language';

/** A name at the start of a list of words. */
export type NameMatch =
  | { readonly words: number; readonly composition: Composition; readonly isElement: boolean }
  | { readonly words: number; readonly candidates: readonly string[] }
  | { readonly words: number; readonly mixture: string };

const ROMAN = ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii'];
const LONGEST_NAME = 5;

/** Common names from a table, and systematic ones by the rules of binary nomenclature: "gallium arsenide", "iron(III) oxide", "molybdenum disulfide". */
export class NameBook {
  private readonly common = new Map<string, string>();
  private readonly elements = new Map<string, Element>();
  private readonly mixtures: ReadonlySet<string>;

  constructor(private readonly tables: NameTables) {
    for (const line of tables.common.trim().split('\n')) {
      const [names = '', formula = ''] = line.split(' = ');
      for (const name of names.split(', ')) this.common.set(name, formula);
      // Formulas with a digit or four letters also count in lower case; shorter ones are often words.
      if (/^[A-Za-z0-9]{4,}$/.test(formula)) this.common.set(formula.toLowerCase(), formula);
    }
    const bySymbol = new Map(ELEMENTS.map((element) => [element.symbol, element]));
    for (const element of ELEMENTS) this.elements.set(element.name.toLowerCase(), element);
    for (const [name, symbol] of Object.entries(tables.elementSpellings))
      this.elements.set(name, bySymbol.get(symbol)!);
    this.mixtures = new Set(tables.notOneComposition);
  }

  /**
   * The longest name that begins the words.
   *
   * @param words lower case; a numeral in brackets is a word of its own, `(iii)`
   */
  match(words: readonly string[]): NameMatch | null {
    for (let count = Math.min(LONGEST_NAME, words.length); count > 0; count--) {
      const name = words.slice(0, count).join(' ');
      const formula = this.common.get(name);
      if (formula !== undefined) return { words: count, composition: parseFormula(formula), isElement: false };
      if (this.mixtures.has(name)) return { words: count, mixture: name };
      const systematic = count > 1 ? this.systematic(words.slice(0, count)) : null;
      if (systematic) return { words: count, ...systematic };
    }
    const element = this.elements.get(words[0] ?? '');
    return element ? { words: 1, composition: parseFormula(element.symbol), isElement: true } : null;
  }

  private systematic(words: readonly string[]) {
    const [first = '', second = '', third] = words;
    const numeral = /^\(([ivx]+)\)$/.exec(second)?.[1];
    if (words.length !== (numeral === undefined ? 2 : 3)) return null;
    const cation = this.cation(first);
    const anion = this.anion(numeral === undefined ? second : third!);
    if (!cation || !anion) return null;
    if (anion.count !== null) {
      return numeral === undefined
        ? made(cation, cation.count ?? anion.cations ?? 1, anion.formula, anion.count)
        : null;
    }
    const given = numeral === undefined ? null : ROMAN.indexOf(numeral) + 1;
    const states = given !== null ? [given] : cation.count === null ? cation.states.filter((state) => state > 0) : [];
    if (anion.charge === 0) return null;
    const formulas = states.map((state) => balanced(cation, state, anion.formula, -anion.charge));
    if (formulas.length === 1) return { composition: parseFormula(formulas[0]!), isElement: false };
    return formulas.length === 0 ? null : { candidates: formulas };
  }

  private cation(word: string) {
    if (word === 'ammonium') return { formula: '(NH4)', states: [1], count: null };
    const plain = this.elements.get(word);
    if (plain) return { formula: plain.symbol, states: plain.commonOxidationStates, count: null };
    for (const [prefix, count] of Object.entries(this.tables.multipliers)) {
      const element = word.startsWith(prefix) ? this.elements.get(word.slice(prefix.length)) : undefined;
      if (element) return { formula: element.symbol, states: element.commonOxidationStates, count };
    }
    return null;
  }

  /** `count` and `cations` are what the name itself says: "dioxide" 2, "sesquioxide" 3 and 2. */
  private anion(word: string) {
    const of = (name: string) => (Object.hasOwn(this.tables.anions, name) ? this.tables.anions[name] : undefined);
    const plain = of(word);
    if (plain) return { formula: plain[0], charge: plain[1], count: null, cations: null };
    const sesqui = word.startsWith('sesqui') ? of(word.slice('sesqui'.length)) : undefined;
    if (sesqui) return { formula: sesqui[0], charge: sesqui[1], count: 3, cations: 2 };
    for (const [prefix, count] of Object.entries(this.tables.multipliers)) {
      // "monoxide", "tetroxide", "pentoxide": the prefix loses its vowel.
      const found = [prefix, prefix.slice(0, -1)]
        .filter((start) => word.startsWith(start))
        .map((start) => of(word.slice(start.length)))
        .find((anion) => anion !== undefined);
      if (found) return { formula: found[0], charge: found[1], count, cations: null };
    }
    return null;
  }
}

const grouped = (formula: string, count: number): string =>
  count === 1
    ? formula
    : /^[A-Z][a-z]?$/.test(formula) || formula.startsWith('(')
      ? `${formula}${count}`
      : `(${formula})${count}`;

function made(cation: { readonly formula: string }, cations: number, anion: string, anions: number) {
  return { composition: parseFormula(grouped(cation.formula, cations) + grouped(anion, anions)), isElement: false };
}

function balanced(cation: { readonly formula: string }, positive: number, anion: string, negative: number): string {
  const divisor = greatestCommonDivisor(positive, negative);
  return grouped(cation.formula, negative / divisor) + grouped(anion, positive / divisor);
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

const METALLOIDS = new Set(['H', 'B', 'C', 'N', 'O', 'F', 'Si', 'P', 'S', 'Cl', 'Ge', 'As', 'Se', 'Br', 'Sb', 'Te', 'I', 'At', 'He', 'Ne', 'Ar', 'Kr', 'Xe', 'Rn']); // prettier-ignore
const GLASS_FORMERS = new Set(['B', 'C', 'Si', 'P', 'Ge']);

/**
 * What the reader of questions is told of a composition: `steel` (mostly iron, three elements or more), `alloy` (metals, with at most a quarter of
 * what metallic glasses hold beside them), `element` or `compound`.
 */
export function subjectOf({ elements, fractions }: Composition): 'element' | 'compound' | 'alloy' | 'steel' {
  if (elements.length === 1) return 'element';
  let nonmetals = 0;
  let iron = 0;
  for (const [i, symbol] of elements.entries()) {
    const fraction = fractions[i]!;
    if (symbol === 'Fe') iron = fraction;
    if (!METALLOIDS.has(symbol)) continue;
    nonmetals += fraction;
    if (!GLASS_FORMERS.has(symbol) && fraction > 0.01) return 'compound';
  }
  if (nonmetals > 0.25) return 'compound';
  return iron >= 0.5 && nonmetals <= 0.05 && elements.length >= 3 ? 'steel' : 'alloy';
}

/** Of symbols alone, in either case: "mgb2" is MgB2 if it cannot be read in another way. */
export function lowerCaseFormula(text: string): Composition | null {
  if (!/^[a-z][a-z0-9.]*$/.test(text) || !/\d/.test(text) || text.length > 40) return null;
  const readings: (readonly [string, number])[][] = [];
  const symbols = new Set(ELEMENTS.map(({ symbol }) => symbol));
  const read = (rest: string, parts: readonly (readonly [string, number])[]): void => {
    if (readings.length > 1) return;
    if (rest === '') return void readings.push([...parts]);
    for (const length of [2, 1]) {
      const symbol = rest.charAt(0).toUpperCase() + rest.slice(1, length);
      if (rest.length < length || !symbols.has(symbol)) continue;
      const amount = /^\d+(\.\d+)?/.exec(rest.slice(length))?.[0] ?? '';
      read(rest.slice(length + amount.length), [...parts, [symbol, amount === '' ? 1 : Number(amount)]]);
    }
  };
  read(text, []);
  return readings.length === 1 ? compositionOf(readings[0]!) : null;
}
