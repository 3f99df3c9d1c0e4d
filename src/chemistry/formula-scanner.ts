import { MAX_AMOUNT } from './composition';
import { elementBySymbol } from './elements';
import { FormulaError, quoted } from './formula-error';

const SPACE = /[\s\u200b-\u200d\u2060]/;
const DIGIT = /[0-9]/;
const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';
const ADDITION_DOTS = '·⋅•∙・*';
const VULGAR: Readonly<Record<string, number>> = { '½': 1 / 2, '⅓': 1 / 3, '⅔': 2 / 3, '¼': 1 / 4, '¾': 3 / 4 };
const VARIABLE = /^[+\-−–]?([xyznmuvwabαβγδελ])(?![a-z])/;
/** `^2-`, `^{2-}`, `^+`, `³⁺`. */
const RAISED_CHARGE = /^(\^\{[0-9+\-−–]{1,4}\}|\^[0-9]?[+\-−–]|\^[+\-−–]?[0-9]|[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+)/;
/** At the end of the input: `+`, `2+`, `+2`, `--`. */
const FINAL_CHARGE = /^([0-9]*)([+\-−–]{1,4}|[+\-−–][0-9])\s*$/;
/** Longest look-ahead, so that reading is linear. */
const WINDOW = 24;

/** The lexical half of the parser: numbers, dots and charges at a position of the input. */
export class FormulaScanner {
  position = 0;
  /** Characters looked at, for tests of linearity. */
  steps = 0;
  private usedDot = false;
  private doubtfulPoint: number | null = null;

  constructor(private readonly input: string) {}

  atEnd(): boolean {
    return this.position >= this.input.length;
  }

  peek(offset = 0): string {
    this.steps++;
    return this.input[this.position + offset] ?? '';
  }

  /** What follows, as far as anything here looks. */
  ahead(offset = 0): string {
    this.steps += WINDOW;
    return this.input.slice(this.position + offset, this.position + offset + WINDOW);
  }

  skipSpace(): void {
    while (!this.atEnd() && SPACE.test(this.peek())) this.position++;
  }

  fail(problem: string, hint = '', position = this.position): never {
    throw new FormulaError(problem, this.input, position, hint);
  }

  /** Moves over a dot that adds another part. Decimal points are taken by `readAmount` before this is asked. */
  skipAdditionDot(): boolean {
    const character = this.peek();
    if (character !== '.' && (character === '' || !ADDITION_DOTS.includes(character))) return false;
    if (character === '.') {
      // Ti.5Al.5: half a titanium, or Ti and five Al? Behind a number, or before water, it can only be an addition.
      if (DIGIT.test(this.peek(1)) && this.digitKind(this.peek(-1)) === null && !this.waterFollows())
        this.failAmbiguousDot();
      this.usedDot = true;
    }
    this.position++;
    return true;
  }

  /** Al2O3.2SiO2.2H2O: one dot surely adds, so the other may not have been a decimal point. */
  refuseMixedDots(): void {
    if (this.usedDot && this.doubtfulPoint !== null) this.failAmbiguousDot(this.doubtfulPoint);
  }

  private failAmbiguousDot(position = this.position): never {
    const hint = 'write "·" or "*" to add a part (BaO·6Fe2O3), "0.5" for a decimal';
    return this.fail('ambiguous dot', hint, position);
  }

  /** Behind the dot at hand stands an amount of water, as in CuSO4.5H2O. */
  private waterFollows(): boolean {
    return /^\.[0-9]+([./][0-9]+)?\s*[([]?[HD][2₂]O(?![a-z])/.test(this.ahead());
  }

  private digitKind(character: string): 'plain' | 'subscript' | null {
    if (DIGIT.test(character)) return 'plain';
    return character !== '' && SUBSCRIPTS.includes(character) ? 'subscript' : null;
  }

  /** A run of digits of one kind: subscripts and plain digits side by side are different numbers. */
  private digits(): string {
    const kind = this.digitKind(this.peek());
    let text = '';
    while (kind !== null && this.digitKind(this.peek()) === kind) {
      const character = this.peek();
      text += kind === 'plain' ? character : String(SUBSCRIPTS.indexOf(character));
      this.position++;
    }
    return text;
  }

  /** A positive number (`2`, `0.25`, `1/3`, `½`, `₁₂`, `_2`), or null where none stands. */
  readAmount(): number | null {
    this.refuseVariable();
    const start = this.position;
    const vulgar = VULGAR[this.peek()];
    if (vulgar !== undefined) {
      this.position++;
      return vulgar;
    }
    if (this.peek() === '_' && this.digitKind(this.peek(1)) !== null) this.position++;
    const kind = this.digitKind(this.peek());
    if (kind === null) return null;
    const whole = this.digits();
    let value = Number(whole);
    if (
      this.peek() === '.' &&
      this.digitKind(this.peek(1)) === kind &&
      (kind === 'subscript' || this.isDecimalPoint(whole))
    ) {
      this.position++;
      value = Number(`${whole}.${this.digits()}`);
    } else if (this.peek() === '/' || this.peek() === '⁄') {
      this.position++;
      const denominator = Number(this.digits());
      if (!(denominator > 0)) this.fail('fraction without a denominator', 'write it as in La1/3');
      value /= denominator;
    }
    if (/^[eE][+-]?[0-9]/.test(this.ahead())) this.fail('exponent', 'write the amount as a decimal, such as 0.001');
    if (this.peek() === ',') this.fail('unexpected ","', 'decimals have a point, as in 0.5');
    this.refuseVariable();
    if (value > 0 && value <= MAX_AMOUNT) return value;
    const text = quoted(this.input.slice(start, this.position));
    return this.fail(`amount ${text}`, `amounts are above 0 and at most ${MAX_AMOUNT}`, start);
  }

  /** Whether the point between the digits `whole` and more digits makes a decimal rather than adds a part. */
  private isDecimalPoint(whole: string): boolean {
    if (Number(whole) === 0) return true;
    const [, decimals = '', next = ''] = /^\.([0-9]+)(.{0,2})/.exec(this.ahead()) ?? [];
    if (/^\.[0-9]/.test(next)) {
      // SO4.0.5H2O is SO4·0.5H2O; O2.5.2H2O may be O2.5·2H2O or O2·5.2H2O.
      if (decimals === '0') return false;
      this.failAmbiguousDot();
    }
    if (this.waterFollows()) return false;
    if (/^[1-9]$|^1[0-2]$/.test(decimals) && /^[A-Z([{]/.test(next)) this.doubtfulPoint ??= this.position;
    return true;
  }

  /** Moves over a raised charge: `^2-`, `²⁺`. */
  skipRaisedCharge(): boolean {
    const length = RAISED_CHARGE.exec(this.ahead())?.[0].length ?? 0;
    this.position += length;
    return length > 0;
  }

  /**
   * The amount before a plain charge that ends the input, or null if none does: NH4+ is 4, Fe3+ and [SO4]2- are 1.
   * @param digitIsCharge a single digit belongs to the charge, not to the amount.
   */
  readFinalCharge(digitIsCharge: boolean): number | null {
    if (this.input.length - this.position > WINDOW) return null;
    const match = FINAL_CHARGE.exec(this.ahead());
    if (match === null) return null;
    const digits = match[1] as string;
    if (digits.length > 1) this.fail(`ambiguous charge "${match[0].trim()}"`, 'write the charge as in SO4^2-');
    if (digits === '0') this.fail('amount "0"', 'amounts are above 0');
    this.position = this.input.length;
    return digits === '' || digitIsCharge ? 1 : Number(digits);
  }

  /** `LixCoO2`, `O7-δ`. */
  refuseVariable(): void {
    const match = VARIABLE.exec(this.input.slice(this.position, this.position + 3));
    if (match === null) return;
    this.fail(`variable "${match[1]}"`, 'amounts must be numbers', this.position + match[0].length - 1);
  }

  failUnexpected(): never {
    if (this.atEnd()) this.fail('unexpected end', 'expected an element symbol or a bracket');
    const character = String.fromCodePoint(this.input.codePointAt(this.position) as number);
    if (/[a-z]/.test(character)) {
      const [two = ''] = /^[a-z]{1,2}/.exec(this.ahead()) ?? [];
      const symbol = [two, character]
        .map((text) => text.charAt(0).toUpperCase() + text.slice(1))
        .find((candidate) => elementBySymbol(candidate) !== undefined);
      this.fail(
        `unexpected "${character}"`,
        symbol === undefined ? 'symbols begin with a capital' : `did you mean "${symbol}"?`,
      );
    }
    if (/[0-9₀-₉½⅓⅔¼¾]/.test(character))
      this.fail('unexpected number', 'an amount stands directly behind an element or bracket; "·" adds a part');
    this.fail(`unexpected ${JSON.stringify(character)}`, 'expected an element symbol, a bracket, an amount or the end');
  }
}
