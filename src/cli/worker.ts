import { readConfig } from '../config';
import { createLogger } from '../log';
import { openServices } from '../services';
import { outliveLostDatabase } from '../stray-errors';
import { runCommand } from './command';

const USAGE = `Work on campaigns and exports, predict the catalogue and deliver webhooks, beside any number of other workers and servers of the same database.

  npm run worker                                          the embedded database in BEAGLE_DATA
  DATABASE_URL=postgresql://… npm run worker              on another host

It takes the settings of npm start (BEAGLE_MODEL, BEAGLE_DEVICE, BEAGLE_WORKERS, …), works on campaigns of its own model
alone, and ends with Ctrl-C or SIGTERM: what it had begun goes to another worker.`;

runCommand(USAGE, async (_, signal) => {
  const config = readConfig();
  const log = createLogger(config.logLevel);
  outliveLostDatabase(log);
  const services = await openServices(config, log);
  try {
    await services.startWorker();
    console.log(`Works on campaigns of ${services.predictor.model.id}`);
    await new Promise<void>((resolve) => {
      process.once('SIGTERM', () => resolve());
      signal.addEventListener('abort', () => resolve());
    });
  } finally {
    await services.close();
  }
});
