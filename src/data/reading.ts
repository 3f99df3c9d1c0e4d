import type { Pool } from 'pg';
import type { Session } from './client';
import { translated } from './errors';
import { Prisma } from './generated/client';

/** Texts that are prepared, those that come first: each is kept by each connection of the server for as long as that lasts. */
const MOST_PREPARED = 100;

/** Runs reading statements, each on whatever connection is free; not within a transaction. */
export interface ReadingSession extends Pick<Session, '$queryRaw'> {
  /**
   * As `$queryRaw`, with a statement that each connection keeps prepared: it is planned once for all values, which saves half a page's
   * time. Only for statements of a few texts, whose best plan is the same whatever their values are.
   */
  prepared<Row>(statement: Prisma.Sql): Promise<Row[]>;
}

/**
 * Statements of the catalogue straight over the pool. Prisma's raw queries answer the same, but take each value of each row through its
 * own types, which for a page of 20 materials is as much work as everything else of the statement together (`npm run bench:catalogue`).
 */
export function readingSession(pool: Pool, onStatement: (sql: string) => void = () => undefined): ReadingSession {
  const names = new Map<string, string>();
  const nameOf = (text: string): string | undefined => {
    if (!names.has(text) && names.size < MOST_PREPARED) names.set(text, `beagle_${names.size}`);
    return names.get(text);
  };
  async function run({ text, values }: Prisma.Sql, name?: string): Promise<unknown[]> {
    onStatement(text);
    try {
      return (await pool.query<Record<string, unknown>>({ name, text, values })).rows;
    } catch (error) {
      throw translated(error);
    }
  }
  const $queryRaw = (strings: TemplateStringsArray | Prisma.Sql, ...parts: Prisma.Sql[]): Promise<unknown> =>
    run(strings instanceof Prisma.Sql ? strings : Prisma.sql(strings, ...parts));
  return {
    $queryRaw: $queryRaw as Session['$queryRaw'],
    prepared: <Row>(statement: Prisma.Sql) => run(statement, nameOf(statement.text)) as Promise<Row[]>,
  };
}
