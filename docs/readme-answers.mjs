// Asks a running Beagle the queries of README.md and prints the answers; with --write, puts them below the queries.
//   npm start, then: npm run readme:answers [-- --write] [URL]
import { readFileSync, writeFileSync } from 'node:fs';

const README = new URL('../README.md', import.meta.url);
const args = process.argv.slice(2);
const url = args.find((arg) => !arg.startsWith('--')) ?? 'http://127.0.0.1:4000/graphql';
const readme = readFileSync(README, 'utf8');
const PAIR = /```graphql\n([\s\S]*?)```\n(?:```json\n[\s\S]*?```\n)?/g;

/** Four significant digits: what a prediction means. */
const rounded = (_key, value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value);

/** One line where it fits, otherwise one entry a line: a README is read, not parsed. */
function print(value, indent = '') {
  const line = JSON.stringify(value, rounded);
  if (line.length + indent.length <= 130 || typeof value !== 'object' || value === null) return line;
  const deeper = `${indent}  `;
  const entries = Array.isArray(value)
    ? value.map((entry) => print(entry, deeper))
    : Object.entries(value).map(([key, entry]) => `${JSON.stringify(key)}: ${print(entry, deeper)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${entries.map((entry) => deeper + entry).join(',\n')}\n${indent}${close}`;
}

const answers = new Map();
for (const [, query] of readme.matchAll(PAIR)) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  answers.set(query, `\`\`\`json\n${print(data)}\n\`\`\`\n`);
  console.log(print(data));
}
if (args.includes('--write')) {
  const write = (_, query) => `\`\`\`graphql\n${query}\`\`\`\n${answers.get(query)}`;
  writeFileSync(README, readme.replace(PAIR, write));
}
