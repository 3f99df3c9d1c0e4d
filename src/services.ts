import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { createAccess, type Access } from './access';
import { createAsker, ENGLISH } from './ask';
import { createCampaigns, startCampaignWorker } from './campaigns';
import {
  createCatalog,
  createCataloguePredictions,
  createCatalogWriter,
  createKnownCompositions,
  createMeasurementRecorder,
  storedPredictions,
} from './catalog';
import { createImporter } from './catalog/import';
import { seedCatalogue } from './catalog/seed';
import { PROJECT_FOLDER, type Config } from './config';
import { createPredictor, openModel, Reader, type DarwinPredictor, type ServedModel } from './darwin';
import { openDatabase, type Database } from './data';
import { createDiscovery } from './discovery';
import { createExports, startExportWorker } from './exports';
import { createOptimadeServer, type OptimadeServer } from './optimade';
import { startPrecomputing } from './precompute';
import { VERSION } from './version';
import type {
  Asker,
  CampaignLoop,
  Campaigns,
  Catalog,
  Discovery,
  Evidence,
  EvidenceSource,
  Exports,
  MaterialImporter,
  MeasurementRecorder,
  PredictionResult,
  PredictionStore,
  SimilarCompositions,
  Webhooks,
} from './domain';
import { createWebhooks, startWebhookDeliverer } from './webhooks';

export interface Worker {
  stop(): Promise<void>;
}

/** What the server and the commands are made of. */
export interface Services {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly optimade: OptimadeServer;
  readonly importer: MaterialImporter;
  readonly recorder: MeasurementRecorder;
  readonly predictor: DarwinPredictor;
  /** Of further packages, for who asks for them by id. */
  readonly otherPredictors: readonly ServedModel[];
  readonly discovery: Discovery;
  readonly asker: Asker;
  /** Of the asker; `close` closes it. */
  readonly reader: Reader;
  readonly campaigns: Campaigns & CampaignLoop;
  readonly exports: Exports;
  readonly webhooks: Webhooks;
  /** Works on campaigns and exports, predicts the catalogue, and delivers webhooks, until it is stopped; `close` stops it. */
  startWorker(): Promise<Worker>;
  readonly evidence: EvidenceSource & SimilarCompositions;
  readonly access: Access;
  close(): Promise<void>;
}

/** The newest package `<kind>-<version>` that is shipped. */
function newestPackage(kind: string): string {
  const models = join(PROJECT_FOLDER, 'models');
  const newest = readdirSync(models)
    .filter((name) => name.startsWith(`${kind}-`) && /-\d+\.\d+\.\d+$/.test(name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1);
  if (newest === undefined) throw new Error(`there is no model package ${kind}-<version> in ${models}`);
  return join(models, newest);
}

/** The shipped package, or the one that the configuration names. */
export function modelFolder({ modelFolder }: Pick<Config, 'modelFolder'>): string {
  return modelFolder ?? newestPackage('darwin');
}

export function openPredictor(config: Config, log?: Logger, store?: PredictionStore): Promise<DarwinPredictor> {
  const { device, modelEndpoint, workers, threads } = config;
  return createPredictor({
    folder: modelFolder(config),
    device,
    endpoint: modelEndpoint ?? undefined,
    workers,
    threads,
    store,
    log: (message) => log?.warn(message),
  });
}

/** Packages that answer beside the default one: a worker each, as they are asked less. */
export async function openOtherPredictors(config: Config, log?: Logger, store?: PredictionStore) {
  const { device, threads } = config;
  const opened: ServedModel[] = [];
  try {
    for (const folder of config.otherModelFolders) {
      opened.push(
        await openModel({ folder, device, workers: 1, threads, store, log: (message) => log?.warn(message) }),
      );
    }
    return opened;
  } catch (error) {
    await Promise.all(opened.map((predictor) => predictor.close()));
    throw error;
  }
}

/** The shipped reader of questions. */
export function openReader(): Promise<Reader> {
  return Reader.open(newestPackage('reader'));
}

/** The store of a database that is still coming up: the model needs it with its first answer only. */
function storeOf(database: Promise<Database>): PredictionStore {
  return {
    getMany: async (...args) => (await database).predictions.getMany(...args),
    putMany: async (...args) => (await database).predictions.putMany(...args),
  };
}

async function openSeededDatabase({ databaseUrl, dataFolder }: Config, log: Logger): Promise<Database> {
  const database = await openDatabase({ url: databaseUrl, dataFolder, log });
  try {
    const seeded = await seedCatalogue(database);
    if (seeded !== null) log.info(seeded, 'starter catalogue imported');
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Database and model come up side by side; if one cannot, the other is closed again. */
export async function openServices(config: Config, log: Logger = pino({ level: 'silent' })): Promise<Services> {
  const opening = openSeededDatabase(config, log);
  const store = storeOf(opening);
  const loading = openPredictor(config, log, store);
  const loadingOthers = openOtherPredictors(config, log, store);
  const [opened, loaded, others] = await Promise.allSettled([opening, loading, loadingOthers]);
  if (opened.status === 'rejected' || loaded.status === 'rejected' || others.status === 'rejected') {
    if (loaded.status === 'fulfilled') await loaded.value.close();
    if (others.status === 'fulfilled') await Promise.all(others.value.map((predictor) => predictor.close()));
    if (opened.status === 'fulfilled') await opened.value.close();
    throw [opened, loaded, others].find((one) => one.status === 'rejected')!.reason;
  }
  return servicesOver(opened.value, loaded.value, log, config, others.value);
}

/** Takes over the database and the predictors: `close` closes them. */
export async function servicesOver(
  database: Database,
  predictor: DarwinPredictor,
  log: Logger = pino({ level: 'silent' }),
  { anonymousScopes = null, webhookAllowPrivate = false, precompute = 'asked' }: Partial<Config> = {},
  otherPredictors: readonly ServedModel[] = [],
): Promise<Services> {
  const predictors = [predictor, ...otherPredictors];
  const twice = predictors.find(({ model }, i) => predictors.findIndex((one) => one.model.id === model.id) < i);
  if (twice) throw new Error(`the model ${twice.model.id} is named twice in BEAGLE_MODEL and BEAGLE_OTHER_MODELS`);
  for (const { model } of predictors) await database.predictions.registerModel(model.id, model.sha256);
  const predictions = createCataloguePredictions(database.catalogue, predictor, (property) =>
    // A question is answered even where it cannot be noted.
    database.predictionFills
      .want(predictor.model.id, [property])
      .catch((error: Error) => log.warn({ error: error.message, property }, 'not noted as asked for')),
  );
  const catalog = createCatalog(database, predictions);
  const known = createKnownCompositions(database.catalogue, () => predictor.trainingCompositions());
  const access = createAccess({
    store: database.access,
    anonymous: { embedded: database.embedded, scopes: anonymousScopes },
    onError: (error) => log.error({ err: error }, 'usage could not be written'),
  });
  const recorder = createMeasurementRecorder(database);
  const campaigns = createCampaigns({ database, predictor, known, limits: access.limits }, recorder);
  const reader = await openReader();
  const workers: Worker[] = [];
  return {
    database,
    catalog,
    optimade: createOptimadeServer(createCatalog(database, storedPredictions(predictor)), { version: VERSION }),
    importer: createImporter(createCatalogWriter(database)),
    access,
    predictor,
    otherPredictors,
    asker: createAsker(reader, [ENGLISH]),
    reader,
    discovery: createDiscovery({ predictor, known }),
    campaigns,
    recorder,
    exports: createExports({ database, predictor, campaigns, catalog }),
    webhooks: createWebhooks(database, webhookAllowPrivate),
    async startWorker() {
      const deps = { database, predictor, known, log };
      const started = [await startCampaignWorker({ ...deps, limits: access.limits })];
      const worker: Worker = { stop: async () => void (await Promise.all(started.map((one) => one.stop()))) };
      workers.push(worker);
      started.push(await startExportWorker({ ...deps, catalog }));
      if (precompute !== 'off')
        started.push(await startPrecomputing({ database, predictor, properties: precompute, log }));
      started.push(await startWebhookDeliverer({ database, log, allowPrivate: webhookAllowPrivate }));
      return worker;
    },
    evidence: {
      evidenceOf: (predictions) => evidenceByModel(predictors, predictions),
      similar: (composition, count) => known.similar(composition, count),
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.stop()));
      // The cache writes what it still holds into the database.
      await Promise.all(predictors.map((one) => one.close()));
      await reader.close();
      await access.close();
      await database.close();
    },
  };
}

/** Each prediction's evidence is in the training data of the model that made it; order kept. */
async function evidenceByModel(
  predictors: readonly ServedModel[],
  predictions: readonly PredictionResult[],
): Promise<readonly Evidence[]> {
  const found = new Map<PredictionResult, Evidence>();
  for (const predictor of predictors) {
    const own = predictions.filter(({ modelId }) => modelId === predictor.model.id);
    const evidence = own.length > 0 ? await predictor.evidenceOf(own) : [];
    own.forEach((prediction, i) => found.set(prediction, evidence[i]!));
  }
  return predictions.map((prediction) => found.get(prediction)!);
}
