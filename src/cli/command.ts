import { FormulaError } from '../chemistry';
import { BeagleError } from '../domain';
import { ConfigError } from '../config';

/** The command was called wrongly; its message is followed by the usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const EXPECTED = [BeagleError, FormulaError, ConfigError];

/**
 * Runs a command: results on stdout, everything else on stderr; 0 if it worked, 1 if not, 2 if it was called wrongly.
 * Ctrl-C aborts the signal first, and ends the process the second time.
 */
export function runCommand(usage: string, work: (args: string[], signal: AbortSignal) => Promise<void>): void {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    console.log(usage);
    return;
  }
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort(new BeagleError('BAD_USER_INPUT', 'interrupted')));
  // Not before the rest of the command's module has run: its constants stand below the call.
  setImmediate(() => void work(args, controller.signal).catch(report));

  function report(error: unknown): void {
    process.exitCode = 1;
    if (error instanceof UsageError || isParseArgsError(error)) {
      process.exitCode = 2;
      console.error(`${error.message}\n\n${usage}`);
    } else if (EXPECTED.some((kind) => error instanceof kind)) {
      console.error((error as Error).message);
    } else {
      console.error(error);
    }
  }
}

function isParseArgsError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

/** @throws UsageError unless the text is a number. */
export function numberOption(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new UsageError(`--${name} ${JSON.stringify(text)}: expected a number`);
  return value;
}

/** @throws UsageError unless the text is one of the values, in either case. */
export function choiceOption<T extends string>(name: string, text: string, values: readonly T[]): T {
  const found = values.find((value) => value === text.toUpperCase());
  if (found === undefined)
    throw new UsageError(`${name} ${JSON.stringify(text)}: expected one of ${values.join(', ')}`);
  return found;
}
