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
  readonly requestId: string | undefined;
}

/** Who asks, and how. */
export interface Caller {
  readonly principal: Principal;
  /** Undefined over a WebSocket. */
  readonly requestId?: string;
  /** Begins absolute addresses. */
  readonly origin?: string;
}

export type CreateContext = (caller: Caller, signal: AbortSignal) => ServerContext;

/** What is made once for the server, and then for each operation: its loaders must not outlive it. */
export function contextFactory(services: Services): CreateContext {
  const models = modelService([services.predictor, ...(services.otherPredictors ?? [])]);
  return (caller, signal) => new OperationContext(services, models, caller, signal);
}

type Made = { -readonly [K in keyof ServerContext]?: ServerContext[K] } & {
  catalogued?: ReturnType<typeof catalogServices>;
};

/** An operation needs two or three of these services, so each is made when it is asked for: all of them were a seventh of a small request's work. */
class OperationContext implements ServerContext {
  readonly principal: Principal;
  readonly requestId: string | undefined;
  readonly account: OperationAccount;
  readonly compositions = compositionService;
  private readonly origin: string;
  private readonly made: Made = {};

  constructor(
    private readonly services: Services,
    readonly models: ServerContext['models'],
    { principal, requestId, origin = '' }: Caller,
    readonly signal: AbortSignal,
  ) {
    this.principal = principal;
    this.requestId = requestId;
    this.origin = origin;
    this.account = new OperationAccount(principal, services.access.limits, services.access.usage);
  }

  private readonly charge = (predictions: number): Promise<void> => this.account.chargePredictions(predictions);

  private get catalogued() {
    return (this.made.catalogued ??= catalogServices(this.services.catalog));
  }

  get predictions() {
    const { predictor, otherPredictors = [] } = this.services;
    return (this.made.predictions ??= predictionService([predictor, ...otherPredictors], this.signal, this.charge));
  }

  get ask() {
    return (this.made.ask ??= askService(this.services.asker, this.predictions));
  }

  get evidence() {
    return (this.made.evidence ??= evidenceService(this.services.evidence));
  }

  get materials() {
    return this.catalogued.materials;
  }

  get measurements() {
    const { recorder, campaigns } = this.services;
    return (this.made.measurements ??= {
      ...this.catalogued.measurements,
      record: recordService(recorder, campaigns, this.principal),
    });
  }

  get imports() {
    return (this.made.imports ??= importService(this.services.importer));
  }

  get structures() {
    return (this.made.structures ??= structureService((id) => this.catalogued.structures.load(id)));
  }

  get nodes() {
    const { access, campaigns, exports, webhooks } = this.services;
    const { principal } = this;
    return (this.made.nodes ??= nodeService(
      this.materials,
      ownOrCatalogued(this.catalogued.measurementById, campaigns, principal),
      this.models,
      // A key is seen by its administrators and by itself.
      async (id) =>
        principal.scopes.has('KEYS_ADMIN') || principal.keyId === id ? access.keys.byId(principal, id) : null,
      (id) => campaigns.byId(principal, id),
      (id) => exports.byId(principal, id),
      (id) => webhooks.byId(principal, id),
    ));
  }

  get campaigns() {
    return (this.made.campaigns ??= campaignService(this.services.campaigns, this.models, this.principal, this.signal));
  }

  get webhooks() {
    return (this.made.webhooks ??= webhookService(this.services.webhooks, this.principal));
  }

  get exports() {
    return (this.made.exports ??= exportService(this.services.exports, this.principal, this.origin));
  }

  get access() {
    const { keys, limits } = this.services.access;
    return (this.made.access ??= accessService(this.principal, keys, limits, () => this.account.points));
  }

  get discovery(): ServerContext['discovery'] {
    return (this.made.discovery ??= {
      discover: async (input, paging) => {
        const { first, after } = pageRequest(paging);
        const { signal, charge } = this;
        return this.services.discovery.discover(input, { first, after, signal, charge, priority: 'interactive' });
      },
    });
  }
}
