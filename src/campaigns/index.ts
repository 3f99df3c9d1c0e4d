export type { CampaignDeps } from './deps';
export { createCampaigns } from './service';
export { startCampaignWorker, type CampaignWorker, type CampaignWorkerOptions } from './worker';
export { keptCandidates, rankedCandidates, type KeptCandidate } from './found';
