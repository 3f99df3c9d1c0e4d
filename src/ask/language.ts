import type { Composition } from '../chemistry';
import type { Conditions, PropertyKey } from '../domain';
import type { FactName } from './facts';

/**
 * Everything of a language that rules need: names of substances, words of units and conditions, and the sentences of answers. What a
 * question asks for is not here: that is read by the model (darwin_training/questions has the wordings that it learned from).
 */
export interface Language {
  /** ISO 639-1; the reader of questions has to be of the same language. */
  readonly code: string;
  readonly names: NameTables;
  readonly words: Words;
  readonly sentences: Sentences;
}

export interface NameTables {
  /** `name, name = formula`, one a line. */
  readonly common: string;
  readonly notOneComposition: readonly string[];
  readonly elementSpellings: Readonly<Record<string, string>>;
  readonly anions: Readonly<Record<string, readonly [formula: string, charge: number]>>;
  readonly multipliers: Readonly<Record<string, number>>;
}

export interface Words {
  /** Phrases that contain a name or symbol without asking about it: "lithium ions", "liquid nitrogen". */
  readonly idioms: RegExp;
  /** Words that read as formulas (In, As, No) and acronyms (BBC). */
  readonly notFormulas: ReadonlySet<string>;
  /** Before an element's symbol of one or two letters that may also be a word or a unit: "of Fe". */
  readonly beforeSymbol: RegExp;
  /** After a symbol of one letter that is compared: "F or O". */
  readonly afterSymbol: RegExp;
  /** Between two compositions that are compared. */
  readonly between: RegExp;
  /** Before the unit that the answer shall have: "in meV", "how many kelvin". */
  readonly beforeUnit: RegExp;
  /** Units in words, by their symbol (src/catalog/units.ts), the longest first. */
  readonly units: readonly (readonly [words: RegExp, symbol: string])[];
  readonly roomTemperature: RegExp;
  readonly visibleLight: RegExp;
  readonly categories: readonly (readonly [words: RegExp, condition: Conditions])[];
}

/** What was predicted for one composition, in the unit of the answer. */
export interface Told {
  readonly composition: Composition;
  readonly value: number;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly unit: string;
}

export interface Sentences {
  readonly value: (property: PropertyKey, told: Told, conditions: Conditions) => string;
  /** A classification; `negated`: it was asked whether it is not so. */
  readonly label: (property: PropertyKey, told: Told, negated: boolean, conditions: Conditions) => string;
  /** Yes or no at a threshold, which is null for "any at all". */
  readonly threshold: (
    property: PropertyKey,
    told: Told,
    asked: { readonly above: boolean; readonly at: number; readonly probability: number },
    conditions: Conditions,
  ) => string;
  /** `probability`: that the first has the larger value. */
  readonly comparison: (
    property: PropertyKey,
    told: readonly [Told, Told],
    asked: { readonly more: boolean; readonly probability: number },
    conditions: Conditions,
  ) => string;
  readonly fact: (fact: FactName, element: string, value: string, unit: string) => string;
  readonly noFact: (fact: FactName, element: string) => string;
  readonly isRadioactive: (element: string, radioactive: boolean) => string;
  readonly factComparison: (fact: FactName, winner: string, loser: string, more: boolean) => string;
  readonly note: {
    readonly unsure: (property: PropertyKey) => string;
    readonly alloysOnly: (composition: Composition) => string;
    readonly extrapolation: string;
    readonly ignored: (condition: string, property: PropertyKey) => string;
  };
  readonly refusal: {
    readonly empty: string;
    readonly noComposition: (property: PropertyKey | null) => string;
    readonly wrongFormula: (message: string) => string;
    readonly ambiguousName: (name: string, formulas: readonly string[]) => string;
    readonly mixture: (name: string) => string;
    readonly tooMany: (formulas: readonly string[]) => string;
    readonly unknownProperty: (formula: string) => string;
    readonly uncertain: (first: PropertyKey, second: PropertyKey | null) => string;
    readonly elementOnly: (fact: FactName, formula: string) => string;
    readonly unit: (unit: string, property: PropertyKey) => string;
    readonly notPredicted: (message: string) => string;
  };
}
