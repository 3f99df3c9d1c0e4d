import { FileFormatError, quote } from './format-error';

/**
 * The syntax of CIF 1.1 (Hall, Allen and Brown 1991; https://www.iucr.org/resources/cif/spec/version1.1/cifsyntax) with the place of every
 * value kept, so that an error can name its line and column. An own reader because the one on npm, crystcif-parse, forgets those places,
 * ends a quoted string at an apostrophe inside it ('O'Neill H St C', common in the Crystallography Open Database) and brings mathjs along.
 */
export interface CifValue {
  readonly text: string;
  /** A quoted "." or "?" is text; a bare one means that there is no value. */
  readonly quoted: boolean;
  readonly line: number;
  readonly column: number;
}

export interface CifBlock {
  readonly name: string;
  readonly line: number;
  /** Data names in lower case (CIF names ignore case). A single item has one value, a loop's column one a row. */
  readonly items: ReadonlyMap<string, readonly CifValue[]>;
}

interface Token extends CifValue {
  readonly kind: 'value' | 'name' | 'loop' | 'data' | 'save' | 'reserved';
}

/** The data blocks of a CIF, one at a time. Throws a FileFormatError at the first breach of the syntax. */
export function* parseCif(text: string): Generator<CifBlock> {
  const tokens = tokenize(text);
  let token = tokens.next().value;
  if (token === undefined) throw new FileFormatError('the file is empty; expected a CIF data block, "data_name"', 1);
  if (token.kind !== 'data')
    throw at(token, `expected a data block header such as "data_quartz", found ${quote(token.text)}`);
  while (token !== undefined) {
    const items = new Map<string, readonly CifValue[]>();
    const header: Token = token;
    token = tokens.next().value;
    while (token !== undefined && token.kind !== 'data') token = readItem(token, tokens, items);
    yield { name: header.text.slice('data_'.length), line: header.line, items };
  }
}

/** Reads one item or loop into `items` and returns the token after it. */
function readItem(token: Token, tokens: Iterator<Token>, items: Map<string, readonly CifValue[]>): Token | undefined {
  if (token.kind === 'name') {
    const value = next(tokens);
    if (value?.kind !== 'value') throw at(token, `${token.text} has no value`);
    add(items, token, [value]);
    return next(tokens);
  }
  if (token.kind !== 'loop') throw at(token, `expected a data name, "loop_" or "data_", found ${quote(token.text)}`);

  const names: Token[] = [];
  let current = next(tokens);
  for (; current?.kind === 'name'; current = next(tokens)) names.push(current);
  if (names.length === 0) throw at(token, 'loop_ is not followed by a data name');
  const columns = names.map((): CifValue[] => []);
  let count = 0;
  for (; current?.kind === 'value'; current = next(tokens)) columns[count++ % names.length]!.push(current);
  if (count === 0) throw at(token, `the loop over ${names[0]!.text} has no values`);
  if (count % names.length !== 0) {
    const last = columns[(count - 1) % names.length]!.at(-1)!;
    throw at(
      last,
      `the loop over ${names[0]!.text} has ${names.length} columns but ${count} values: its last row is incomplete`,
    );
  }
  names.forEach((name, index) => add(items, name, columns[index]!));
  return current;
}

function add(items: Map<string, readonly CifValue[]>, name: Token, values: readonly CifValue[]): void {
  const key = name.text.toLowerCase();
  if (items.has(key)) throw at(name, `${name.text} occurs twice in this data block`);
  items.set(key, values);
}

const next = (tokens: Iterator<Token>): Token | undefined => tokens.next().value as Token | undefined;
const at = (token: CifValue, message: string): FileFormatError =>
  new FileFormatError(message, token.line, token.column);

const BLANK = /\s/;

/** Splits the text in one pass; the place of the line's first character gives the column. */
function* tokenize(source: string): Generator<Token, undefined> {
  const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  let line = 1;
  let lineStart = 0;
  for (let i = 0; i < text.length;) {
    const char = text[i]!;
    if (char === '\n') {
      line++;
      lineStart = ++i;
    } else if (BLANK.test(char)) {
      i++;
    } else if (char === '#') {
      i = lineEnd(text, i);
    } else {
      const place = { line, column: i - lineStart + 1 };
      if (char === ';' && i === lineStart) {
        const close = text.indexOf('\n;', i);
        if (close < 0) throw new FileFormatError('a text field opened with ";" is never closed', line, 1);
        const field = text.slice(i + 1, close);
        yield { kind: 'value', text: field.replace(/\r/g, '').replace(/^\n/, ''), quoted: true, ...place };
        line += field.split('\n').length;
        lineStart = close + 1;
        i = close + 2;
      } else if (char === "'" || char === '"') {
        const end = closingQuote(text, i, char);
        if (end < 0)
          throw new FileFormatError(`a string opened with ${char} is not closed on its line`, line, place.column);
        yield { kind: 'value', text: text.slice(i + 1, end), quoted: true, ...place };
        i = end + 1;
      } else {
        let end = i + 1;
        while (end < text.length && !BLANK.test(text[end]!)) end++;
        const word = text.slice(i, end);
        yield { kind: kindOf(word), text: word, quoted: false, ...place };
        i = end;
      }
    }
  }
}

function kindOf(word: string): Token['kind'] {
  if (word.startsWith('_')) return 'name';
  const lower = word.toLowerCase();
  if (lower === 'loop_') return 'loop';
  if (lower.startsWith('data_')) return 'data';
  if (lower.startsWith('save_')) return 'save';
  return lower === 'global_' || lower === 'stop_' ? 'reserved' : 'value';
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** A quote closes a string only where a blank or the end of the line follows. */
function closingQuote(text: string, open: number, mark: string): number {
  const end = lineEnd(text, open);
  for (let i = text.indexOf(mark, open + 1); i >= 0 && i < end; i = text.indexOf(mark, i + 1)) {
    if (i + 1 >= text.length || BLANK.test(text[i + 1]!)) return i;
  }
  return -1;
}

/** A value as text; null for "." (inapplicable) and "?" (unknown), and for an absent item. */
export function cifText(value: CifValue | undefined): string | null {
  if (value === undefined || (!value.quoted && (value.text === '.' || value.text === '?'))) return null;
  return value.text.trim() === '' ? null : value.text.trim();
}

const NUMBER = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?:\(\d+\))?$/;

/** A value as a number, its standard uncertainty "5.6402(3)" dropped; null where there is none, FileFormatError where it is no number. */
export function cifNumber(value: CifValue | undefined, name: string): number | null {
  const text = cifText(value);
  if (text === null) return null;
  const number = Number(NUMBER.exec(text)?.[1] ?? NaN);
  if (!Number.isFinite(number))
    throw at(value!, `${name} is ${quote(text)}; expected a number such as 5.6402 or 5.6402(3)`);
  return number;
}
