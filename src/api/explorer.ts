import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Router, type RequestHandler } from 'express';
import helmet from 'helmet';
import sirv from 'sirv';
import { pageHeaders } from './security-headers';

const BUILT = join(__dirname, '..', '..', 'web', 'dist');

/** The addresses that the explorer has a page for. */
const ROUTES = [
  '/',
  '/compositions/:formula',
  '/materials/:id',
  '/ask',
  '/discover',
  '/campaigns',
  '/campaigns/:id',
  '/keys',
];

/** Stricter than the playground's policy: the explorer needs no inline style, and `<base>` says where the deployment's root is. */
const explorerPolicy = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:', 'blob:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    baseUri: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
});

/** The explorer, if it has been built: its files, and its page for every address that it routes itself. Else `/` leads to the playground. */
export function explorer(root: string = BUILT): Router {
  const router = Router();
  const index = join(root, 'index.html');
  if (!existsSync(index)) {
    router.get('/', (_request, response) => response.redirect('graphql'));
    return router;
  }
  const page = readFileSync(index, 'utf8');
  router.get(
    /.*/,
    pageHeaders,
    explorerPolicy,
    // The names of the files below assets/ hold a hash of what is in them.
    sirv(root, {
      brotli: true,
      gzip: true,
      etag: true,
      extensions: [],
      setHeaders: (response, pathname) =>
        response.setHeader(
          'Cache-Control',
          pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        ),
    }),
  );
  const sendPage =
    (status: number): RequestHandler =>
    (request, response, next) => {
      response.vary('Accept');
      if (request.accepts(['application/json', 'text/html']) !== 'text/html') return next();
      // The way back to the root, relative, because a proxy in front may have taken a prefix away.
      const base = '../'.repeat(request.path.split('/').length - 2) || './';
      response.setHeader('Cache-Control', 'no-cache');
      response
        .status(status)
        .type('html')
        .send(page.replace('<base href="./" />', `<base href="${base}" />`));
    };
  router.get(ROUTES, sendPage(200));
  // A person gets the explorer's own words for an address without a page, a program the API's.
  router.get(/.*/, sendPage(404));
  return router;
}
