import type { Principal } from './access';
import type { Page } from './catalog';
import type { Candidate, DiscoverInput, DiscoveryResult } from './discovery';
import type { ErrorCode } from './errors';

/** The contract's enum. DRAFT → QUEUED → RUNNING → COMPLETED; the others are left or entered by request, FAILED by an error. */
export const CAMPAIGN_STATUSES = ['DRAFT', 'QUEUED', 'RUNNING', 'PAUSED', 'COMPLETED', 'CANCELLED', 'FAILED'] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

/** Nothing changes in a campaign of one of these any more, unless it is resumed (FAILED). */
export const ENDED: ReadonlySet<CampaignStatus> = new Set(['COMPLETED', 'CANCELLED', 'FAILED']);

export interface CampaignRecord {
  readonly id: string;
  readonly ownerId: string;
  readonly name: string;
  readonly status: CampaignStatus;
  readonly input: DiscoverInput;
  /** Whether every scored candidate is kept, not only the best. */
  readonly keepAll: boolean;
  /** `name@version`, pinned when it starts. */
  readonly modelId: string | null;
  /** Positions of the design space; of a search, the most that it proposes until it has ended. */
  readonly total: number;
  /** Positions worked through, each counted once. */
  readonly done: number;
  /** Candidates that could not be predicted. */
  readonly failed: number;
  /** Why it is FAILED. */
  readonly error: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

export interface CampaignRate {
  /** Positions a second over the last minute. */
  readonly ratePerSecond: number;
  readonly etaSeconds: number | null;
}

/** A candidate that could not be scored, and why. */
export interface CampaignFailure {
  /** In the design space. */
  readonly position: number;
  readonly formula: string;
  readonly message: string;
  readonly code: ErrorCode;
}

export interface CreateCampaignInput {
  /** 1..200 characters. */
  readonly name: string;
  readonly discovery: DiscoverInput;
  /** Default true. */
  readonly start?: boolean | null;
  /** 1..255 characters: the same key and input give the same campaign back. Kept for 48 hours. */
  readonly idempotencyKey?: string | null;
  readonly keepAll?: boolean | null;
  /** The only one of the owner's webhooks that is told of it. */
  readonly webhookId?: string | null;
}

export interface CountedPage<T> extends Page<T> {
  readonly totalCount: number;
}

/** `first` is 1..100, checked by the caller; `after` is a cursor of an earlier page. */
export interface ForwardPage {
  readonly first: number;
  readonly after?: string | null;
}

/**
 * Campaigns as the API sees them. What belongs to another owner is not there: methods that take an id throw NOT_FOUND, `byId`
 * answers null. A change that the campaign's state does not allow is a CONFLICT.
 */
export interface Campaigns {
  /**
   * Checks and counts the design space before anything is stored.
   * @throws InputError; BeagleError SEARCH_SPACE_TOO_LARGE, QUOTA_EXCEEDED, IDEMPOTENCY_CONFLICT.
   */
  create(principal: Principal, input: CreateCampaignInput): Promise<CampaignRecord>;
  /** From DRAFT. Pins the model. */
  start(principal: Principal, id: string): Promise<CampaignRecord>;
  /** From QUEUED or RUNNING. Chunks under way are finished and kept. */
  pause(principal: Principal, id: string): Promise<CampaignRecord>;
  /** From PAUSED or FAILED. */
  resume(principal: Principal, id: string): Promise<CampaignRecord>;
  /** From everything but an end. What has been scored stays. */
  cancel(principal: Principal, id: string): Promise<CampaignRecord>;
  byId(principal: Principal, id: string): Promise<CampaignRecord | null>;
  /** Newest first. @throws InputError for a cursor of another list. */
  list(
    principal: Principal,
    page: ForwardPage & { readonly status?: readonly CampaignStatus[] | null },
  ): Promise<CountedPage<CampaignRecord>>;
  /** Null unless it is running. */
  rate(campaign: CampaignRecord): Promise<CampaignRate | null>;
  /** Best first; of a campaign that has not completed, what has been found so far. */
  results(
    campaign: CampaignRecord,
    page: ForwardPage & { readonly onlyFront?: boolean | null },
    signal?: AbortSignal,
  ): Promise<DiscoveryResult>;
  /** The first of `results`. */
  top(campaign: CampaignRecord, count: number, signal?: AbortSignal): Promise<readonly Candidate[]>;
  /** By position. */
  failures(campaign: CampaignRecord, page: ForwardPage): Promise<CountedPage<CampaignFailure>>;
  /**
   * The campaign as it is now, and again after changes, at most a few times a second; ends after the campaign's end.
   * @throws BeagleError NOT_FOUND
   */
  watch(principal: Principal, id: string, signal?: AbortSignal): AsyncIterableIterator<CampaignRecord>;
}
