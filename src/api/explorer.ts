import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { Router } from 'express';
import { pageHeaders } from './security-headers';

const BUILT = join(__dirname, '..', '..', 'web', 'dist');

/** The explorer, if it has been built: its files, and its page for every address that it routes itself. Else `/` leads to the playground. */
export function explorer(root: string = BUILT): Router {
  const router = Router();
  const page = join(root, 'index.html');
  if (!existsSync(page)) {
    router.get('/', (_request, response) => response.redirect('/graphql'));
    return router;
  }
  router.use(pageHeaders, express.static(root, { index: false, maxAge: '1h' }));
  router.get(/.*/, (request, response, next) => {
    if (request.accepts(['application/json', 'text/html']) !== 'text/html') return next();
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile(page);
  });
  return router;
}
