/** The parent values that resolvers start from, for Nexus' generated types. */
export type { Composition, ElementAmount, OxidationState } from '../src/chemistry';
export type {
  Candidate,
  Conditions,
  DiscoveryResult,
  Evaluation,
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
} from '../src/domain';
export type { InvalidFormula, MaterialConnectionSource, StructureSource } from './context';
