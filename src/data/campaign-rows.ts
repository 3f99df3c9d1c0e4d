import type { CampaignFailure, CampaignRecord, DiscoverySummary } from '../domain';

/** A campaign with what only those who work on it need. */
export interface StoredCampaign extends CampaignRecord {
  readonly webhookId: string | null;
  readonly chargedTo: string;
  readonly predictionsPerDay: number;
  readonly chunkSize: number;
  readonly chunks: number;
  readonly chunksDone: number;
  readonly epoch: number;
  readonly modelSha256: string | null;
  readonly fingerprint: string;
  /** As `KnownCompositions.measuredTogether` answered when it started; null if the ranking does not look at it. */
  readonly measured: readonly (readonly number[])[] | null;
  readonly notBefore: Date | null;
  readonly summary: DiscoverySummary | null;
}

/** What a chunk came to, as columns. */
export interface StoredPart {
  readonly chunk: number;
  /** Positions worked through. */
  readonly size: number;
  readonly positions: Uint32Array;
  /** Candidates × objectives. */
  readonly costs: Float64Array;
  readonly scores: Float64Array | null;
  readonly passedFilters: number;
  readonly predicted: number;
  readonly failed: number;
  readonly modelRuns: number;
}

export interface NewPart extends StoredPart {
  /** Candidates × objectives × what is kept of each; null unless the campaign keeps all. */
  readonly readings: Float32Array | null;
  readonly failures: readonly CampaignFailure[];
}

export interface StoredResult {
  readonly rank: number;
  readonly position: number;
  readonly formula: string;
  readonly score: number;
  readonly paretoFront: number;
}

export interface CampaignRow {
  id: string;
  owner_id: string;
  name: string;
  status: CampaignRecord['status'];
  input: CampaignRecord['input'];
  keep_all: boolean;
  webhook_id: string | null;
  charged_to: string;
  predictions_per_day: bigint;
  chunk_size: number;
  chunks: number;
  chunks_done: number;
  total: number;
  done: number;
  failed: number;
  epoch: number;
  model_id: string | null;
  model_sha256: string | null;
  fingerprint: string;
  measured: number[][] | null;
  not_before: Date | null;
  error: string | null;
  summary: DiscoverySummary | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

export const campaignOf = (row: CampaignRow): StoredCampaign => ({
  id: row.id,
  ownerId: row.owner_id,
  name: row.name,
  status: row.status,
  input: row.input,
  keepAll: row.keep_all,
  webhookId: row.webhook_id,
  chargedTo: row.charged_to,
  predictionsPerDay: Number(row.predictions_per_day),
  chunkSize: row.chunk_size,
  chunks: row.chunks,
  chunksDone: row.chunks_done,
  total: row.total,
  done: row.done,
  failed: row.failed,
  epoch: row.epoch,
  modelId: row.model_id,
  modelSha256: row.model_sha256,
  fingerprint: row.fingerprint,
  measured: row.measured,
  notBefore: row.not_before,
  error: row.error,
  summary: row.summary,
  createdAt: row.created_at,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
});

export interface PartRow {
  chunk: number;
  size: number;
  positions: Uint8Array;
  costs: Uint8Array;
  scores: Uint8Array | null;
  passed_filters: number;
  predicted: number;
  failed: number;
  model_runs: number;
}

/** What a completed campaign keeps of a chunk. */
export type KeptPart = Pick<StoredPart, 'chunk' | 'positions' | 'scores'> & Pick<NewPart, 'readings'>;

export const keptPartOf = (
  row: Pick<PartRow, 'chunk' | 'positions' | 'scores'> & { readings: Uint8Array | null },
): KeptPart => ({
  chunk: row.chunk,
  positions: new Uint32Array(copied(row.positions)),
  scores: row.scores && new Float64Array(copied(row.scores)),
  readings: row.readings && new Float32Array(copied(row.readings)),
});

export const partOf = (row: PartRow): StoredPart => ({
  chunk: row.chunk,
  size: row.size,
  positions: new Uint32Array(copied(row.positions)),
  costs: new Float64Array(copied(row.costs)),
  scores: row.scores && new Float64Array(copied(row.scores)),
  passedFilters: row.passed_filters,
  predicted: row.predicted,
  failed: row.failed,
  modelRuns: row.model_runs,
});

/** What a driver hands out may be unaligned and part of a larger buffer. */
export const copied = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

/** Little-endian, as every processor that Node and ONNX Runtime are built for. */
export const bytesOf = (array: Uint32Array | Float64Array | Float32Array): Buffer =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength);
