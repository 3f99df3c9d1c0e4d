import { PrismaPg } from '@prisma/adapter-pg';
import { translated } from './errors';
import { PrismaClient } from './generated/client';
import type { Log } from './log';
import { WatchedPool } from './watched-pool';

export interface ClientOptions {
  readonly poolSize: number;
  readonly log: Log;
  /** Called with every SQL statement sent, BEGIN and COMMIT included. */
  readonly onStatement?: (sql: string) => void;
}

/** Waiting for a connection (a free one of the pool, or a new one) of a server that lives is given up after this. */
export const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;

export type Client = ReturnType<typeof connect>['client'];
/** What a repository runs statements on: the client, or a transaction of it. */
export type Session = Pick<Client, '$queryRaw' | '$executeRaw'>;

/**
 * A Prisma client over a bounded pool that watches its server. It connects with the first statement, drops connections that die and opens new
 * ones when the database is back. Failures of the connection come out as DatabaseUnavailableError.
 */
export function connect(url: string, { poolSize, log, onStatement }: ClientOptions) {
  const config = {
    connectionString: url,
    application_name: 'beagle',
    max: poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    // Behind the heartbeat: for a server that lives, and a connection to it that does not.
    query_timeout: STATEMENT_TIMEOUT_MS + 5_000,
  };
  const pool = new WatchedPool(config, log);
  const lost = (error: Error) => log.warn({ error: error.message }, 'a database connection was lost');
  // The adapter's own listener goes with $disconnect, before the last connections have closed; without one Node ends the process.
  pool.on('error', lost);
  const adapter = new PrismaPg(pool, { onConnectionError: lost });
  const base = new PrismaClient({
    adapter,
    transactionOptions: { maxWait: CONNECT_TIMEOUT_MS },
    log: onStatement ? [{ emit: 'event', level: 'query' }] : [],
  });
  if (onStatement) base.$on('query', ({ query }) => onStatement(query));

  const client = base.$extends({
    query: {
      async $allOperations({ query, args }) {
        try {
          return await query(args);
        } catch (error) {
          throw translated(error);
        }
      },
    },
  });
  return {
    client,
    pool,
    async disconnect() {
      await base.$disconnect();
      await pool.end();
    },
  };
}
