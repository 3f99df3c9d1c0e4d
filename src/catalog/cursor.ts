import { createHash } from 'node:crypto';
import { InputError } from '../domain';

/**
 * Cursors of one connection: they name a row and the query that they came from, so that one from another connection or
 * filter is refused instead of paging through something else. base64url of version (1 byte), query (8), row (16).
 */
export class Cursors {
  private readonly query: Buffer;

  /** @param query everything that decides which rows come in which order; plain data */
  constructor(connection: string, query: unknown) {
    this.query = createHash('sha256')
      .update(canonical([connection, query]))
      .digest()
      .subarray(0, QUERY_BYTES);
  }

  /** @param id a UUID */
  encode(id: string): string {
    return Buffer.concat([Buffer.of(VERSION), this.query, Buffer.from(id.replaceAll('-', ''), 'hex')]).toString(
      'base64url',
    );
  }

  /** @throws InputError naming `argument` */
  decode(argument: 'after' | 'before', cursor: string): string {
    const bytes = Buffer.from(cursor, 'base64url');
    if (bytes.length !== LENGTH || bytes[0] !== VERSION || bytes.toString('base64url') !== cursor) {
      throw new InputError([
        { path: [argument], message: 'is not a cursor of this API: pass one from edges.cursor or pageInfo' },
      ]);
    }
    if (!bytes.subarray(1, 1 + QUERY_BYTES).equals(this.query)) {
      throw new InputError([
        {
          path: [argument],
          message: 'is a cursor of another connection or filter: page on with the filter it came from',
        },
      ]);
    }
    const hex = bytes.toString('hex', 1 + QUERY_BYTES);
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }
}

const VERSION = 1;
const QUERY_BYTES = 8;
const LENGTH = 1 + QUERY_BYTES + 16;

/** JSON with the names of every object in alphabetical order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    item && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
