import { pino, type DestinationStream, type Logger } from 'pino';
import { BeagleError } from './domain';

/** What a caller sent or what lets somebody in: never in a log, whoever thought of logging it. */
const WITHHELD = ['authorization', 'x-api-key', 'cookie', 'secret', 'signingSecret', 'password', 'connectionString', 'query', 'variables', 'sql', 'values', 'formula', 'formulas']; // prettier-ignore
const DEEPEST = 3;

const KEY = /bgl_[a-z]+_[0-9A-Za-z]{8}_[0-9A-Za-z]+/g;
const PASSWORD = /(\w+:\/\/[^:/\s]*):[^@\s]*@/g;
const STATEMENT = /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|MERGE INTO|COPY)\b[\s\S]*/;
/** Longer than a name of ours: somebody's input. */
const QUOTED = /(["'`])(?:(?!\1)[\s\S]){40,}\1/g;
const LONGEST = 300;
const FRAMES = 15;
const CAUSES = 4;

/** A sentence without keys, passwords, SQL and long quotations. */
export function loggedText(text: string): string {
  const clean = text
    .replace(KEY, '[key]')
    .replace(PASSWORD, '$1:[password]@')
    .replace(STATEMENT, '[SQL]')
    .replace(QUOTED, '$1…$1')
    .trim();
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)} …` : clean;
}

/** What tells an error of Prisma, its adapter or pg: the message may quote a statement and the row it failed at. */
interface DatabaseError {
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly table?: unknown;
  readonly constraint?: unknown;
  readonly routine?: unknown;
  readonly meta?: { readonly driverAdapterError?: { readonly cause?: DatabaseError } };
}
const isOfDatabase = (error: object): boolean =>
  'clientVersion' in error || 'severity' in error || 'originalCode' in error || 'driverAdapterError' in error;

/** An error by allow-list: its kind, where it was thrown, and words only where they cannot be a caller's. */
export function loggedError(error: unknown, depth = 0): object {
  if (typeof error !== 'object' || error === null) return { type: typeof error };
  const { name, message, stack, code, cause } = error as Error & { readonly code?: unknown };
  const frames = stack?.split('\n').filter((line) => line.startsWith('    at '));
  return {
    type: name,
    ...(typeof code === 'string' && { code }),
    ...(isOfDatabase(error) ? databaseFacts(error) : { message: messageOf(error, message) }),
    ...(frames && { stack: frames.slice(0, FRAMES).join('\n') }),
    ...(cause !== undefined && depth < CAUSES && { cause: loggedError(cause, depth + 1) }),
  };
}

/** What a caller is told quotes what the caller sent. */
const messageOf = (error: object, message: string | undefined): string =>
  error instanceof BeagleError && error.code !== 'INTERNAL' ? '[told to the caller]' : loggedText(message ?? '');

function databaseFacts(error: DatabaseError): object {
  const inner = error.meta?.driverAdapterError?.cause ?? error;
  const { originalCode, table, constraint, routine } = inner;
  const facts = { sqlState: originalCode ?? inner.code, table, constraint, routine };
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => typeof fact === 'string'));
}

/**
 * JSON lines on stderr; stdout has what a person waits for. A disk that is full or a reader that has gone costs lines, not the server.
 * @param destination for tests
 */
export function createLogger(level: string, destination: DestinationStream = stderr()): Logger {
  const paths = WITHHELD.flatMap((name) =>
    Array.from({ length: DEEPEST }, (_, above) => `${'*.'.repeat(above)}["${name}"]`.replaceAll('.[', '[')),
  );
  return pino(
    {
      level,
      base: undefined,
      redact: { paths, censor: '[withheld]' },
      serializers: {
        err: (error: unknown) => loggedError(error),
        error: (error: unknown) => (typeof error === 'string' ? loggedText(error) : loggedError(error)),
      },
      hooks: {
        logMethod(args, method) {
          const [first, second, ...rest] = args as unknown[];
          const clean = (one: unknown) => (typeof one === 'string' ? loggedText(one) : one);
          method.apply(this, [clean(first), clean(second), ...rest] as Parameters<typeof method>);
        },
        // The last line of defence, for what none of the above foresaw.
        streamWrite: (line) => line.replace(KEY, '[key]'),
      },
    },
    destination,
  );
}

function stderr(): DestinationStream {
  const destination = pino.destination({ fd: 2, sync: true, maxLength: 1_000_000 });
  destination.on('error', () => undefined);
  return destination;
}
