import type { Pool } from 'pg';
import type { Session } from './client';
import { translated } from './errors';
import { Prisma } from './generated/client';

/** Texts that are prepared, those that come first: each is kept by each connection of the server for as long as that lasts. */
const MOST_PREPARED = 100;

/** Runs reading statements, each on whatever connection is free; not within a transaction. */
export interface ReadingSession extends Pick<Session, '$queryRaw'> {
  /**
   * The rows of a statement, in its order, as `to_json` writes them: a time is text in ISO 8601. Reading a page of materials takes half the
   * time of `$queryRaw`, which has each value of each row parsed by itself.
   *
   * @param prepared each connection keeps the statement, planned once for all values, which saves half a page's time. Only for
   *   statements of a few texts, whose best plan is the same whatever their values are
   */
  records<Row>(statement: Prisma.Sql, options?: { readonly prepared?: boolean }): Promise<Row[]>;
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
  async function run<Row>({ text, values }: Prisma.Sql, name?: string): Promise<Row[]> {
    onStatement(text);
    try {
      return (await pool.query<Row & Record<string, unknown>>({ name, text, values })).rows;
    } catch (error) {
      throw translated(error);
    }
  }
  const $queryRaw = (strings: TemplateStringsArray | Prisma.Sql, ...parts: Prisma.Sql[]): Promise<unknown> =>
    run(strings instanceof Prisma.Sql ? strings : Prisma.sql(strings, ...parts));
  return {
    $queryRaw: $queryRaw as Session['$queryRaw'],
    async records<Row>(statement: Prisma.Sql, { prepared = false } = {}) {
      // Nothing above the statement changes the order of its rows.
      const asJson = Prisma.sql`SELECT to_json(record) AS record FROM (${statement}) AS record`;
      const rows = await run<{ record: Row }>(asJson, prepared ? nameOf(asJson.text) : undefined);
      return rows.map(({ record }) => record);
    },
  };
}
