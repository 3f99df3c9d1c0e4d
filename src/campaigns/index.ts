export { createCampaigns, type CampaignDeps } from './service';
export { startCampaignWorker, type CampaignWorker, type CampaignWorkerOptions } from './worker';
