import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, type ColumnType, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import type * as EnginePackage from '@prisma/schema-engine-wasm';
import { startEmbeddedPostgres } from '../../src/data/embedded-postgres';
import { silentLog } from '../../src/data/log';
import { MIGRATIONS_FOLDER, readMigrations } from '../../src/data/migrations';

const SCHEMA = join(__dirname, '..', 'schema.prisma');

/** What the migrations lack to be `schema.prisma`, as SQL or in words; `exitCode` 2 if there is anything. Offline. */
export async function diffMigrationsToSchema(form: 'sql' | 'summary'): Promise<EnginePackage.DiffResult> {
  return withEngine(async (engine) =>
    engine.diff({
      from: {
        tag: 'migrations',
        baseDir: MIGRATIONS_FOLDER,
        lockfile: {
          path: 'migration_lock.toml',
          content: await readFile(join(MIGRATIONS_FOLDER, 'migration_lock.toml'), 'utf8'),
        },
        shadowDbInitScript: '',
        migrationDirectories: (await readMigrations()).map(({ name, sql }) => ({
          path: name,
          migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
        })),
      },
      to: { tag: 'schemaDatamodel', files: [{ path: SCHEMA, content: await readFile(SCHEMA, 'utf8') }] },
      script: form === 'sql',
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    }),
  );
}

// Node has it; TypeScript declares it for browsers only.
declare const WebAssembly: {
  instantiate(wasm: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

/** An engine over a scratch embedded server: it applies the migrations to a shadow database there. */
async function withEngine<T>(use: (engine: EnginePackage.SchemaEngine) => Promise<T>): Promise<T> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'beagle-prisma-'));
  // The server's user, who is another one when root runs this, has to enter it.
  await chmod(dataFolder, 0o755);
  const server = await startEmbeddedPostgres({ dataFolder, log: silentLog });
  try {
    const { SchemaEngine } = await loadEngine();
    const files: [string, string][] = [[SCHEMA, await readFile(SCHEMA, 'utf8')]];
    const factory = bindMigrationAwareSqlAdapterFactory(adapterFor(server.url));
    const engine = await SchemaEngine.new({ datamodels: files }, () => {}, factory);
    try {
      return await use(engine);
    } finally {
      engine.free();
    }
  } finally {
    await server.release();
    await rm(dataFolder, { recursive: true, force: true });
  }
}

/** The package imports its .wasm file as an ES module, which Node 20 cannot: instantiate it by hand. */
async function loadEngine(): Promise<typeof EnginePackage> {
  const glue = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  // tsx compiles `import()` to `require()` here, and the glue is an ES module: both work on Node >= 20.19.
  const bindings = await import(glue);
  // The engine reports its panics to this global.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => console.error(`Prisma schema engine: ${message}`) },
  });
  const wasm = await readFile(join(dirname(glue), 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
  return bindings;
}

/** The parts of adapter-pg's connections that need mending for the schema engine. */
interface Connection {
  client: { query(sql: string): Promise<unknown> };
  performIO(query: unknown): Promise<{ fields: { dataTypeID: number }[] }>;
  queryRaw(query: unknown): Promise<{ columnTypes: ColumnType[] }>;
  executeScript(script: string): Promise<void>;
}

function adapterFor(url: string): PrismaPg {
  const adapter = new PrismaPg(url);
  const [connect, connectToShadowDb] = [adapter.connect.bind(adapter), adapter.connectToShadowDb.bind(adapter)];
  adapter.connect = async () => mended(await connect());
  adapter.connectToShadowDb = async () => mended(await connectToShadowDb());
  return adapter;
}

const CHAR_OID = 18;
const TEXT_OID = 25;

function mended<T>(adapterConnection: T): T {
  const connection = adapterConnection as unknown as Connection;
  // adapter-pg does not know the type "char" of the system tables, and the engine accepts no other for it. The
  // engine asks one thing after the other, so the last result is the one being described.
  const { performIO, queryRaw } = connection;
  let charColumns: number[] = [];
  connection.performIO = async (query) => {
    const result = await performIO.call(connection, query);
    charColumns = result.fields.flatMap(({ dataTypeID }, i) => (dataTypeID === CHAR_OID ? [i] : []));
    for (const column of charColumns) result.fields[column]!.dataTypeID = TEXT_OID;
    return result;
  };
  connection.queryRaw = async (query) => {
    const result = await queryRaw.call(connection, query);
    for (const column of charColumns) result.columnTypes[column] = ColumnTypeEnum.Character;
    return result;
  };
  // Its own splits at every semicolon, also inside function bodies.
  connection.executeScript = async (script) => void (await connection.client.query(script));
  return adapterConnection;
}
