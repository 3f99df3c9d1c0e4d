import { LRUCache } from 'lru-cache';
import { FormulaError, parseFormula, type Composition } from '../../chemistry';
import type { Context, InvalidFormula } from '../../../schema';
import { checkList } from '../paging';

const MAX_FORMULAS = 1000;

/** The same formulas come again and again, with every visit of a page; longer ones would make the memory they take unpredictable. */
const parsed = new LRUCache<string, Composition>({ max: 10_000 });
const MAX_REMEMBERED_LENGTH = 100;

function parse(formula: string): Composition | InvalidFormula {
  const known = parsed.get(formula);
  if (known) return known;
  try {
    const composition = parseFormula(formula);
    if (formula.length <= MAX_REMEMBERED_LENGTH) parsed.set(formula, composition);
    return composition;
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    const { message, code, formula: text, position } = error;
    return { message, code, formula: text, position };
  }
}

export const compositionService: Context['compositions'] = {
  parse,
  parseAll(formulas) {
    checkList('formulas', formulas, MAX_FORMULAS);
    return formulas.map(parse);
  },
};
