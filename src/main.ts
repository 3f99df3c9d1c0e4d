// First: it says how graphql-js is loaded.
import { ConfigError, readConfig } from './config';
import { startServer } from './api/server';
import { createLogger } from './log';
import { openServices } from './services';
import { outliveLostDatabase } from './stray-errors';
import { startTracing } from './tracing';

async function main(): Promise<void> {
  const config = readConfig();
  const log = createLogger(config.logLevel);
  outliveLostDatabase(log);
  const stopTracing = await startTracing(config, (message) => log.warn(message));
  const services = await openServices(config, log);
  await services.startWorker().catch(async (error: unknown) => {
    await services.close();
    throw error;
  });
  const server = await startServer(
    {
      ...services,
      metrics: services.predictor,
      logger: log,
      checkReady: () => services.database.ping(),
    },
    { ...config, tracing: config.otlpEndpoint !== null },
  ).catch(async (error: unknown) => {
    await services.close();
    throw error;
  });
  console.log(`Beagle is ready: ${server.url}`);

  // The first signal lets running requests finish; a second one does not wait.
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping');
    server
      .stop()
      .then(() => services.close())
      .then(stopTracing)
      .catch((error: unknown) => {
        log.error({ err: error }, 'stopping failed');
        process.exitCode = 1;
      });
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
}

main().catch((error: unknown) => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof ConfigError) console.error(message);
  else if (code === 'EADDRINUSE') console.error(`${message}: another program has this address; set PORT or HOST`);
  else console.error(error);
  process.exitCode = 1;
});
