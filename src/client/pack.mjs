/**
 * Writes the client as a package of its own, `beagle-client`, into a folder (default dist/client): CommonJS with types, to be installed with
 * `npm install ./dist/client` or published. usage: node src/client/pack.mjs [FOLDER]
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const here = import.meta.dirname;
const project = join(here, '..', '..');
const out = resolve(process.argv[2] ?? join(project, 'dist', 'client'));
const { version, license, engines } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
const lock = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'));
const typed = '@graphql-typed-document-node/core';

const program = ts.createProgram([join(here, 'index.ts')], {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  // Types of fetch and AbortSignal, and nothing of Node's: it has to run in a browser.
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  types: [],
  strict: true,
  declaration: true,
  rootDir: here,
  outDir: out,
});
const { diagnostics } = program.emit();
const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
if (problems.length > 0) {
  console.error(
    ts.formatDiagnostics(problems, {
      getCanonicalFileName: (f) => f,
      getCurrentDirectory: () => project,
      getNewLine: () => '\n',
    }),
  );
  process.exit(1);
}
mkdirSync(out, { recursive: true });
writeFileSync(
  join(out, 'package.json'),
  `${JSON.stringify(
    {
      name: 'beagle-client',
      version,
      license,
      engines,
      description: 'Typed client of a Beagle server: materials, predictions, discovery, campaigns',
      main: 'index.js',
      types: 'index.d.ts',
      dependencies: { [typed]: lock.packages[`node_modules/${typed}`].version },
    },
    null,
    2,
  )}\n`,
);
console.log(out);
