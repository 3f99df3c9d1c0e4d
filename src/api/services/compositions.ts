import { FormulaError, parseFormula, type Composition } from '../../chemistry';
import type { Context, InvalidFormula } from '../../../schema';
import { checkList } from '../paging';

const MAX_FORMULAS = 1000;

function parse(formula: string): Composition | InvalidFormula {
  try {
    return parseFormula(formula);
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
