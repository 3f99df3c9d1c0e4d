/**
 * Types a folder of GraphQL operations against schema/schema.graphql: what the explorer and the client package send is checked when it is
 * generated, not when it fails.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as typedDocumentNode from '@graphql-codegen/typed-document-node';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import { buildSchema, parse, stripIgnoredCharacters, validate, visit } from 'graphql';

const SCHEMA = join(import.meta.dirname, 'schema.graphql');
const CONFIG = {
  documentMode: 'string',
  useTypeImports: true,
  enumType: 'string-literal',
  scalars: { DateTime: 'string', ID: 'string' },
  strictScalars: true,
};

/** TypeScript source with a `TypedDocumentString` for each operation of `folder`. @throws Error naming each operation that the schema refuses. */
export async function typedDocuments(folder) {
  const text = readFileSync(SCHEMA, 'utf8');
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => ({ location: name, document: parse(readFileSync(join(folder, name), 'utf8')) }));
  const whole = { kind: 'Document', definitions: files.flatMap((file) => file.document.definitions) };
  const mistakes = validate(buildSchema(text), whole);
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
  return codegen({
    // Without descriptions: new wording in the contract must not make the types stale.
    schema: visit(parse(text), {
      enter: (node) => (node.description ? { ...node, description: undefined } : undefined),
    }),
    documents: files,
    filename: 'graphql.ts',
    config: {},
    pluginMap: { typescriptOperations, typedDocumentNode },
    plugins: [{ typescriptOperations: CONFIG }, { typedDocumentNode: CONFIG }],
  });
}

/** An operation of that source, which has no name of a fragment behind its text. */
const OPERATION = /new TypedDocumentString\(`([^`]*)`\)/g;
const asSent = (text) => stripIgnoredCharacters(text);
const hashOf = (text) => createHash('sha256').update(asSent(text)).digest('hex');

/** Each operation of that source with the fragments it reaches, without what GraphQL ignores, by its sha256. */
export function trustedDocuments(source) {
  const texts = [...source.matchAll(OPERATION)].map(([, text]) => [hashOf(text), asSent(text)]);
  return Object.fromEntries(texts.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** That source with each operation's hash in its `__meta__`. */
export function withHashes(source) {
  return source.replace(
    OPERATION,
    (whole, text) => `${whole.slice(0, -1)}, ${JSON.stringify({ hash: hashOf(text) })})`,
  );
}

/** Writes the files, or with `--check` fails when one that is committed is stale. */
export function writeGenerated(folder, outputs, command) {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(outputs)) {
    const path = join(folder, name);
    if (!process.argv.includes('--check')) {
      writeFileSync(path, text);
      continue;
    }
    let committed = null;
    try {
      committed = readFileSync(path, 'utf8');
    } catch {
      // Reported below as stale.
    }
    if (committed !== text) {
      console.error(`${path} is stale: run \`npm run ${command}\` and commit it.`);
      process.exitCode = 1;
    }
  }
}
