import type { Logger } from 'pino';
import { isDatabaseLost } from './data';

/**
 * When the database goes, every connection and every statement under way fails at once, some of them where nobody waits any more. Node would
 * end the process for one such error, which all that is asked for afterwards does not deserve: it is logged. Any other error that reaches
 * nobody is a mistake of ours, after which no state can be trusted, and ends the process as it would without this.
 */
export function outliveLostDatabase(log: Logger): void {
  const onStray = (error: unknown): void => {
    if (isDatabaseLost(error)) return log.error({ err: error }, 'the database was lost, and nobody waited for this');
    log.fatal({ err: error }, 'an error that nobody handles');
    process.exit(1);
  };
  process.on('unhandledRejection', onStray).on('uncaughtException', onStray);
}
