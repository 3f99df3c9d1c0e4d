import type { AccessStore } from '../domain';
import { PostgresAccessStore } from './access-store';
import { CampaignLoopStore } from './campaign-loop-store';
import { CampaignStore } from './campaign-store';
import { type Client, connect, CONNECT_TIMEOUT_MS, type Session } from './client';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres';
import { translated } from './errors';
import { ExportStore } from './export-store';
import type { Log } from './log';
import { migrate } from './migrate';
import { Notifications } from './notifications';
import { readingSession } from './reading';
import { CatalogueReader } from './repositories/catalogue-reader';
import { CatalogueStatistics } from './repositories/catalogue-statistics';
import { CatalogueWriter } from './repositories/catalogue-writer';
import { PredictionFills } from './repositories/prediction-fills';
import { PredictionRepository } from './repositories/predictions';
import { SeedRepository } from './repositories/seeds';
import { SourceReader } from './repositories/sources';
import { WebhookStore } from './webhook-store';

export type { CampaignLoopStore, NewMeasurement, Reservation, StoredMeasurement } from './campaign-loop-store';
export type { KeptPart, NewPart, StoredCampaign, StoredPart, StoredResult } from './campaign-rows';
export { CAMPAIGNS_CHANNEL, type CampaignPin, type CampaignStore } from './campaign-store';
export { EXPORTS_CHANNEL, type ExportStore, type StoredExport } from './export-store';
export { claimKey, hashOf } from './idempotency';
export { WEBHOOKS_CHANNEL } from './webhook-outbox';
export type { Delivery, WebhookStore } from './webhook-store';
export type { Log } from './log';
export { silentLog } from './log';
export { isDatabaseLost } from './errors';
export type { Notifications } from './notifications';
export type { MaterialCriteria, ValueCriterion } from './repositories/material-criteria';
export type { OrderTerm, OrderValue, Position } from './repositories/material-order';
export type { PredictedColumn, ValueColumn } from './repositories/property-values';
export type { CatalogueReader, PlacedMaterial, Stretch } from './repositories/catalogue-reader';
export type { CatalogueStatistics } from './repositories/catalogue-statistics';
export { CompositionBatch, MaterialBatch, type CompositionRow } from './repositories/catalogue-batches';
export type { CatalogueWriter } from './repositories/catalogue-writer';

export interface DatabaseConfig {
  /** Any Postgres 14 or newer; `null` starts the embedded one. */
  readonly url: string | null;
  /** Of the embedded server (BEAGLE_DATA). */
  readonly dataFolder: string;
  /** Connections at most; 10 by default. */
  readonly poolSize?: number;
  readonly log: Log;
  /** Called with every SQL statement of the repositories, BEGIN and COMMIT included. */
  readonly onStatement?: (sql: string) => void;
}

/** The repositories that share one transaction. */
export interface Repositories {
  readonly campaigns: CampaignStore;
  readonly campaignLoop: CampaignLoopStore;
  readonly catalogueWriter: CatalogueWriter;
  readonly exports: ExportStore;
  readonly seeds: SeedRepository;
}

/** An open, migrated database. When it cannot be reached, everything throws DatabaseUnavailableError within two seconds. */
export interface Database {
  /** Whether it is the embedded server. */
  readonly embedded: boolean;
  /** Holds the password. */
  readonly url: string;
  readonly catalogue: CatalogueReader;
  readonly statistics: CatalogueStatistics;
  readonly predictions: PredictionRepository;
  readonly predictionFills: PredictionFills;
  /** Keys, allowances, usage. */
  readonly access: AccessStore;
  readonly campaigns: CampaignStore;
  readonly exports: ExportStore;
  readonly campaignLoop: CampaignLoopStore;
  readonly webhooks: WebhookStore;
  readonly notifications: Notifications;
  /** For the job queue, which brings statements of its own. Without values the text may hold several. */
  execute(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
  /** Everything that `work` does, or, if it throws, nothing. */
  transaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>;
  /** Resolves if the database answers. */
  ping(): Promise<void>;
  /** Closes the connections; stops the embedded server if nobody else uses it. */
  close(): Promise<void>;
}

/** A transaction waits no longer than this for a connection, and lasts at most an import. */
const TRANSACTION = { maxWait: CONNECT_TIMEOUT_MS, timeout: 30 * 60_000 };

/**
 * Starts or joins the embedded server unless there is a URL, applies the migrations, opens the pool.
 * @throws Error for the operator, without a password in it
 */
export async function openDatabase(config: DatabaseConfig): Promise<Database> {
  const { log } = config;
  const server = config.url === null ? await startEmbeddedPostgres({ dataFolder: config.dataFolder, log }) : null;
  try {
    const url = server?.url ?? config.url!;
    const applied = await migrate(url);
    if (applied.length > 0) log.info({ applied }, 'migrations applied');
    return databaseOver(url, server, config);
  } catch (error) {
    await server?.release();
    throw error;
  }
}

function databaseOver(url: string, server: EmbeddedPostgres | null, config: DatabaseConfig): Database {
  const { poolSize = 10, log, onStatement } = config;
  const { client, pool, disconnect } = connect(url, { poolSize, log, onStatement });
  // Should its port have been taken while it was down, the server comes back on another one.
  server?.onReturn(() => (pool.options.connectionString = server.url));
  const reading = readingSession(pool, onStatement);
  const sources = new SourceReader(reading);
  const notifications = new Notifications(() => server?.url ?? url, log);
  pool.onReturn(() => notifications.renew());
  return {
    embedded: server !== null,
    url,
    catalogue: new CatalogueReader(reading, sources),
    statistics: new CatalogueStatistics(reading),
    predictions: new PredictionRepository(client),
    predictionFills: new PredictionFills(client),
    access: new PostgresAccessStore(client),
    campaigns: new CampaignStore(client),
    exports: new ExportStore(client),
    campaignLoop: new CampaignLoopStore(client),
    webhooks: new WebhookStore(client),
    notifications,
    execute: (text, values) => pool.query(text, values),
    transaction: (work) =>
      inTransaction(client, (session) =>
        work({
          campaigns: new CampaignStore(session),
          campaignLoop: new CampaignLoopStore(session),
          catalogueWriter: new CatalogueWriter(session),
          exports: new ExportStore(session),
          seeds: new SeedRepository(session),
        }),
      ).finally(() => sources.forget()),
    async ping() {
      await client.$queryRaw`SELECT 1`;
    },
    async close() {
      await notifications.close();
      await disconnect();
      await server?.release();
    },
  };
}

async function inTransaction<T>(client: Client, work: (session: Session) => Promise<T>): Promise<T> {
  try {
    return await client.$transaction((session) => work(session), TRANSACTION);
  } catch (error) {
    throw translated(error);
  }
}
