/** What is shown of an over-long input. */
const SHOWN = 60;

/** Text in quotes for a message: control characters escaped, shortened. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
}

/** A formula that cannot be read, with the place and what would be right. */
export class FormulaError extends Error {
  override readonly name = 'FormulaError';
  readonly code = 'INVALID_FORMULA';
  constructor(
    /** What is wrong, without the place: `unknown element "Xx"`. */
    problem: string,
    /** The input as given. */
    readonly formula: string,
    /** 0-based UTF-16 index into `formula`. */
    readonly position: number,
    /** What would be right: `did you mean "Fe"?`. */
    hint = '',
  ) {
    super(`${problem} at position ${position} of ${quoted(formula)}${hint === '' ? '' : `: ${hint}`}`);
  }
}
