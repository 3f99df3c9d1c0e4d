import { dirname, join } from 'node:path';
import { Router, type Request } from 'express';
import { pageHeaders } from '../security-headers';

const here = (file: string): string => join(__dirname, file);
// Package maps (`exports`) list the modules, not the prebuilt files beside them.
const installed = (name: string, file: string): string => join(dirname(require.resolve(`${name}/package.json`)), file);

/** GraphiQL from the packages that npm installed: the page asks nothing of the network. */
const FILES = {
  'graphiql.js': installed('graphiql', 'graphiql.min.js'),
  'graphiql.css': installed('graphiql', 'graphiql.min.css'),
  'react.js': installed('react', 'umd/react.production.min.js'),
  'react-dom.js': installed('react-dom', 'umd/react-dom.production.min.js'),
  'start.js': here('start.js'),
  'page.css': here('page.css'),
};

/** A browser that navigates, not a client that asks: GET, HTML before JSON, no query in the address. */
function wantsPage(request: Request): boolean {
  const types = ['application/json', 'application/graphql-response+json', 'text/html'];
  return request.query['query'] === undefined && request.accepts(types) === 'text/html';
}

export function playground(): Router {
  const router = Router();
  router.get('/graphql', (request, response, next) => {
    response.vary('Accept');
    if (!wantsPage(request)) return next();
    pageHeaders(request, response, () => response.sendFile(here('index.html')));
  });
  for (const [name, file] of Object.entries(FILES)) {
    router.get(`/graphql/playground/${name}`, (_request, response) => {
      response.sendFile(file, { maxAge: '1h' });
    });
  }
  return router;
}
