import { elementBySymbol, FormulaError } from '../chemistry';
import type { MaterialCriteria, ValueColumn, ValueCriterion } from '../data';
import {
  type FieldError,
  InputError,
  joined,
  plainSymbol,
  type MaterialCondition,
  type MaterialFilter,
  type PropertyRange,
  type PropertyValue,
} from '../domain';
import { anonymousCriteria, formulaCriteria, WILDCARD } from './formula-pattern';
import type { CataloguePredictions } from './predictions';

/** Up to here "only these elements" is one of their chemical systems, which an index finds: 255 of them. */
const MAX_LISTED_SYSTEMS = 8;
const MAX_RANGES = 20;

/**
 * A filter in the catalogue's canonical terms; filters that mean the same give the same criteria.
 * @throws InputError naming every wrong field, paths from `filter` on
 */
export function criteriaOf(filter: MaterialFilter, predictions: CataloguePredictions): MaterialCriteria {
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
  const { elements, elementCount, formula, anonymousFormula, chemicalSystem: system } = filter;
  const { spaceGroupNumber, sourceName, measured, predicted, condition } = filter;
  const parts = [
    elements && read(['elements'], () => elementCriteria(elements)),
    elementCount && read(['elementCount'], () => countCriteria(elementCount)),
    formula != null && read(['formula'], () => formulaCriteria(formula)),
    anonymousFormula != null && read(['anonymousFormula'], () => anonymousCriteria(anonymousFormula)),
    system != null && read(['chemicalSystem'], () => systemCriteria(system)),
    spaceGroupNumber && read(['spaceGroupNumber'], () => spaceGroupCriteria(spaceGroupNumber)),
    sourceName && read(['sourceName'], () => sourceCriteria(sourceName)),
    measured && read(['measured'], () => valueCriteria('measured', measured, measuredColumn)),
    predicted &&
      read(['predicted'], () =>
        valueCriteria('predicted', predicted, ({ property }) => {
          const column = predictions.column(property);
          return column && { kind: 'PREDICTED', ...column };
        }),
      ),
    condition && { condition: located(condition, predictions) },
  ].filter((part) => part !== false && part != null);
  if (errors.length > 0) throw new InputError(errors);
  return parts.reduce(both, {});
}

/** Two parts may speak of one thing: `elements.all` and a system with wildcards both demand elements. */
function both(a: MaterialCriteria, b: MaterialCriteria): MaterialCriteria {
  const allElements = sorted([...(a.allElements ?? []), ...(b.allElements ?? [])]);
  const anonymousFormulas = sorted([...(a.anonymousFormulas ?? []), ...(b.anonymousFormulas ?? [])]);
  const values = [...(a.values ?? []), ...(b.values ?? [])];
  const systems = b.chemicalSystems;
  const min = Math.max(a.minElementCount ?? -Infinity, b.minElementCount ?? -Infinity);
  const max = Math.min(a.maxElementCount ?? Infinity, b.maxElementCount ?? Infinity);
  return {
    ...a,
    ...b,
    ...(allElements.length > 0 && { allElements }),
    ...(anonymousFormulas.length > 0 && { anonymousFormulas }),
    ...(values.length > 0 && { values }),
    ...(a.chemicalSystems &&
      systems && { chemicalSystems: a.chemicalSystems.filter((system) => systems.includes(system)) }),
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
  const only = list('only');
  const criteria = {
    allElements: list('all'),
    anyElements: list('any'),
    noneElements: list('none'),
    ...(only && only.length <= MAX_LISTED_SYSTEMS ? { chemicalSystems: systemsOf(only) } : { onlyElements: only }),
  };
  if (errors.length > 0) throw new InputError(errors);
  return Object.fromEntries(Object.entries(criteria).filter(([, symbols]) => symbols));
}

/** The chemical systems of some, or all, of these elements. */
function systemsOf(elements: readonly string[]): string[] {
  return Array.from({ length: 2 ** elements.length - 1 }, (_, i) =>
    elements.filter((_, bit) => ((i + 1) >> bit) & 1).join('-'),
  );
}

/** @throws InputError for a lower end above the upper one */
function ends({ min, max }: { min?: number | null; max?: number | null }, path: readonly string[]) {
  if (min != null && max != null && min > max)
    throw new InputError([{ path, message: `min ${min} is above max ${max}` }]);
  return { ...(min != null && { min }), ...(max != null && { max }) };
}

function countCriteria(range: NonNullable<MaterialFilter['elementCount']>): MaterialCriteria {
  const { min, max } = ends(range, ['filter', 'elementCount']);
  return { ...(min !== undefined && { minElementCount: min }), ...(max !== undefined && { maxElementCount: max }) };
}

function requireSome(name: string, items: readonly unknown[], what: string): void {
  if (items.length > 0) return;
  throw new InputError([
    { path: ['filter', name], message: `must name at least one ${what}; leave it out for no restriction` },
  ]);
}

function spaceGroupCriteria(numbers: readonly number[]): MaterialCriteria {
  requireSome('spaceGroupNumber', numbers, 'space group');
  const wrong = numbers.flatMap((number, i): FieldError[] =>
    number >= 1 && number <= 230
      ? []
      : [
          {
            path: ['filter', 'spaceGroupNumber', String(i)],
            message: `${number} is no space group number from 1 to 230`,
          },
        ],
  );
  if (wrong.length > 0) throw new InputError(wrong);
  return { spaceGroupNumbers: [...new Set(numbers)].sort((a, b) => a - b) };
}

function sourceCriteria(names: readonly string[]): MaterialCriteria {
  requireSome('sourceName', names, 'source');
  // Text that Postgres cannot hold is the name of no source.
  return { sourceNames: sorted(names.filter((name) => !/\0|\p{Surrogate}/u.test(name))) };
}

/** Where the values of a condition are stored; what the model does not predict is known of no material. */
function located(
  condition: MaterialCondition<PropertyValue>,
  predictions: CataloguePredictions,
): MaterialCondition<ValueColumn> {
  switch (condition.kind) {
    case 'ALL':
    case 'ANY':
      return joined(
        condition.kind,
        condition.of.map((part) => located(part, predictions)),
      );
    case 'SHARES': {
      const symbols = condition.tests.map(plainSymbol);
      const few = symbols.length <= MAX_LISTED_SYSTEMS && symbols.every((symbol) => symbol !== null);
      if (condition.quantifier !== 'EVERY' || condition.negated || !few) return condition;
      return { kind: 'CHEMICAL_SYSTEM', of: systemsOf(sorted(symbols)) };
    }
    case 'VALUE':
    case 'VALUE_KNOWN': {
      const column = valueColumn(condition.of, predictions);
      if (column !== null) return { ...condition, of: column };
      return { kind: 'CONSTANT', holds: condition.kind === 'VALUE_KNOWN' && !condition.known };
    }
    default:
      return condition;
  }
}

export function valueColumn({ kind, property }: PropertyValue, predictions: CataloguePredictions): ValueColumn | null {
  if (kind === 'MEASURED') return { kind, property };
  const column = predictions.column(property);
  return column && { kind, ...column };
}

const measuredColumn = ({ property }: PropertyRange): ValueColumn => ({ kind: 'MEASURED', property });

function valueCriteria(
  name: 'measured' | 'predicted',
  ranges: readonly PropertyRange[],
  columnOf: (range: PropertyRange) => ValueColumn | null,
): MaterialCriteria {
  if (ranges.length > MAX_RANGES) {
    throw new InputError([
      { path: ['filter', name], message: `${ranges.length} ranges; at most ${MAX_RANGES} are possible` },
    ]);
  }
  const errors: FieldError[] = [];
  const values = ranges.flatMap((range, i): ValueCriterion[] => {
    const path = ['filter', name, String(i)];
    const column = columnOf(range);
    if (column === null) {
      errors.push({ path: [...path, 'property'], message: `the model does not predict ${range.property}` });
      return [];
    }
    try {
      return [{ column, ...ends(range, path) }];
    } catch (error) {
      if (error instanceof InputError) errors.push(...error.fields);
      else throw error;
      return [];
    }
  });
  if (errors.length > 0) throw new InputError(errors);
  return { values };
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
  if (named.length === symbols.length) return { chemicalSystems: [sorted(named).join('-')] };
  return {
    ...(named.length > 0 && { allElements: sorted(named) }),
    minElementCount: symbols.length,
    maxElementCount: symbols.length,
  };
}

const unknownElement = (symbol: string): string =>
  `unknown element ${JSON.stringify(symbol.slice(0, 20))}: use chemical symbols`;

const sorted = (symbols: readonly string[]): string[] => [...new Set(symbols)].sort();
