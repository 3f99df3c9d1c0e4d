import { join } from 'node:path';
import { makeSchema, queryComplexityPlugin } from 'nexus';
import type { GraphQLSchema } from 'graphql';
import * as access from './access';
import * as answer from './answer';
import * as campaign from './campaign';
import * as campaignMeasurements from './campaign-measurements';
import * as campaignMutations from './campaign-mutations';
import * as campaignObjective from './campaign-objective';
import * as composition from './composition';
import * as discovery from './discovery';
import * as discoveryInput from './discovery-input';
import * as errors from './errors';
import * as evidence from './evidence';
import * as exports_ from './export';
import * as imports from './import';
import * as material from './material';
import * as materialFilter from './material-filter';
import * as materialStatistics from './material-statistics';
import * as measurement from './measurement';
import * as model from './model';
import * as prediction from './prediction';
import * as property from './property';
import * as relay from './relay';
import * as scalars from './scalars';
import { guardFields, scopePlugin } from './scopes';
import * as structure from './structure';
import * as subscription from './subscription';
import * as webhook from './webhook';

export type * from './context';
export { connection, defaultCost, MAX_POINTS, part, whole } from './cost';
export { declaredAccess, scopesOf } from './scopes';
export { fromGlobalId, toGlobalId, type NodeType } from '../src/domain/global-id';

/** What the parent value of each type is, as `alias.Type` of sources.ts. */
const SOURCES = {
  Answer: 'source.Answer',
  ApiKey: 'source.ApiKeyRecord',
  Campaign: 'source.CampaignRecord',
  CampaignConnection: 'source.CountedPage<source.CampaignRecord>',
  CampaignConstraint: 'source.ConstraintInput',
  CampaignFailure: 'source.CampaignFailure',
  CampaignFailureConnection: 'source.CountedPage<source.CampaignFailure>',
  CampaignObjective: 'source.ObjectiveInput',
  CampaignProgress: 'source.CampaignRecord',
  CampaignSuccess: '{ readonly campaign: source.CampaignRecord }',
  Candidate: 'source.Candidate',
  CandidateConnection: 'source.DiscoveryResult',
  Composition: 'source.Composition',
  Condition: 'source.TrainedCondition',
  Conditions: 'source.Conditions',
  ConflictError: 'source.Failure',
  CreateApiKeySuccess: 'source.IssuedKey',
  DateTime: 'Date',
  ElementAmount: 'source.ElementAmount',
  Evaluation: 'source.Evaluation',
  Evidence: 'source.Evidence',
  Export: 'source.ExportRecord',
  ExportSuccess: '{ readonly export: source.ExportRecord }',
  FacetCount: 'source.FacetCount',
  FieldError: 'source.FieldError',
  Histogram: 'source.Histogram',
  ImportMaterialsSuccess: 'source.ImportResult & { readonly imported: true }',
  InvalidFormulaError: 'source.InvalidFormula',
  KnownComposition: 'source.KnownComposition',
  Lattice: 'source.LatticeRecord',
  NotFoundError: 'source.Failure',
  Material: 'source.MaterialRecord',
  MaterialConnection: 'source.MaterialConnectionSource',
  MaterialFacets: 'source.MaterialConnectionSource',
  MaterialPoints: 'source.MaterialPoints',
  Measurement: 'source.MeasurementRecord',
  MeasurementConnection: 'source.CountedPage<source.MeasurementRecord>',
  Model: 'source.ModelInfo',
  ObjectiveResult: 'source.ObjectiveResult',
  OxidationState: 'source.OxidationState',
  Prediction: 'source.PredictionResult',
  Property: 'source.PropertyKey',
  Quota: 'source.Allowance',
  QuotaExceededError: 'source.Failure & { readonly limit: number; readonly remaining: number; readonly resetAt: Date }',
  RateLimit: 'source.Allowance & { readonly cost: number }',
  RecordMeasurementsSuccess: '{ readonly measurements: readonly source.MeasurementRecord[] }',
  ReserveSuggestionsSuccess: '{ readonly candidates: readonly source.Candidate[] }',
  RevokeApiKeySuccess: '{ readonly key: source.ApiKeyRecord }',
  RowError: 'source.RowError',
  Site: 'source.SiteRecord',
  Source: 'source.SourceRecord',
  Structure: 'source.StructureSource',
  UsageDay: 'source.UsageDay',
  ValidationError: 'source.Failure & { readonly fields: readonly source.FieldError[] }',
  Viewer: '{}',
  CreateWebhookSuccess: '{ readonly webhook: source.WebhookRecord; readonly signingSecret: string }',
  DeleteWebhookSuccess: '{ readonly id: string }',
  Webhook: 'source.WebhookRecord',
};

/**
 * The public contract.
 *
 * @param typegen file to write Nexus' types of sources and arguments to; only schema/print.ts does.
 */
export function createSchema(typegen?: string): GraphQLSchema {
  const schema = makeSchema({
    types: [
      scalars, errors, relay, property, model, evidence, prediction, composition, answer, measurement, structure, material, materialFilter, materialStatistics, imports, discoveryInput, discovery,
      access, campaign, campaignMeasurements, campaignMutations, exports_, webhook, campaignObjective, subscription,
    ], // prettier-ignore
    nonNullDefaults: { output: true, input: false },
    plugins: [scopePlugin(), queryComplexityPlugin()],
    shouldGenerateArtifacts: typegen !== undefined,
    outputs: { schema: false, typegen: typegen ?? false },
    contextType: { module: join(__dirname, 'context.ts'), export: 'Context' },
    // Nothing here is mutated: lists of sources and of arguments are read-only.
    formatTypegen: (content) =>
      content
        .replace(/: (.+)\[\];(?= \/\/ \[)/g, ': ReadonlyArray<$1>;')
        .replace(/: Array<(.+)>;(?= \/\/ \[)/g, ': ReadonlyArray<$1>;'),
    sourceTypes: {
      modules: [{ module: join(__dirname, 'sources.ts'), alias: 'source', onlyTypes: [] }],
      mapping: SOURCES,
      skipTypes: ['Query'],
    },
  });
  return guardFields(schema);
}
