/** A seeded stream of random numbers: mulberry32 (Tommy Ettinger, public domain), 2³² states. */
export class Random {
  private state: number;

  /** Streams of different parts, for example (seed, generation), are unrelated. */
  constructor(...parts: readonly number[]) {
    this.state = 0;
    for (const part of parts) {
      this.state = (this.state ^ Math.imul(part | 0, 0x9e3779b1)) | 0;
      // Numbers beyond 32 bits still make a difference.
      this.state = (this.state + Math.floor(part / 2 ** 32)) | 0;
      this.next();
      this.state = Math.imul(this.state ^ (this.state >>> 16), 0x85ebca6b);
    }
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to n − 1. */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** k of the items, in random order. */
  sample<T>(items: readonly T[], k: number): T[] {
    const pool = [...items];
    for (let i = 0; i < k; i++) {
      const j = i + this.below(pool.length - i);
      [pool[i], pool[j]] = [pool[j]!, pool[i]!];
    }
    return pool.slice(0, k);
  }

  /** One of the items, with probabilities in proportion to the weights (not all 0). */
  weighted<T>(items: readonly T[], weights: readonly number[]): T {
    let rest = this.next() * weights.reduce((sum, weight) => sum + weight, 0);
    for (let i = 0; i < items.length; i++) {
      rest -= weights[i]!;
      if (rest < 0) return items[i]!;
    }
    return items.at(-1)!;
  }
}
