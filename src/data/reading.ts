import type { Pool } from 'pg';
import type { Session } from './client';
import { translated } from './errors';
import { Prisma } from './generated/client';
import { PreparedNames } from './prepared-names';

/** Runs reading statements, each on whatever connection is free; not within a transaction. */
export interface ReadingSession extends Pick<Session, '$queryRaw'> {
  /**
   * The rows of a statement, in its order, as `to_json` writes them: a time is text in ISO 8601. Reading a page of materials takes half the
   * time of `$queryRaw`, which has each value of each row parsed by itself.
   *
   * @param prepared connections keep the statement, planned once for all its values, which saves up to half a page's time. Only where
   *   the best plan is the same whatever the values are
   */
  records<Row>(statement: Prisma.Sql, options?: { readonly prepared?: Prepared }): Promise<Row[]>;
}

/** `always` for statements of a few texts, `repeated` for those that may be asked again, or never. */
export type Prepared = 'always' | 'repeated' | 'never';

/**
 * Statements of the catalogue straight over the pool. Prisma's raw queries answer the same, but take each value of each row through its
 * own types, which for a page of 20 materials is as much work as everything else of the statement together (`npm run bench:catalogue`).
 */
export function readingSession(pool: Pool, onStatement: (sql: string) => void = () => undefined): ReadingSession {
  const names = new PreparedNames();
  async function run<Row>({ text, values }: Prisma.Sql, prepared: Prepared = 'never'): Promise<Row[]> {
    onStatement(text);
    const name = prepared === 'never' ? undefined : names.nameOf(text, prepared === 'always');
    try {
      if (name === undefined) return (await pool.query<Row & Record<string, unknown>>({ text, values })).rows;
      return await runNamed(name, text, values);
    } catch (error) {
      throw translated(error);
    }
  }
  async function runNamed<Row>(name: string, text: string, values: unknown[]): Promise<Row[]> {
    const client = await pool.connect();
    let closing: boolean | Error = false;
    try {
      const { rows } = await client.query<Row & Record<string, unknown>>({ name, text, values });
      closing = names.isOutdated(client);
      return rows;
    } catch (error) {
      // As `pool.query` does: whatever went wrong, the next statement gets another connection.
      closing = error as Error;
      throw error;
    } finally {
      client.release(closing);
    }
  }
  const $queryRaw = (strings: TemplateStringsArray | Prisma.Sql, ...parts: Prisma.Sql[]): Promise<unknown> =>
    run(strings instanceof Prisma.Sql ? strings : Prisma.sql(strings, ...parts));
  return {
    $queryRaw: $queryRaw as Session['$queryRaw'],
    async records<Row>(statement: Prisma.Sql, { prepared }: { readonly prepared?: Prepared } = {}) {
      // Nothing above the statement changes the order of its rows.
      const asJson = Prisma.sql`SELECT to_json(record) AS record FROM (${statement}) AS record`;
      const rows = await run<{ record: Row }>(asJson, prepared);
      return rows.map(({ record }) => record);
    },
  };
}
