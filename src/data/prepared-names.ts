import type { PoolClient } from 'pg';

/** A connection keeps at most so many statements, each a few ten kilobytes of the server's memory. */
const MOST_NAMED = 100;
/** Texts that are remembered as seen once. */
const MOST_SEEN = 1_000;

/**
 * Names of statements that connections keep prepared: of those that are `always` asked for, and of others from the second time on. When all
 * names are given a new generation of names begins, and connections that hold statements of an older one are closed after their next use.
 */
export class PreparedNames {
  private generation = 0;
  private readonly named = new Map<string, string>();
  private readonly seen = new Set<string>();
  private readonly generations = new WeakMap<PoolClient, number>();

  /** Undefined for a text that is not worth it yet. */
  nameOf(text: string, always: boolean): string | undefined {
    const known = this.named.get(text);
    if (known !== undefined) return known;
    if (!always && !this.seen.delete(text)) {
      if (this.seen.size >= MOST_SEEN) this.seen.clear();
      this.seen.add(text);
      return undefined;
    }
    if (this.named.size >= MOST_NAMED) {
      this.named.clear();
      this.generation++;
    }
    const name = `beagle_${this.generation}_${this.named.size}`;
    this.named.set(text, name);
    return name;
  }

  /** Whether a connection, which has just run a named statement, holds statements that are not asked for any more. */
  isOutdated(client: PoolClient): boolean {
    const since = this.generations.get(client);
    if (since === undefined) this.generations.set(client, this.generation);
    return since !== undefined && since < this.generation;
  }
}
