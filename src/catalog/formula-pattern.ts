import { anonymousFormula, ELEMENTS, FormulaError, parseFormula } from '../chemistry';
import type { MaterialCriteria } from '../data';
import { InputError } from '../domain';
import { sharesOf } from './composition-row';

/** Stands for any element, in a formula and in a chemical system. */
export const WILDCARD = '*';
/** Stand in for the wildcards of a formula while it is parsed; nothing in a catalogue holds all of them. */
const STAND_INS = ['Og', 'Ts', 'Lv', 'Mc', 'Fl', 'Nh', 'Cn', 'Rg', 'Ds', 'Mt'];

/**
 * Without a wildcard, the composition itself. With wildcards, which stand for elements that differ from each other and from the named ones:
 * the stoichiometry (anonymous formula) and the shares of the named elements.
 */
export function formulaCriteria(pattern: string): MaterialCriteria {
  if (!pattern.includes(WILDCARD)) return { compositionKey: parseFormula(pattern).key };

  const free = STAND_INS.filter((symbol) => !pattern.includes(symbol));
  const wildcards = pattern.split(WILDCARD).length - 1;
  if (wildcards > free.length) {
    throw new InputError([
      { path: ['filter', 'formula'], message: `has ${wildcards} wildcards; at most ${free.length} are possible` },
    ]);
  }
  let used = 0;
  const composition = parsePattern(
    pattern,
    pattern.replaceAll(WILDCARD, () => free[used++]!),
  );
  const standIns = new Set(free.slice(0, used));
  const shares = sharesOf(composition).filter((share) => !standIns.has(share.replace(/\d+$/, '')));
  return { anonymousFormulas: [anonymousFormula(composition)], ...(shares.length > 0 && { shares }) };
}

/** Errors speak of the pattern as it was given, whose wildcards are one character shorter than their stand-ins. */
function parsePattern(pattern: string, formula: string) {
  try {
    return parseFormula(formula);
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    let position = 0;
    for (let shift = 0; position < pattern.length && position + shift < error.position; position++) {
      if (pattern[position] === WILDCARD) shift++;
    }
    throw new InputError([
      {
        path: ['filter', 'formula'],
        message: `cannot be read as a formula at position ${position} of ${JSON.stringify(pattern)}; "*" stands for one element, as in "*2O3"`,
      },
    ]);
  }
}

/** "AB3C", "ABC3" and "A2B2C6" are one stoichiometry. */
export function anonymousCriteria(pattern: string): MaterialCriteria {
  const parts = [...pattern.matchAll(/([A-Z])(\d+(?:\.\d+)?)?/g)];
  const letters = parts.map(([, letter]) => letter);
  const readable = parts.length > 0 && parts.map(([part]) => part).join('') === pattern;
  if (!readable || new Set(letters).size < letters.length || parts.some(([, , amount]) => Number(amount ?? 1) === 0)) {
    throw new InputError([
      {
        path: ['filter', 'anonymousFormula'],
        message: `${JSON.stringify(pattern.slice(0, 40))} is no stoichiometry; expected different letters A, B, C … with amounts above 0, as in "AB3C"`,
      },
    ]);
  }
  const formula = parts.map(([, , amount], i) => `${ELEMENTS[i]!.symbol}${amount ?? ''}`).join('');
  return { anonymousFormulas: [anonymousFormula(parseFormula(formula))] };
}
