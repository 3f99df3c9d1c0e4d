import type { CampaignOutcomeFragment, CampaignPartsFragment, CampaignStatus } from '../generated/graphql';
import { ApiError } from '../api/client';
import type { Property } from '../api/properties.svelte';
import { goalText } from '../candidates/candidates';

/** Nothing changes in these any more, unless a failed one is resumed. */
const ENDED: ReadonlySet<CampaignStatus> = new Set(['COMPLETED', 'CANCELLED', 'FAILED']);
export const isOver = (status: CampaignStatus): boolean => ENDED.has(status);
export const isActive = (status: CampaignStatus): boolean => status === 'QUEUED' || status === 'RUNNING';

export const STATUS_WORDS: Record<CampaignStatus, string> = {
  DRAFT: 'not started',
  QUEUED: 'waiting for a worker',
  RUNNING: 'running',
  PAUSED: 'paused',
  COMPLETED: 'completed',
  CANCELLED: 'cancelled',
  FAILED: 'failed',
};

/** @throws ApiError with what the API refused */
export function campaignOf(outcome: CampaignOutcomeFragment) {
  if (outcome.__typename === 'CampaignSuccess') return outcome.campaign;
  throw new ApiError(outcome.message, outcome.code, 'fields' in outcome ? outcome.fields : []);
}

/** `Band gap: close to 1.40 eV · Density: lower is better` */
export function aims(
  objectives: CampaignPartsFragment['objectives'],
  propertyOf: (key: string) => Property | undefined,
): string {
  return objectives
    .map(({ property: { key }, goal, target, min, max }) => {
      const property = propertyOf(key);
      return `${property?.name ?? key}: ${goalText({ property: key, goal, target, min, max }, property?.unit)}`;
    })
    .join(' · ');
}
