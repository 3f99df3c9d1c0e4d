import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { createSchema } from '.';

/**
 * Writes the public contract to schema.graphql and the types of its resolvers to nexus.gen.ts. With `--check` it writes nothing
 * and fails if the committed contract is not what the code says.
 */
const CONTRACT = join(__dirname, 'schema.graphql');
const sdl = (): string => `${printSchema(lexicographicSortSchema(createSchema()))}\n`;

if (process.argv.includes('--check')) {
  let committed = '';
  try {
    committed = readFileSync(CONTRACT, 'utf8');
  } catch {
    // A contract that was never printed differs from any.
  }
  if (committed !== sdl()) {
    console.error('schema/schema.graphql is not what the code says: run `npm run schema:print` and commit it.');
    process.exitCode = 1;
  }
} else {
  writeFileSync(CONTRACT, sdl());
  createSchema(join(__dirname, 'nexus.gen.ts'));
}
