export { candidatesOf, type RankedComposition } from './candidates';
export { createDiscovery } from './discovery';
export { DiscoveryPlan, type DiscoveryDeps, type PlanOptions } from './plan';
export type { Ranking } from './ranking/rank';
export type { ScreenedPart, ScreeningFailure, ScreenOptions } from './screening';
export { CAMPAIGN_CEILING, QUERY_CEILING } from './validation';
export type { Evolution } from './evolution/evolution';
export { inlineWork } from './offload/inline';
export type { SpaceWork } from './offload';
