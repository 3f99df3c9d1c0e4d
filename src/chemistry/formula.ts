import { compositionOf, MAX_AMOUNT, type Composition } from './composition';
import { ELEMENTS, elementBySymbol } from './elements';
import { FormulaScanner } from './formula-scanner';

export const MAX_FORMULA_LENGTH = 1000;
const MAX_DEPTH = 32;

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
/** Deuterium and tritium are hydrogen to a composition, of hydrogen's natural atomic mass. */
const ISOTOPES: Readonly<Record<string, string>> = { D: 'H', T: 'H' };
/** Symbols that, written with two capitals, would read as an isotope of hydrogen and another element. */
const SHOUTED = /^(T[ABCEHILMS]|DY)/;

const NAMES: ReadonlyMap<string, string> = new Map(ELEMENTS.map(({ name, symbol }) => [name.toLowerCase(), symbol]));

/** A bracket (or the whole formula) being read: its finished parts, and the one at hand with its leading multiplier. */
interface Group {
  readonly position: number;
  readonly close: string | null;
  readonly total: Map<string, number>;
  part: Map<string, number>;
  multiplier: number;
}

/** One reading of one formula. */
export class FormulaParser {
  private readonly scan: FormulaScanner;
  private readonly stack: Group[] = [];
  private merges = 0;

  constructor(private readonly input: string) {
    this.scan = new FormulaScanner(input);
  }

  /** Units of work done so far: characters looked at and amounts merged. */
  get steps(): number {
    return this.scan.steps + this.merges;
  }

  parse(): Composition {
    const { input, scan } = this;
    if (input.length > MAX_FORMULA_LENGTH) {
      scan.fail(`${input.length} characters`, `a formula has at most ${MAX_FORMULA_LENGTH}`, MAX_FORMULA_LENGTH);
    }
    scan.skipSpace();
    if (scan.atEnd()) scan.fail('empty formula', 'write element symbols and amounts, such as Fe2O3', 0);
    this.open(null, scan.position);
    while (!scan.atEnd()) {
      this.readUnit();
      scan.skipSpace();
    }
    scan.refuseMixedDots();
    const { close, position } = this.group();
    if (close !== null) scan.fail(`"${input[position]}" is never closed`, `add "${close}"`, position);
    return compositionOf(this.finish(), input);
  }

  private group(): Group {
    return this.stack[this.stack.length - 1] as Group;
  }

  private readUnit(): void {
    const { scan } = this;
    const character = scan.peek();
    const close = CLOSING[character];
    if (close !== undefined) {
      if (this.stack.length > MAX_DEPTH) scan.fail('brackets nested too deeply', `at most ${MAX_DEPTH} levels`);
      scan.position++;
      this.open(close, scan.position - 1);
    } else if (/[)\]}]/.test(character)) {
      this.close(character);
    } else if (/[A-Z]/.test(character)) {
      const symbol = this.readElement();
      this.add(symbol, this.readCount(this.isFirstElement()));
    } else if (this.group().part.size === 0 || scan.readFinalCharge(true) === null) {
      const position = scan.position;
      if (!scan.skipAdditionDot()) scan.failUnexpected();
      this.finishPart(position);
      this.startPart();
    }
  }

  /** Fe3+: the digit is the charge of a lone ion. NH4+: it is an amount. */
  private isFirstElement(): boolean {
    return this.stack.length === 1 && this.group().part.size === 0 && this.group().total.size === 0;
  }

  /** The amount behind an element or a bracket, with a charge on either side of it. */
  private readCount(digitIsCharge: boolean): number {
    const { scan } = this;
    scan.skipRaisedCharge();
    const charged = scan.readFinalCharge(digitIsCharge);
    if (charged !== null) return charged;
    const amount = scan.readAmount() ?? 1;
    scan.skipRaisedCharge();
    scan.readFinalCharge(true);
    return amount;
  }

  private open(close: string | null, position: number): void {
    this.stack.push({ position, close, total: new Map(), part: new Map(), multiplier: 1 });
    this.startPart();
  }

  /** `5H2O` after a dot, `3CaO` at the start. */
  private startPart(): void {
    const group = this.group();
    this.scan.skipSpace();
    group.part = new Map();
    group.multiplier = this.scan.readAmount() ?? 1;
    this.scan.skipSpace();
  }

  private finishPart(position: number): void {
    const { part, total, multiplier } = this.group();
    if (part.size === 0) this.scan.fail('element missing', 'write an element symbol or a bracket here', position);
    this.addAll(total, part, multiplier);
  }

  private add(symbol: string, amount: number): void {
    const { part } = this.group();
    part.set(symbol, (part.get(symbol) ?? 0) + amount);
  }

  private addAll(target: Map<string, number>, amounts: Map<string, number>, factor: number): void {
    for (const [symbol, amount] of amounts) {
      this.merges++;
      target.set(symbol, (target.get(symbol) ?? 0) + amount * factor);
    }
  }

  private close(character: string): void {
    const { scan, input } = this;
    const { close, position } = this.group();
    if (close !== character) {
      const open = `"${input[position]}" at position ${position} is closed by "${close}"`;
      scan.fail(`unexpected "${character}"`, close === null ? 'no bracket is open' : open);
    }
    const contents = this.finish();
    this.stack.pop();
    scan.position++;
    this.addAll(this.group().part, contents, this.readCount(character === ']'));
  }

  /** The amounts of the group at hand, which is complete. */
  private finish(): Map<string, number> {
    const { scan } = this;
    this.finishPart(scan.position);
    const { total, position } = this.group();
    for (const [symbol, amount] of total) {
      if (amount > MAX_AMOUNT) scan.fail(`${amount} of ${symbol}`, `at most ${MAX_AMOUNT} of an element`, position);
    }
    return total;
  }

  private readElement(): string {
    const { scan } = this;
    const text = scan.ahead();
    const [word = ''] = /^[A-Z][a-z]*/.exec(text) ?? [];
    const one = ISOTOPES[word.charAt(0)] ?? word.charAt(0);
    const two = word.slice(0, 2);
    if (SHOUTED.test(text))
      scan.fail(`ambiguous "${text.slice(0, 2)}"`, suggest(text.charAt(0) + text.charAt(1).toLowerCase()));
    const isName = NAMES.has(word.toLowerCase());
    if (!isName && word.length > 1 && elementBySymbol(two) !== undefined) {
      scan.position += 2;
      if (word.length > 2) {
        scan.refuseVariable();
        scan.failUnexpected();
      }
      return two;
    }
    if (!isName && elementBySymbol(one) !== undefined) {
      scan.position++;
      if (word.length === 1) return one;
      scan.refuseVariable();
      scan.position--;
    }
    return scan.fail(`unknown element "${word}"`, this.hint(word));
  }

  private hint(word: string): string {
    const named = NAMES.get(word.toLowerCase());
    if (named !== undefined) return suggest(named);
    // NaCL: the second letter of the symbol before, in capitals.
    const shouted = (this.input[this.scan.position - 1] ?? '') + word.toLowerCase();
    if (/^[A-Z]/.test(shouted) && elementBySymbol(shouted) !== undefined) return suggest(shouted);
    // So4: two elements with one capital.
    const split = word.charAt(0) + word.charAt(1).toUpperCase() + word.slice(2);
    const known = elementBySymbol(word.charAt(0)) !== undefined && elementBySymbol(split.slice(1)) !== undefined;
    return known ? suggest(split) : '';
  }
}

const suggest = (symbol: string): string => `did you mean "${symbol}"?`;

/**
 * Reads what people and data sets write: nested `()[]{}`; parts added by `·`, `*`, `•` or `.` with leading multipliers
 * (`CuSO4·5H2O`, `3CaO.Al2O3`); decimals and fractions (`Fe0.62C0.000953`, `La1/3`, `½`); Unicode subscripts; white space;
 * charges (`Fe3+`, `NH4+`, `SO4^2-`, `Ca²⁺`), which are read and ignored; `D` and `T`, which count as H with its natural mass.
 *
 * A `.` between digits is a decimal point, unless water follows (`CuSO4.5H2O`). Where both readings are common it is refused
 * (`BaO.6Fe2O3`) with the way to write either. Variables (`O7-δ`, `LixCoO2`), exponents and decimal commas are refused.
 * The work is linear in the length of the input.
 *
 * @param input at most 1,000 characters; amounts above 0, at most 10⁶ of an element, which has at least a millionth of the atoms.
 * @throws FormulaError with the position and what would be right; nothing else.
 */
export function parseFormula(input: string): Composition {
  return new FormulaParser(input).parse();
}
