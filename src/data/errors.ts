import { DatabaseFullError, DatabaseUnavailableError } from '../domain';

/** Prisma's codes: not reachable, timed out, connection closed, no connection or transaction in time, too many connections. */
const PRISMA_CODES = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);
/** adapter-pg's. */
const ADAPTER_KINDS = new Set(['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections']);
/** Of the operating system, and of Postgres: class 08, shutting down (57P01–03), too many connections. */
const CONNECTION_CODES =
  /^(E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND)|08...|57P0[123]|53300)$/;
/** node-postgres has no code for these. */
const CONNECTION_MESSAGES =
  /timeout exceeded when trying to connect|connection terminated|not queryable|query read timeout/i;

const DISK_FULL = '53100';

/** The error itself, or the one of ours that says what is the matter with the database. */
export function translated(error: unknown): unknown {
  for (let inner = error, depth = 0; depth < 5 && typeof inner === 'object' && inner !== null; depth++) {
    const { code, originalCode, kind, message, cause, meta } = inner as {
      code?: unknown;
      originalCode?: unknown;
      kind?: unknown;
      message?: unknown;
      cause?: unknown;
      meta?: { driverAdapterError?: unknown };
    };
    for (const one of [code, originalCode]) {
      if (typeof one !== 'string') continue;
      if (one === DISK_FULL) return new DatabaseFullError(error);
      if (PRISMA_CODES.has(one) || CONNECTION_CODES.test(one)) return new DatabaseUnavailableError(error);
    }
    if (typeof kind === 'string' && ADAPTER_KINDS.has(kind)) return new DatabaseUnavailableError(error);
    if (typeof message === 'string' && CONNECTION_MESSAGES.test(message)) return new DatabaseUnavailableError(error);
    inner = meta?.driverAdapterError ?? cause;
  }
  return error;
}

/** Whether this error says that the database, or a connection to it, is gone. */
export const isDatabaseLost = (error: unknown): boolean => translated(error) instanceof DatabaseUnavailableError;
