import { FormulaError, hillFormula, parseFormula } from '../chemistry';
import {
  EVERYTHING,
  joined,
  type MaterialCondition,
  NOTHING,
  opposite,
  type Comparison,
  type ShareTest,
} from '../domain';
import { testValues } from './evaluate';
import type { Filter, Test } from './filter';
import { unsupportedFilter } from './problem';
import type { QuerySource } from './structure-properties';

/** One filter asks the database for no more than this many things. */
const MAX_TESTS = 100;

/**
 * A checked filter as a condition of the catalogue. Negations go down to the tests, which know their opposites.
 *
 * @throws OptimadeProblem 501 for what cannot be asked of a property
 */
export function conditionOf(filter: Filter, sourceOf: (property: string) => QuerySource): MaterialCondition {
  let tests = 0;
  const build = (part: Filter, negated: boolean): MaterialCondition => {
    switch (part.kind) {
      case 'not':
        return build(part.of, !negated);
      case 'and':
      case 'or':
        return joined(
          (part.kind === 'and') !== negated ? 'ALL' : 'ANY',
          part.of.map((one) => build(one, negated)),
        );
      case 'foreign':
        return constant(testValues(part.test, [null]), negated);
      case 'test':
        if (++tests > MAX_TESTS) throw unsupportedFilter(`more than ${MAX_TESTS} comparisons in one filter`);
        return testCondition(part.properties, part.properties.map(sourceOf), part.test, negated);
    }
  };
  return build(filter, false);
}

const constant = (truth: boolean | null, negated: boolean): MaterialCondition =>
  truth !== null && truth !== negated ? EVERYTHING : NOTHING;

function testCondition(
  names: readonly string[],
  sources: readonly QuerySource[],
  test: Test,
  negated: boolean,
): MaterialCondition {
  const [source] = sources;
  if (sources.length > 1) {
    if (test.kind === 'has' && sources.every(({ kind }) => kind === 'shares'))
      return sharesCondition(sources, test, negated);
    throw unsupportedFilter(
      `${names.join(':')}: of correlated lists only elements:elements_ratios are supported (an optional feature)`,
    );
  }
  const no = (): Error =>
    unsupportedFilter(`"${names[0]}" cannot be asked for in this way; /info/structures tells how`);
  switch (source!.kind) {
    case 'number':
      if (test.kind === 'known') return { kind: 'KNOWN', field: source!.field, known: test.known !== negated };
      if (test.kind !== 'compare') throw no();
      return { kind: 'NUMBER', field: source!.field, is: facing(test.is, negated), value: test.value as number };
    case 'text':
      if (test.kind === 'known') return { kind: 'KNOWN', field: source!.field, known: test.known !== negated };
      if (test.kind === 'fuzzy') return { kind: 'TEXT', field: source!.field, is: test.is, value: test.value, negated };
      if (test.kind !== 'compare') throw no();
      return {
        kind: 'TEXT',
        field: source!.field,
        is: facing(test.is, negated),
        value: test.value as string,
        negated: false,
      };
    case 'modified':
      if (test.kind === 'known') return constant(test.known, negated);
      if (test.kind !== 'compare') throw no();
      return modified(facing(test.is, negated), test.value as Date);
    case 'value':
      if (test.kind === 'known') return { kind: 'VALUE_KNOWN', of: source!.of, known: test.known !== negated };
      if (test.kind !== 'compare') throw no();
      return { kind: 'VALUE', of: source!.of, is: facing(test.is, negated), value: test.value as number };
    case 'shares':
      if (test.kind === 'known') return constant(test.known, negated);
      if (test.kind === 'length')
        return { kind: 'NUMBER', field: 'ELEMENT_COUNT', is: facing(test.is, negated), value: test.value };
      if (test.kind !== 'has') throw no();
      return sharesCondition(sources, test, negated);
    case 'hill':
      if (test.kind === 'known') return { kind: 'FORMULA_UNIT_KNOWN', known: test.known !== negated };
      if (test.kind !== 'compare' || (test.is !== '=' && test.is !== '!=')) throw no();
      return hill(test.value as string, (test.is === '!=') !== negated);
    case 'cases':
      return joined(
        'ANY',
        source!.cases
          .filter(({ value }) => constant(testValues(test, [value]), negated) === EVERYTHING)
          .map(({ when }) => when),
      );
    case 'single': {
      if (test.kind === 'known' || test.kind === 'length') return constant(testValues(test, [['']]), negated);
      if (test.kind !== 'has') throw no();
      const { field } = source!;
      const tests = test.tuples.map(([entry]): MaterialCondition => {
        const { is, value } = entry!;
        if (is === 'CONTAINS' || is === 'STARTS' || is === 'ENDS')
          return { kind: 'TEXT', field, is, value: value as string, negated };
        return { kind: 'TEXT', field, is: facing(is, negated), value: value as string, negated: false };
      });
      // Of one item, ANY and ONLY ask the same.
      return joined((test.quantifier === 'ALL') !== negated ? 'ALL' : 'ANY', tests);
    }
    case 'presence':
      if (test.kind !== 'known') throw no();
      return { kind: 'KNOWN', field: source!.field, known: test.known !== negated };
  }
}

const facing = (is: Comparison, negated: boolean): Comparison => (negated ? opposite(is) : is);

/** Answers show milliseconds, the database keeps microseconds: what is shown is what is compared. */
function modified(is: Comparison, time: Date): MaterialCondition {
  const next = new Date(time.getTime() + 1);
  const test = (is: Comparison, value: Date): MaterialCondition => ({ kind: 'TIME', field: 'UPDATED_AT', is, value });
  switch (is) {
    case '=':
      return joined('ALL', [test('>=', time), test('<', next)]);
    case '!=':
      return joined('ANY', [test('<', time), test('>=', next)]);
    case '<':
      return test('<', time);
    case '<=':
      return test('<', next);
    case '>':
      return test('>=', next);
    case '>=':
      return test('>=', time);
  }
}

function sharesCondition(
  sources: readonly QuerySource[],
  { quantifier, tuples }: Test & { kind: 'has' },
  negated: boolean,
): MaterialCondition {
  const tests = tuples.map((tuple): ShareTest => {
    const of = (part: 'element' | 'fraction') =>
      tuple.filter((_, i) => {
        const source = sources[i]!;
        return source.kind === 'shares' && source.part === part;
      });
    return { element: of('element') as ShareTest['element'], fraction: of('fraction') as ShareTest['fraction'] };
  });
  if (quantifier !== 'ALL')
    return { kind: 'SHARES', quantifier: quantifier === 'ANY' ? 'SOME' : 'EVERY', tests, negated };
  return joined(
    negated ? 'ANY' : 'ALL',
    tests.map((test): MaterialCondition => ({ kind: 'SHARES', quantifier: 'SOME', tests: [test], negated })),
  );
}

/** A text that is no Hill formula is that of no entry. */
function hill(text: string, negated: boolean): MaterialCondition {
  try {
    const composition = parseFormula(text);
    if (hillFormula(composition) === text && composition.amounts.every(Number.isInteger))
      return { kind: 'FORMULA_UNIT', compositionKey: composition.key, atoms: composition.atoms, negated };
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
  }
  return negated ? { kind: 'FORMULA_UNIT_KNOWN', known: true } : NOTHING;
}
