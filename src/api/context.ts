import type {
  Asker,
  CampaignLoop,
  Campaigns,
  Catalog,
  Discovery,
  EvidenceSource,
  Exports,
  Keys,
  Limits,
  MaterialImporter,
  MeasurementRecorder,
  Predictor,
  Principal,
  SimilarCompositions,
  Webhooks,
} from '../domain';
import type { Access } from '../access';
import type { Context } from '../../schema';
import { pageRequest } from './paging';
import { OperationAccount } from './account';
import { accessService } from './services/access';
import { askService } from './services/ask';
import { ownOrCatalogued, recordService } from './services/campaign-loop';
import { campaignService } from './services/campaigns';
import { catalogServices } from './services/catalog';
import { compositionService } from './services/compositions';
import { evidenceService } from './services/evidence';
import { exportService } from './services/exports';
import { importService } from './services/imports';
import { modelService } from './services/models';
import { nodeService } from './services/nodes';
import { predictionService } from './services/predictions';
import { structureService } from './services/structures';
import { webhookService } from './services/webhooks';

export interface Services {
  readonly catalog: Catalog;
  readonly importer: MaterialImporter;
  readonly recorder: MeasurementRecorder;
  /** The default one. */
  readonly predictor: Predictor;
  /** Of further models, asked for by id. */
  readonly otherPredictors?: readonly Predictor[];
  readonly discovery: Discovery;
  readonly asker: Asker;
  readonly campaigns: Campaigns & CampaignLoop;
  readonly exports: Exports;
  readonly webhooks: Webhooks;
  readonly evidence: EvidenceSource & SimilarCompositions;
  readonly access: AccessServices;
}

export interface AccessServices {
  readonly identify: Access['identify'];
  readonly keys: Keys;
  readonly limits: Limits;
  readonly usage: Pick<Access['usage'], 'add'>;
}

/** The schema's context, and what the plugins of the server keep beside it. */
export interface ServerContext extends Context {
  readonly account: OperationAccount;
}

/** What is made once for the server, and then for each operation: its loaders must not outlive it. `origin` begins absolute addresses. */
export function contextFactory({
  catalog,
  importer,
  recorder,
  predictor,
  otherPredictors = [],
  discovery,
  asker,
  campaigns,
  exports,
  webhooks,
  evidence,
  access,
}: Services) {
  const predictors = [predictor, ...otherPredictors];
  const models = modelService(predictors);
  return (principal: Principal, signal: AbortSignal, origin = ''): ServerContext => {
    const account = new OperationAccount(principal, access.limits, access.usage);
    const charge = (predictions: number) => account.chargePredictions(predictions);
    const { materials, measurements, structures, ...rest } = catalogServices(catalog);
    const measurementById = ownOrCatalogued(rest.measurementById, campaigns, principal);
    /** A key is seen by its administrators and by itself. */
    const keyById = async (id: string) =>
      principal.scopes.has('KEYS_ADMIN') || principal.keyId === id ? access.keys.byId(principal, id) : null;
    const predictions = predictionService(predictors, signal, charge);
    return {
      principal,
      signal,
      account,
      models,
      compositions: compositionService,
      predictions,
      ask: askService(asker, predictions),
      evidence: evidenceService(evidence),
      materials,
      measurements: { ...measurements, record: recordService(recorder, campaigns, principal) },
      imports: importService(importer),
      structures: structureService((id) => structures.load(id)),
      nodes: nodeService(
        materials,
        measurementById,
        models,
        keyById,
        (id) => campaigns.byId(principal, id),
        (id) => exports.byId(principal, id),
        (id) => webhooks.byId(principal, id),
      ),
      campaigns: campaignService(campaigns, models, principal, signal),
      webhooks: webhookService(webhooks, principal),
      exports: exportService(exports, principal, origin),
      access: accessService(principal, access.keys, access.limits, () => account.points),
      discovery: {
        discover: async (input, paging) => {
          const { first, after } = pageRequest(paging);
          return discovery.discover(input, { first, after, signal, charge, priority: 'interactive' });
        },
      },
    };
  };
}
