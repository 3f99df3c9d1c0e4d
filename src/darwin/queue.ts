import type { Priority } from '../domain';
import type { Row } from './prompt';

/** What the queue needs to know of a row that waits for the model. */
export interface Queued {
  readonly property: number;
  readonly row: Row;
  /** Ascending in the order of arrival. */
  readonly sequence: number;
}

export interface BatchLimits {
  /** Rows of one execution. */
  readonly maxBatch: number;
  /**
   * Up to here rows of all lengths go together: a further execution costs more than the padding it would save, and a page
   * of 100 materials is one execution a property.
   */
  readonly mixedRows: number;
  /** Share of padding tokens that a batch taken from a longer queue may have. */
  readonly maxPadding: number;
}

/** Interactive batches in a row after which a waiting campaign gets one. */
const CAMPAIGN_TURN = 4;

/** Rows that wait, by priority, property (one execution has one instruction) and length (padding is wasted work). */
export class RowQueue<T extends Queued> {
  private readonly lanes: Record<Priority, Map<number, PropertyQueue<T>>> = {
    interactive: new Map(),
    campaign: new Map(),
  };
  private interactiveTurns = 0;
  private count = 0;

  get size(): number {
    return this.count;
  }

  add(item: T, priority: Priority): void {
    const lane = this.lanes[priority];
    let queue = lane.get(item.property);
    if (!queue) lane.set(item.property, (queue = new PropertyQueue()));
    queue.add(item);
    this.count += 1;
  }

  delete(item: T, priority: Priority): void {
    const lane = this.lanes[priority];
    const queue = lane.get(item.property);
    if (!queue?.delete(item)) return;
    this.count -= 1;
    if (queue.size === 0) lane.delete(item.property);
  }

  /** The next batch, or null if there is none or (with `fullOnly`) none that fills `maxBatch`. */
  take(limits: BatchLimits, fullOnly: boolean): T[] | null {
    const { interactive, campaign } = this.lanes;
    const campaignTurn = campaign.size > 0 && (interactive.size === 0 || this.interactiveTurns >= CAMPAIGN_TURN);
    const lane = campaignTurn ? campaign : interactive;
    let next: [property: number, queue: PropertyQueue<T>] | null = null;
    for (const entry of lane) if (!next || entry[1].oldest < next[1].oldest) next = entry;
    if (!next || (fullOnly && next[1].size < limits.maxBatch)) return null;
    const batch = next[1].take(limits);
    this.count -= batch.length;
    if (next[1].size === 0) lane.delete(next[0]);
    this.interactiveTurns = campaignTurn || campaign.size === 0 ? 0 : this.interactiveTurns + 1;
    return batch;
  }
}

/** Rows of one property by length, each length first in, first out. */
class PropertyQueue<T extends Queued> {
  private readonly lengths = new Map<number, Set<T>>();
  size = 0;

  /** Sequence of the row that came first. */
  get oldest(): number {
    return this.oldestLength()[1];
  }

  add(item: T): void {
    const length = item.row.tokens.length;
    const bucket = this.lengths.get(length);
    if (bucket) bucket.add(item);
    else this.lengths.set(length, new Set([item]));
    this.size += 1;
  }

  delete(item: T): boolean {
    const length = item.row.tokens.length;
    const bucket = this.lengths.get(length);
    if (!bucket?.delete(item)) return false;
    if (bucket.size === 0) this.lengths.delete(length);
    this.size -= 1;
    return true;
  }

  /**
   * Everything, if that is little; otherwise the length of the oldest row and, while there is room and padding stays
   * within its limit, whichever neighbouring length adds less of it.
   */
  take({ maxBatch, mixedRows, maxPadding }: BatchLimits): T[] {
    const batch: T[] = [];
    if (this.size <= Math.min(mixedRows, maxBatch)) {
      for (const length of [...this.lengths.keys()]) this.move(length, maxBatch, batch);
      return batch;
    }
    const [start] = this.oldestLength();
    const sorted = [...this.lengths.keys()].sort((a, b) => a - b);
    let low = sorted.indexOf(start);
    let high = low;
    let tokens = 0;
    const moveCounting = (length: number) => {
      const before = batch.length;
      this.move(length, maxBatch, batch);
      tokens += (batch.length - before) * length;
    };
    moveCounting(start);
    while (batch.length < maxBatch) {
      const shorter = sorted[low - 1];
      const longer = sorted[high + 1];
      const paddingWith = (length: number | undefined) => {
        if (length === undefined) return Infinity;
        const added = Math.min(this.lengths.get(length)!.size, maxBatch - batch.length);
        return 1 - (tokens + added * length) / ((batch.length + added) * Math.max(length, sorted[high]!));
      };
      const [withShorter, withLonger] = [paddingWith(shorter), paddingWith(longer)];
      if (Math.min(withShorter, withLonger) > maxPadding) break;
      if (withShorter <= withLonger) low -= 1;
      else high += 1;
      moveCounting(withShorter <= withLonger ? shorter! : longer!);
    }
    return batch;
  }

  private move(length: number, maxBatch: number, batch: T[]): void {
    const bucket = this.lengths.get(length)!;
    for (const item of bucket) {
      if (batch.length >= maxBatch) return;
      this.delete(item);
      batch.push(item);
    }
  }

  private oldestLength(): [length: number, sequence: number] {
    let oldest: [number, number] = [0, Infinity];
    for (const [length, bucket] of this.lengths) {
      const first = bucket.values().next().value;
      if (first && first.sequence < oldest[1]) oldest = [length, first.sequence];
    }
    return oldest;
  }
}
