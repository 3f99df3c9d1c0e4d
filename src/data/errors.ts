import { DatabaseUnavailableError } from '../domain';

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

/** The error itself, or DatabaseUnavailableError if the database could not be reached. */
export function translated(error: unknown): unknown {
  return isUnavailable(error) ? new DatabaseUnavailableError(error) : error;
}

function isUnavailable(error: unknown): boolean {
  for (let depth = 0; depth < 5 && typeof error === 'object' && error !== null; depth++) {
    const { code, kind, message, cause, meta } = error as {
      code?: unknown;
      kind?: unknown;
      message?: unknown;
      cause?: unknown;
      meta?: { driverAdapterError?: unknown };
    };
    if (typeof code === 'string' && (PRISMA_CODES.has(code) || CONNECTION_CODES.test(code))) return true;
    if (typeof kind === 'string' && ADAPTER_KINDS.has(kind)) return true;
    if (typeof message === 'string' && CONNECTION_MESSAGES.test(message)) return true;
    error = meta?.driverAdapterError ?? cause;
  }
  return false;
}
