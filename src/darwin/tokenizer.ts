/**
 * Text to token ids (docs/model-package.md, "Prompt"): lower case, runs of letters, runs of digits and single other
 * characters; a piece outside the vocabulary is split by greedy longest match, continuations written `##piece`
 * (as in WordPiece: Wu et al. 2016, arXiv 1609.08144, but falling back to single characters).
 */
export class Tokenizer {
  private readonly ids: ReadonlyMap<string, number>;
  private readonly unknown: number;
  private readonly longest: number;

  constructor(vocabulary: readonly string[]) {
    this.ids = new Map(vocabulary.map((token, id) => [token, id]));
    this.unknown = this.require('[UNK]');
    this.longest = Math.max(...vocabulary.map((token) => token.length));
  }

  /** Id of a token of the vocabulary, for example `[ANSWER]` or `<Fe>`; undefined if it has none. */
  id(token: string): number | undefined {
    return this.ids.get(token);
  }

  /** @throws Error if the vocabulary lacks the token. */
  require(token: string): number {
    const id = this.ids.get(token);
    if (id === undefined) throw new Error(`the model's vocabulary lacks ${token}`);
    return id;
  }

  /** Tokens of words, without special tokens. Linear in the length of the text. */
  encode(text: string): number[] {
    const tokens: number[] = [];
    for (const [piece] of text.toLowerCase().matchAll(/\p{L}+|\p{Nd}+|[^\s]/gu)) this.encodePiece([...piece], tokens);
    return tokens;
  }

  /** `[BOS] words [FORMULA]`: what stands before every row of a run. */
  instruction(text: string): number[] {
    return [this.require('[BOS]'), ...this.encode(text), this.require('[FORMULA]')];
  }

  private encodePiece(characters: readonly string[], tokens: number[]): void {
    let start = 0;
    while (start < characters.length) {
      let end = Math.min(characters.length, start + this.longest);
      let id: number | undefined;
      for (; end > start; end--) {
        id = this.ids.get((start > 0 ? '##' : '') + characters.slice(start, end).join(''));
        if (id !== undefined) break;
      }
      tokens.push(id ?? this.unknown);
      start = id === undefined ? start + 1 : end;
    }
  }
}
