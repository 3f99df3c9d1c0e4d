import type { Sequence } from './decoder';
import type { NumberGrammar } from './grammar';

/** One number drawn token by token: from the model's probabilities, of what the grammar allows alone. */
export class NumberSequence implements Sequence {
  readonly tokens: number[] = [];
  private readonly writer;

  constructor(
    grammar: NumberGrammar,
    private readonly endToken: number,
    private readonly temperature: number,
    private readonly random: () => number,
  ) {
    this.writer = grammar.start();
  }

  next(logits: Float32Array): number | null {
    const { tokens, mayEnd } = this.writer.allowed();
    const choices = mayEnd ? [...tokens, this.endToken] : tokens;
    const chosen = this.draw(choices, logits);
    if (chosen === this.endToken) return null;
    this.writer.write(chosen);
    this.tokens.push(chosen);
    return chosen;
  }

  private draw(choices: readonly number[], logits: Float32Array): number {
    const largest = Math.max(...choices.map((token) => logits[token]!));
    const weights = choices.map((token) => Math.exp((logits[token]! - largest) / this.temperature));
    let left = this.random() * weights.reduce((sum, weight) => sum + weight, 0);
    const at = weights.findIndex((weight) => (left -= weight) < 0);
    return choices[at < 0 ? choices.length - 1 : at]!;
  }
}
