export type { CampaignDeps } from './deps';
export { PacedPredictor } from './paced-predictor';
export { createCampaigns } from './service';
export { startCampaignWorker, type CampaignWorker, type CampaignWorkerOptions } from './worker';
export { keptCandidates, rankedCandidates, type KeptCandidate } from './found';
