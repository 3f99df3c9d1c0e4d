import { Router } from 'express';

/**
 * `/livez`: the process answers. `/readyz`: it should be sent requests; 503 with what is missing while it should not.
 *
 * @param check rejects, with a message that may be shown, while something that every request needs is not there.
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
      response.status(503).json({ status: 'unavailable', reason: error instanceof Error ? error.message : 'unknown' });
    }
  });
  return router;
}
