import { anonymousFormula, elementBySymbol, FormulaError, parseFormula } from '../chemistry';
import type { MaterialCriteria } from '../data';
import { type FieldError, InputError, type MaterialFilter } from '../domain';
import { sharesOf } from './composition-row';

const WILDCARD = '*';
/** Stand in for the wildcards of a formula while it is parsed; nothing in a catalogue holds all of them. */
const STAND_INS = ['Og', 'Ts', 'Lv', 'Mc', 'Fl', 'Nh', 'Cn', 'Rg', 'Ds', 'Mt'];

/**
 * A filter in the catalogue's canonical terms; filters that mean the same give the same criteria.
 * @throws InputError naming every wrong field, paths from `filter` on
 */
export function criteriaOf(filter: MaterialFilter): MaterialCriteria {
  const errors: FieldError[] = [];
  const read = <T extends MaterialCriteria>(path: readonly string[], part: () => T): T | undefined => {
    try {
      return part();
    } catch (error) {
      if (error instanceof InputError) errors.push(...error.fields);
      else if (error instanceof FormulaError) errors.push({ path: ['filter', ...path], message: error.message });
      else throw error;
    }
  };
  const { elements, elementCount, formula, chemicalSystem: system } = filter;
  const parts = [
    elements && read(['elements'], () => elementCriteria(elements)),
    elementCount && read(['elementCount'], () => countCriteria(elementCount)),
    formula != null && read(['formula'], () => formulaCriteria(formula)),
    system != null && read(['chemicalSystem'], () => systemCriteria(system)),
  ].filter((part) => part !== false && part != null);
  if (errors.length > 0) throw new InputError(errors);
  return parts.reduce(both, {});
}

/** Two parts may speak of one thing: `elements.all` and a system with wildcards both demand elements. */
function both(a: MaterialCriteria, b: MaterialCriteria): MaterialCriteria {
  const allElements = sorted([...(a.allElements ?? []), ...(b.allElements ?? [])]);
  const min = Math.max(a.minElementCount ?? -Infinity, b.minElementCount ?? -Infinity);
  const max = Math.min(a.maxElementCount ?? Infinity, b.maxElementCount ?? Infinity);
  return {
    ...a,
    ...b,
    ...(allElements.length > 0 && { allElements }),
    ...(min > -Infinity && { minElementCount: min }),
    ...(max < Infinity && { maxElementCount: max }),
  };
}

function elementCriteria(filter: NonNullable<MaterialFilter['elements']>): MaterialCriteria {
  const errors: FieldError[] = [];
  const list = (name: 'all' | 'any' | 'none' | 'only'): string[] | undefined => {
    const symbols = filter[name];
    if (symbols == null) return undefined;
    if (symbols.length === 0) {
      errors.push({
        path: ['filter', 'elements', name],
        message: 'must name at least one element; leave it out for no restriction',
      });
    }
    symbols.forEach((symbol, i) => {
      if (!elementBySymbol(symbol)) {
        errors.push({ path: ['filter', 'elements', name, String(i)], message: unknownElement(symbol) });
      }
    });
    return sorted(symbols);
  };
  const criteria = {
    allElements: list('all'),
    anyElements: list('any'),
    noneElements: list('none'),
    onlyElements: list('only'),
  };
  if (errors.length > 0) throw new InputError(errors);
  return Object.fromEntries(Object.entries(criteria).filter(([, symbols]) => symbols));
}

function countCriteria({ min, max }: NonNullable<MaterialFilter['elementCount']>): MaterialCriteria {
  if (min != null && max != null && min > max) {
    throw new InputError([{ path: ['filter', 'elementCount'], message: `min ${min} is above max ${max}` }]);
  }
  return { ...(min != null && { minElementCount: min }), ...(max != null && { maxElementCount: max }) };
}

/**
 * Without a wildcard, the composition itself. With wildcards, which stand for elements that differ from each other and from the named ones:
 * the stoichiometry (anonymous formula) and the shares of the named elements.
 */
function formulaCriteria(pattern: string): MaterialCriteria {
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
  return { anonymousFormula: anonymousFormula(composition), ...(shares.length > 0 && { shares }) };
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

/** "Li-Fe-O" in any order; "Si-*": silicon and one other element. */
function systemCriteria(system: string): MaterialCriteria {
  const refuse = (message: string) => new InputError([{ path: ['filter', 'chemicalSystem'], message }]);
  const symbols = system.split('-').map((symbol) => symbol.trim());
  const named = symbols.filter((symbol) => symbol !== WILDCARD);
  for (const symbol of named) {
    if (!elementBySymbol(symbol)) throw refuse(`${unknownElement(symbol)} joined by "-", such as "Li-Fe-O" or "Si-*"`);
  }
  if (new Set(named).size < named.length) throw refuse(`names an element twice: ${JSON.stringify(system)}`);
  if (named.length === symbols.length) return { chemicalSystem: sorted(named).join('-') };
  return {
    ...(named.length > 0 && { allElements: sorted(named) }),
    minElementCount: symbols.length,
    maxElementCount: symbols.length,
  };
}

const unknownElement = (symbol: string): string =>
  `unknown element ${JSON.stringify(symbol.slice(0, 20))}: use chemical symbols`;

const sorted = (symbols: readonly string[]): string[] => [...new Set(symbols)].sort();
