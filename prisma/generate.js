// Makes the Prisma client in src/data/generated; runs after every npm install. Plain JavaScript, because it must work
// before anything else is there.
//
// Generating needs no native engine (the schema parser is WebAssembly), but the command line wants to download one first and
// fails where the download host is out of reach. PRISMA_SCHEMA_ENGINE_BINARY names an existing file that it then leaves alone.
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const fail = (problem) => {
  console.error(`The Prisma client was not generated: ${problem}\nRun it again with: node prisma/generate.js`);
  process.exit(1);
};

let cli;
try {
  cli = require.resolve('prisma/build/index.js', { paths: [root] });
} catch {
  fail('the package "prisma" is not installed; run npm install without --omit of dependencies.');
}
const { status, error, signal, stdout, stderr } = spawnSync(
  process.execPath,
  [cli, 'generate', '--schema', join(root, 'prisma', 'schema.prisma'), '--no-hints'],
  {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath,
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    },
  },
);
if (error) fail(error.message);
if (status !== 0) fail(`prisma generate ended with ${signal ?? `status ${status}`}:\n${stdout}${stderr}`);
// Success with nothing written (a wrong output path, say) would only surface at the first start.
if (!existsSync(join(root, 'src', 'data', 'generated', 'client.ts'))) fail('src/data/generated/client.ts is missing.');
