import { Router } from 'express';
import { BeagleError } from '../domain';

/**
 * `/livez`: the process answers. `/readyz`: it should be sent requests; 503 with what is missing while it should not.
 *
 * @param check rejects while something that every request needs is not there. Only the message of a BeagleError is shown.
 */
export function health(check: () => Promise<void>): Router {
  const router = Router();
  router.get('/livez', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    try {
      await check();
      response.json({ status: 'ready' });
    } catch (error) {
      response
        .status(503)
        .json({ status: 'unavailable', reason: error instanceof BeagleError ? error.message : 'see the log' });
    }
  });
  return router;
}
