import { createHash } from 'node:crypto';
import type { OrderValue, Position } from '../data';
import { InputError } from '../domain';

/** What a cursor holds for one term of the order; `OrNull` where a row can have no value. */
export type OrderValueKind = 'text' | 'integer' | 'numberOrNull';

/**
 * Cursors of one connection: they name a place in its order and the query that they came from, so that one from another connection,
 * filter or order is refused instead of paging through something else. The place is the row's id with its values under the order, so
 * it stays where it is when the row changes or goes. base64url of version (1 byte), query (8), row (16), values (JSON, if there are any).
 */
export class Cursors {
  private readonly query: Buffer;

  /**
   * @param query everything that decides which rows come in which order; plain data
   * @param kinds of the values, in the order of the terms
   */
  constructor(
    connection: string,
    query: unknown,
    private readonly kinds: readonly OrderValueKind[] = [],
  ) {
    this.query = createHash('sha256')
      .update(canonical([connection, query]))
      .digest()
      .subarray(0, QUERY_BYTES);
  }

  /** The id is a UUID. */
  encode({ id, values }: Position): string {
    return Buffer.concat([
      Buffer.of(VERSION),
      this.query,
      Buffer.from(id.replaceAll('-', ''), 'hex'),
      Buffer.from(values.length === 0 ? '' : JSON.stringify(values), 'utf8'),
    ]).toString('base64url');
  }

  /** @throws InputError naming `argument` */
  decode(argument: 'after' | 'before', cursor: string): Position {
    const foreign = (message: string) => new InputError([{ path: [argument], message }]);
    const bytes = Buffer.from(cursor.slice(0, MAX_CURSOR), 'base64url');
    if (bytes.length < FIXED_BYTES || bytes[0] !== VERSION || bytes.toString('base64url') !== cursor) {
      throw foreign('is not a cursor of this API: pass one from edges.cursor or pageInfo');
    }
    if (!bytes.subarray(1, 1 + QUERY_BYTES).equals(this.query)) {
      throw foreign('is a cursor of another connection, filter or order: page on with the arguments it came from');
    }
    const values = this.valuesOf(bytes.toString('utf8', FIXED_BYTES));
    if (values === null) throw foreign('is not a cursor of this API: pass one from edges.cursor or pageInfo');
    const hex = bytes.toString('hex', 1 + QUERY_BYTES, FIXED_BYTES);
    const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
    return { id, values };
  }

  /** Anybody can write a cursor: what does not fit the order never reaches the database. */
  private valuesOf(text: string): OrderValue[] | null {
    if (this.kinds.length === 0) return text === '' ? [] : null;
    let values: unknown;
    try {
      values = JSON.parse(text);
    } catch {
      return null;
    }
    if (!Array.isArray(values) || values.length !== this.kinds.length) return null;
    return values.every((value, i) => fits(value, this.kinds[i]!)) ? (values as OrderValue[]) : null;
  }
}

function fits(value: unknown, kind: OrderValueKind): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string' && !/\0|\p{Surrogate}/u.test(value);
    case 'integer':
      return Number.isSafeInteger(value);
    case 'numberOrNull':
      return value === null || (typeof value === 'number' && Number.isFinite(value));
  }
}

const VERSION = 1;
const QUERY_BYTES = 8;
const FIXED_BYTES = 1 + QUERY_BYTES + 16;
const MAX_CURSOR = 8_000;

/** JSON with the names of every object in alphabetical order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    item && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
