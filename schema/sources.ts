/** The parent values that resolvers start from, for Nexus' generated types. */
export type { Composition, ElementAmount, OxidationState } from '../src/chemistry';
export type {
  Allowance,
  ApiKeyRecord,
  Candidate,
  Conditions,
  DiscoveryResult,
  Evaluation,
  Evidence,
  FieldError,
  IssuedKey,
  KnownComposition,
  LatticeRecord,
  MaterialRecord,
  MeasurementRecord,
  ModelInfo,
  ObjectiveResult,
  PredictionResult,
  PropertyKey,
  SiteRecord,
  SourceRecord,
  TrainedCondition,
  UsageDay,
} from '../src/domain';
export type { Failure, InvalidFormula, MaterialConnectionSource, StructureSource } from './context';
