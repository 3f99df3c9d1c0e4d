/**
 * Numbers that a decoder may write: sign, digits, a fraction, an exponent; always a finite one. A token is allowed where its text keeps the number
 * one that can still be finished, so that nothing unparseable can be decoded whatever the weights (constrained decoding as in Willard and
 * Louf 2023, arXiv 2307.09702).
 */

/** What has been written, as far as it decides what may come. */
interface State {
  readonly part: 'start' | 'sign' | 'whole' | 'point' | 'fraction' | 'e' | 'exponentSign' | 'exponent';
  /** Characters of the part at hand. */
  readonly length: number;
}

const START: State = { part: 'start', length: 0 };
/** Digits of each part: enough for any quantity, few enough that a number ends. 9999999.999999e99 is the largest. */
const MOST = { whole: 7, fraction: 6, exponent: 2 } as const;
/** A number that may stand as it is. */
const FINISHED: ReadonlySet<State['part']> = new Set(['whole', 'fraction', 'exponent']);

function after({ part, length }: State, character: string): State | null {
  const digit = character >= '0' && character <= '9';
  switch (part) {
    case 'start':
      if (character === ' ' && length === 0) return { part, length: 1 };
      return character === '-' ? { part: 'sign', length: 1 } : digit ? { part: 'whole', length: 1 } : null;
    case 'sign':
      return digit ? { part: 'whole', length: 1 } : null;
    case 'whole':
      if (digit) return length < MOST.whole ? { part, length: length + 1 } : null;
      return character === '.' ? { part: 'point', length: 1 } : exponent(character);
    case 'point':
      return digit ? { part: 'fraction', length: 1 } : null;
    case 'fraction':
      if (digit) return length < MOST.fraction ? { part, length: length + 1 } : null;
      return exponent(character);
    case 'e':
      if (character === '-' || character === '+') return { part: 'exponentSign', length: 1 };
      return digit ? { part: 'exponent', length: 1 } : null;
    case 'exponentSign':
      return digit ? { part: 'exponent', length: 1 } : null;
    case 'exponent':
      return digit && length < MOST.exponent ? { part, length: length + 1 } : null;
  }
}

const exponent = (character: string): State | null =>
  character === 'e' || character === 'E' ? { part: 'e', length: 1 } : null;

const afterText = (state: State, text: string): State | null => {
  let now: State | null = state;
  for (const character of text) if ((now = after(now, character)) === null) return null;
  return now;
};

/** What may be written next, and whether the number may end here. */
export interface Allowed {
  readonly tokens: readonly number[];
  readonly mayEnd: boolean;
}

/** The grammar over a vocabulary: token ids by state, computed once a state. */
export class NumberGrammar {
  private readonly allowed = new Map<string, Allowed & { readonly next: ReadonlyMap<number, State> }>();
  private readonly numeric: readonly (readonly [id: number, text: string])[];

  /** @param texts what each token adds to the text; null for special tokens */
  constructor(texts: readonly (string | null)[]) {
    this.numeric = [...texts.entries()].flatMap(([id, text]) =>
      text !== null && /^(?: | ?[-+.\deE]+)$/.test(text) ? [[id, text] as const] : [],
    );
    const single = new Set(this.numeric.map(([, text]) => text));
    // With each digit a token of its own, whatever has been begun can be finished.
    if (![...'0123456789'].every((digit) => single.has(digit)))
      throw new Error(
        'the tokenizer has no token of its own for each digit: numbers cannot be written under a grammar',
      );
  }

  start(): NumberWriter {
    return new NumberWriter(this);
  }

  /** @internal */
  at(state: State) {
    const key = `${state.part} ${state.length}`;
    let known = this.allowed.get(key);
    if (!known) {
      const next = new Map<number, State>();
      for (const [id, text] of this.numeric) {
        const reached = afterText(state, text);
        if (reached) next.set(id, reached);
      }
      known = { tokens: [...next.keys()], mayEnd: FINISHED.has(state.part), next };
      this.allowed.set(key, known);
    }
    return known;
  }

  /** @internal */
  static readonly START = START;
}

/** One number being written. */
export class NumberWriter {
  private state: State = NumberGrammar.START;

  constructor(private readonly grammar: NumberGrammar) {}

  allowed(): Allowed {
    return this.grammar.at(this.state);
  }

  /** @param token one of those allowed */
  write(token: number): void {
    this.state = this.grammar.at(this.state).next.get(token)!;
  }
}
