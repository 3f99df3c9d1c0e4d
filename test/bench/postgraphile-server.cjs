// Serves the tables of a database by PostGraphile with its filter plugin, as `npm run bench:catalogue` needs it.
// node postgraphile-server.cjs FOLDER DATABASE_URL: FOLDER holds the packages; prints the port.
const { createServer } = require('node:http');
const { createRequire } = require('node:module');
const { join } = require('node:path');

async function main(folder, connectionString) {
  const from = createRequire(join(folder, 'package.json'));
  const { postgraphile } = from('postgraphile');
  const { PostGraphileAmberPreset } = from('postgraphile/presets/amber');
  const { makePgService } = from('postgraphile/adaptors/pg');
  const { grafserv } = from('postgraphile/grafserv/node');
  const { PostGraphileConnectionFilterPreset } = from('postgraphile-plugin-connection-filter');
  const server = createServer();
  const instance = postgraphile({
    extends: [PostGraphileAmberPreset, PostGraphileConnectionFilterPreset],
    pgServices: [makePgService({ connectionString, schemas: ['public'] })],
    schema: { connectionFilterRelations: true },
    grafserv: { graphiql: false, watch: false },
  });
  await instance.createServ(grafserv).addTo(server);
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
