/**
 * Builds the explorer into web/dist, with a brotli and a gzip copy beside every text file. Run at install; does nothing when dist
 * was built from the same sources. `--force` builds anyway.
 */
const { createHash } = require('node:crypto');
const { existsSync, readdirSync, readFileSync, statSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { brotliCompressSync, constants, gzipSync } = require('node:zlib');

const dist = join(__dirname, 'dist');
const stampFile = join(dist, '.sources');

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}

/** What the output depends on: the sources, the configuration and the versions of the libraries. */
function fingerprint() {
  const hash = createHash('sha256');
  const inputs = [
    ...['src', 'public'].flatMap((folder) => filesBelow(join(__dirname, folder))),
    ...['index.html', 'vite.config.mjs', 'build.js'].map((name) => join(__dirname, name)),
    ...['svelte', 'vite', '3dmol'].map((name) => join(__dirname, '../node_modules', name, 'package.json')),
  ];
  for (const file of inputs) hash.update(file.slice(__dirname.length)).update(readFileSync(file));
  return hash.digest('hex');
}

function compress() {
  for (const file of filesBelow(dist)) {
    if (!/\.(js|css|svg|json)$/.test(file) || statSync(file).size < 1024) continue;
    const body = readFileSync(file);
    // Quality 11 costs seconds for the structure viewer and saves 2 %.
    writeFileSync(`${file}.br`, brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
    writeFileSync(`${file}.gz`, gzipSync(body, { level: 9 }));
  }
}

async function main() {
  let vite;
  try {
    vite = await import('vite');
  } catch {
    console.warn('web/build.js: vite is not installed, so the explorer is not built; the API works without it.');
    return;
  }
  const stamp = fingerprint();
  const built = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
  if (built && !process.argv.includes('--force')) return;
  await vite.build({ configFile: join(__dirname, 'vite.config.mjs'), logLevel: 'warn' });
  compress();
  writeFileSync(stampFile, stamp);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
