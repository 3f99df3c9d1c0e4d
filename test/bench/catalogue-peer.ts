import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STORED_MODEL } from '../support/generated-catalogue';

/**
 * What the comparison is made with: version 4, as 5 needs Node 22. It brings a GraphQL of its own (15) and whatever else 125 packages
 * bring, for nobody but this benchmark: so it is no dependency of this project.
 */
const PACKAGES = ['postgraphile@4.14.1', 'postgraphile-plugin-connection-filter@2.3.0'];

export interface GraphQLEndpoint {
  readonly url: string;
  stop(): Promise<void>;
}

/** PostGraphile over the tables of a database, in a process of its own; installed into a folder beside, once. */
export async function startPostGraphile(databaseUrl: string): Promise<GraphQLEndpoint> {
  const folder = join(tmpdir(), `beagle-bench-${PACKAGES[0]!}`);
  if (!existsSync(join(folder, 'node_modules', 'postgraphile-plugin-connection-filter'))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    console.error(`  installing ${PACKAGES.join(' and ')} into ${folder}`);
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...PACKAGES], { cwd: folder });
  }
  return start([join(__dirname, 'postgraphile-server.cjs'), folder, databaseUrl]);
}

/** Our server over the same tables, in a process of its own as well. @param kind `constant`: it answers one page, whatever is asked for */
export function startOurs(databaseUrl: string, kind = 'searching'): Promise<GraphQLEndpoint> {
  return start(['--import', 'tsx', join(__dirname, 'catalogue-server.ts'), databaseUrl, kind]);
}

/** A program that prints the port that it listens to. */
async function start(args: readonly string[]): Promise<GraphQLEndpoint> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const exited = once(child, 'exit');
  const [port] = (await Promise.race([
    once(child.stdout, 'data'),
    exited.then(() => Promise.reject(new Error(`${args.join(' ')} did not start`))),
  ])) as [Buffer];
  return {
    url: `http://127.0.0.1:${String(port).trim()}/graphql`,
    async stop() {
      child.kill();
      await exited;
    },
  };
}

/** Fields of a page, the same for both. */
export const OUR_PAGE = `query ($filter: MaterialFilter, $orderBy: [MaterialOrder!], $first: Int, $after: String) {
  page: materials(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    nodes { id formula density spaceGroup { number } source { name } }
    pageInfo { hasNextPage endCursor } } }`;

const MATERIAL = 'id density spaceGroupNumber compositionByCompositionId { formula } sourceBySourceId { name }';
const their = (connection: string, fields: string): string => `query ($first: Int, $after: Cursor) {
  page: ${connection}, first: $first, after: $after) { nodes { ${fields} } pageInfo { hasNextPage endCursor } } }`;
const materials = (filter: string, order = 'PRIMARY_KEY_ASC'): string =>
  their(`allMaterials(filter: {${filter}}, orderBy: ${order}`, MATERIAL);
const { id: modelId } = STORED_MODEL.model;

/** The typical searches, in their order, as PostGraphile says them; a text in brackets says why it cannot. */
export const THEIR_PAGES: readonly string[] = [
  their('allMaterials(orderBy: PRIMARY_KEY_ASC', MATERIAL),
  materials('elements: { contains: ["Ga", "As"] }'),
  materials('elements: { contains: ["O"] }, not: { elements: { overlaps: ["Pb"] } }, elementCount: { equalTo: 3 }'),
  materials('chemicalSystem: { equalTo: "Fe-O" }'),
  materials('elements: { containedBy: ["Li", "Fe", "P", "O", "F"] }'),
  // The pattern in the terms of our tables: the stoichiometry, and the share of the element that is named.
  materials('anonymousFormula: { equalTo: "A2B3" }, compositionByCompositionId: { shares: { contains: ["O600000"] } }'),
  materials('anonymousFormula: { equalTo: "AB2" }', 'DENSITY_DESC'),
  materials('spaceGroupNumber: { in: [221, 62] }, elements: { overlaps: ["Ti", "Zr", "Hf"] }'),
  // Materials cannot be ordered by a value of another table, so the page is one of values.
  their(
    `allMeasuredValues(filter: { property: { equalTo: "BAND_GAP" }, value: { greaterThanOrEqualTo: 1, lessThanOrEqualTo: 1.6 } },
      orderBy: [VALUE_DESC, PRIMARY_KEY_DESC]`,
    `value materialByMaterialId { ${MATERIAL} }`,
  ),
  `(predictions of "${modelId}" belong to compositions by key, not by a foreign key: no relation to filter or order by)`,
];
