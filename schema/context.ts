import type { Composition } from '../src/chemistry';
import type {
  Allowance,
  Answer,
  ApiKeyRecord,
  CampaignFailure,
  CampaignRate,
  CampaignRecord,
  CampaignStatus,
  Candidate,
  Conditions,
  CountedPage,
  CreateCampaignInput,
  CreateKeyInput,
  DiscoverInput,
  DiscoveryResult,
  ErrorCode,
  Evidence,
  ExportFormat,
  ExportRecord,
  FacetCount,
  FieldError,
  Histogram,
  ImportMaterialsInput,
  ImportResult,
  IssuedKey,
  KnownComposition,
  MaterialFacet,
  MaterialFilter,
  MaterialOrder,
  MaterialPoints,
  MaterialPointsRequest,
  MaterialRecord,
  MeasurementRecord,
  ModelInfo,
  Page,
  PredictionResult,
  Principal,
  PropertyKey,
  RecordMeasurementsInput,
  StructureRecord,
  TrainedProperty,
  UsageDay,
  CreateWebhookInput,
  WebhookRecord,
} from '../src/domain';

/** A page of the catalogue; counted when asked for, once for `totalCount` and `totalCountIsExact` together. */
export interface MaterialConnectionSource extends Page<MaterialRecord> {
  count(): Promise<{ readonly count: number; readonly exact: boolean }>;
  facet(facet: MaterialFacet): Promise<readonly FacetCount[]>;
  histogram(property: PropertyKey, bins: number): Promise<Histogram>;
}

export interface MaterialPointsArgs extends Omit<MaterialPointsRequest, 'filter'> {
  readonly filter?: MaterialFilter | null;
}

export interface StructureSource {
  readonly material: MaterialRecord;
  readonly structure: StructureRecord;
}

/** The FormulaError as data: graphql-js takes an Error that a resolver returns for a failure of the field. */
export interface InvalidFormula {
  readonly message: string;
  readonly code: 'INVALID_FORMULA';
  readonly formula: string;
  readonly position: number;
}

/** A failure as data: what a service answers in the place of the success that a result union is about. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  /** Of a ValidationError. */
  readonly fields?: readonly FieldError[];
}

export type ExportOutcome = { readonly export: ExportRecord } | Failure;

export type CampaignChange = { readonly campaign: CampaignRecord } | Failure;

/** A ValidationError. */
export interface Invalid extends Failure {
  readonly code: 'BAD_USER_INPUT';
  readonly fields: readonly FieldError[];
}

export type NodeSource =
  MaterialRecord | MeasurementRecord | ModelInfo | ApiKeyRecord | CampaignRecord | ExportRecord | WebhookRecord;

/** Relay's four arguments as the client sent them; not yet validated. */
export interface PagingArgs {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}
export interface PredictionArgs {
  readonly property: PropertyKey;
  readonly conditions?: Conditions | null;
  readonly model?: string | null;
}
export interface PredictionsArgs extends Omit<PredictionArgs, 'property'> {
  readonly properties: readonly PropertyKey[];
}
export interface MeasurementArgs {
  readonly property?: PropertyKey | null;
  readonly first?: number | null;
}

/**
 * What one operation works with. Whatever reads is batched over the operation (DataLoader), so a field asks for its own
 * object alone; whatever takes arguments of a client validates them and throws InputError.
 */
export interface Context {
  readonly principal: Principal;
  /** Aborted when the client has gone or the operation has run out of time. */
  readonly signal: AbortSignal;
  readonly predictions: {
    /** @throws InputError for a condition that the property does not know, or a model that is not served. */
    one(composition: Composition, args: PredictionArgs): Promise<PredictionResult>;
    /** Order kept; an Error in the place of a prediction that failed. */
    many(composition: Composition, args: PredictionsArgs): Promise<readonly (PredictionResult | Error)[]>;
  };
  /** A question in plain words. @throws InputError for one that is too long. */
  readonly ask: (question: string) => Promise<Answer>;
  readonly evidence: {
    of(prediction: PredictionResult): Promise<Evidence>;
    similar(composition: Composition, first?: number | null): Promise<readonly KnownComposition[]>;
  };
  readonly models: {
    /** The default model first. */
    all(): readonly ModelInfo[];
    /** `name@version`; null for one that is not served. */
    byId(id: string): ModelInfo | null;
    /** What the default model's manifest says of a property. */
    trained(property: PropertyKey): TrainedProperty | null;
  };
  readonly compositions: {
    parse(formula: string): Composition | InvalidFormula;
    /** 1..1000 formulas, order kept. */
    parseAll(formulas: readonly string[]): readonly (Composition | InvalidFormula)[];
  };
  readonly materials: {
    search(
      filter: MaterialFilter | null | undefined,
      order: readonly MaterialOrder[] | null | undefined,
      paging: PagingArgs,
    ): Promise<MaterialConnectionSource>;
    points(args: MaterialPointsArgs): Promise<MaterialPoints>;
    byId(id: string): Promise<MaterialRecord | null>;
    byGlobalId(id: string): Promise<MaterialRecord | null>;
    ofComposition(composition: Composition, first?: number | null): Promise<readonly MaterialRecord[]>;
  };
  readonly imports: {
    importMaterials(input: ImportMaterialsInput): Promise<(ImportResult & { readonly imported: true }) | Invalid>;
  };
  readonly measurements: {
    ofMaterial(material: MaterialRecord, args: MeasurementArgs): Promise<readonly MeasurementRecord[]>;
    ofComposition(composition: Composition, args: MeasurementArgs): Promise<readonly MeasurementRecord[]>;
    /** Into the campaign that the input names, or else the catalogue. */
    record(
      input: RecordMeasurementsInput & { readonly campaignId?: string | null },
    ): Promise<{ readonly measurements: readonly MeasurementRecord[] } | Failure>;
  };
  readonly structures: {
    ofMaterial(material: MaterialRecord): Promise<StructureSource | null>;
    spaceGroup(
      material: MaterialRecord,
    ): { readonly number: number; readonly symbol: string; readonly crystalSystem: string } | null;
    cif(source: StructureSource): string;
    poscar(source: StructureSource): string;
  };
  readonly nodes: {
    /** Null for what is not a global id of an object that exists. */
    byId(globalId: string): Promise<NodeSource | null>;
    /** 1..100, order kept; an Error in the place of one that could not be read. */
    byIds(globalIds: readonly string[]): Promise<readonly (NodeSource | Error | null)[]>;
  };
  readonly access: {
    /** The newest 1..1000. */
    keys(first: number): Promise<readonly ApiKeyRecord[]>;
    /** The key of this request; null for anonymous. */
    viewerKey(): Promise<ApiKeyRecord | null>;
    rateLimit(): Promise<Allowance & { readonly cost: number }>;
    predictionQuota(): Promise<Allowance>;
    /** 1..366 days. */
    usage(key: ApiKeyRecord, days: number): Promise<readonly UsageDay[]>;
    create(input: CreateKeyInput): Promise<IssuedKey | Failure>;
    rotate(globalId: string, overlapHours: number): Promise<IssuedKey | Failure>;
    revoke(globalId: string): Promise<{ readonly key: ApiKeyRecord } | Failure>;
  };
  readonly campaigns: {
    byId(globalId: string): Promise<CampaignRecord | null>;
    list(
      status: readonly CampaignStatus[] | null | undefined,
      page: Pick<PagingArgs, 'first' | 'after'>,
    ): Promise<CountedPage<CampaignRecord>>;
    /** Null unless it is running. */
    rate(campaign: CampaignRecord): Promise<CampaignRate | null>;
    top(campaign: CampaignRecord, count: number): Promise<readonly Candidate[]>;
    results(
      campaign: CampaignRecord,
      page: Pick<PagingArgs, 'first' | 'after'>,
      onlyFront?: boolean | null,
    ): Promise<DiscoveryResult>;
    failures(
      campaign: CampaignRecord,
      page: Pick<PagingArgs, 'first' | 'after'>,
    ): Promise<CountedPage<CampaignFailure>>;
    measurements(
      campaign: CampaignRecord,
      page: Pick<PagingArgs, 'first' | 'after'>,
    ): Promise<CountedPage<MeasurementRecord>>;
    suggestions(campaign: CampaignRecord, count?: number | null): Promise<readonly Candidate[]>;
    reserveSuggestions(
      globalId: string,
      request: { readonly count: number; readonly idempotencyKey?: string | null },
    ): Promise<{ readonly candidates: readonly Candidate[] } | Failure>;
    model(campaign: CampaignRecord): ModelInfo | null;
    create(input: CreateCampaignInput): Promise<CampaignChange>;
    start(globalId: string): Promise<CampaignChange>;
    pause(globalId: string): Promise<CampaignChange>;
    resume(globalId: string): Promise<CampaignChange>;
    cancel(globalId: string): Promise<CampaignChange>;
    watch(globalId: string): AsyncIterableIterator<CampaignRecord>;
    watchTop(globalId: string, count?: number | null): AsyncIterableIterator<readonly Candidate[]>;
  };
  readonly exports: {
    exportCampaign(globalId: string, format: ExportFormat): Promise<ExportOutcome>;
    exportMaterials(filter: MaterialFilter | null | undefined, format: ExportFormat): Promise<ExportOutcome>;
    /** Absolute; null unless it is COMPLETED. */
    url(record: ExportRecord): Promise<string | null>;
  };
  readonly webhooks: {
    list(): Promise<readonly WebhookRecord[]>;
    create(
      input: CreateWebhookInput,
    ): Promise<{ readonly webhook: WebhookRecord; readonly signingSecret: string } | Invalid>;
    delete(globalId: string): Promise<{ readonly id: string } | Failure>;
  };
  readonly discovery: {
    discover(input: DiscoverInput, paging: Pick<PagingArgs, 'first' | 'after'>): Promise<DiscoveryResult>;
  };
}
