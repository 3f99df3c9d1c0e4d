/**
 * Who may import whom (docs/architecture.md): one rule a folder, so that a forbidden import fails CI with a name.
 * `src/domain` holds the shared vocabulary (properties, errors, ports) and may be imported by everyone.
 */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^${from}/` },
  to: {
    path: '^(src|schema|prisma|web|test)/',
    pathNot: [`^${from}/`, '^src/domain/', ...allowed.map((a) => `^${a}(/|\\.)`)],
  },
});
const never = (name, from, packages, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: packages },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    // Prisma's generated client imports itself in circles.
    { name: 'no-circular', severity: 'error', from: { pathNot: '^src/data/generated/' }, to: { circular: true } },
    {
      name: 'chemistry-imports-nothing',
      severity: 'error',
      from: { path: '^src/chemistry/' },
      to: { path: '^(src|schema|prisma|web|test)/', pathNot: '^src/chemistry/' },
    },
    only('domain', 'src/domain', ['src/chemistry'], 'domain types build on chemistry alone'),
    only('darwin', 'src/darwin', ['src/chemistry'], 'the model knows no database and no transport'),
    only('ask', 'src/ask', ['src/chemistry', 'src/catalog/units'], 'rules over parsed questions; the reader is a port'),
    only('discovery', 'src/discovery', ['src/chemistry'], 'pure over a Predictor'),
    only('data', 'src/data', [], 'repositories know domain types alone'),
    only('catalog', 'src/catalog', ['src/chemistry', 'src/data'], ''),
    only('jobs', 'src/jobs', ['src/data'], 'knows no kind of work'),
    only('campaigns', 'src/campaigns', ['src/chemistry', 'src/discovery', 'src/data', 'src/jobs'], ''),
    only('exports', 'src/exports', ['src/chemistry', 'src/data', 'src/campaigns', 'src/jobs'], ''),
    only(
      'precompute',
      'src/precompute',
      ['src/chemistry', 'src/catalog', 'src/data', 'src/jobs', 'src/campaigns'],
      'fills the catalogue over the queue',
    ),
    only('webhooks', 'src/webhooks', ['src/data', 'src/jobs'], ''),
    only('access', 'src/access', ['src/data'], ''),
    {
      name: 'client-imports-nothing',
      comment: 'it is packed and used without the rest',
      severity: 'error',
      from: { path: '^src/client/', pathNot: 'codegen\\.mjs$' },
      to: { path: '^(src|schema|prisma|web|test)/', pathNot: '^src/client/' },
    },
    only('mcp', 'src/mcp', ['src/client'], 'it asks the public API like everybody else'),
    only('optimade', 'src/optimade', ['src/chemistry', 'src/catalog'], 'a protocol over the Catalog port'),
    only(
      'api',
      'src/api',
      [
        'schema',
        'src/chemistry',
        'src/catalog',
        'src/discovery',
        'src/campaigns',
        'src/exports',
        'src/access',
        'src/optimade',
        'src/webhooks',
      ],
      '',
    ),
    only('schema', 'schema', ['src/chemistry'], 'the public contract: domain types only'),
    never(
      'one-onnx',
      '^(?!src/darwin/session|test/bench/|test/support/open-inference-server)',
      'onnxruntime-node',
      'one file imports the runtime; benchmarks measure against it, a test server runs it elsewhere',
    ),
    never(
      'prisma-in-data',
      '^(?!src/data/|prisma/|test/).*',
      '(@prisma/client|src/data/generated)',
      'Prisma stays behind the repositories',
    ),
    never(
      'no-graphql',
      '^src/(chemistry|domain|darwin|ask|discovery|catalog|campaigns|exports|webhooks|jobs|access|data|optimade)/',
      'node_modules/(graphql|nexus|@apollo)/',
      'GraphQL lives in schema and src/api',
    ),
    never(
      'no-http',
      '^src/(chemistry|domain|darwin|ask|discovery|catalog|exports|jobs|data|optimade)/',
      'node_modules/express/',
      'HTTP lives in src/api',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(web|node_modules/(?!(onnxruntime-node|@prisma/client|graphql|nexus|@apollo|express)))' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
