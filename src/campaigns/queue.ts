import { v5 as uuidv5 } from 'uuid';
import type { Database, Log } from '../data';
import { JobQueue, type TakenJob } from '../jobs';

/** A chunk by its number, or the ranking of all. */
export interface CampaignJob {
  readonly campaignId: string;
  readonly epoch: number;
  readonly work: number | 'rank';
}

export type CampaignQueue = JobQueue<CampaignJob>;
export type TakenCampaignJob = TakenJob<CampaignJob>;

const JOB_IDS = '2f1c8a53-5c0e-4a0c-9d3d-7f2f1c0f6a11';

/** The jobs of one model's campaigns. A model has a queue of its own: a worker takes only what it can do. */
export function openCampaignQueue(database: Database, modelSha256: string, log: Log): Promise<CampaignQueue> {
  return JobQueue.open(database, `campaigns-${modelSha256.slice(0, 16)}`, log);
}

export const queued = (data: CampaignJob) => ({
  id: uuidv5(`${data.campaignId}/${data.epoch}/${data.work}`, JOB_IDS),
  data,
});
