// Serves the tables of a database by PostGraphile with its filter plugin, as `npm run bench:catalogue` needs it.
// node postgraphile-server.cjs FOLDER DATABASE_URL: FOLDER holds the packages; prints the port.
const { createServer } = require('node:http');
const { createRequire } = require('node:module');
const { join } = require('node:path');

const [folder, url] = process.argv.slice(2);
const from = createRequire(join(folder, 'package.json'));
const { postgraphile } = from('postgraphile');
const server = createServer(
  postgraphile(url, 'public', {
    appendPlugins: [from('postgraphile-plugin-connection-filter')],
    graphileBuildOptions: { connectionFilterRelations: true },
    disableQueryLog: true,
  }),
);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
