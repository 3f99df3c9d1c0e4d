import type { Principal } from './access';
import type { MaterialFilter } from './catalog';

/** The contract's enums. */
export const EXPORT_FORMATS = ['CSV', 'JSONL', 'PARQUET'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
export const EXPORT_STATUSES = ['RUNNING', 'COMPLETED', 'FAILED'] as const;
export type ExportStatus = (typeof EXPORT_STATUSES)[number];

export interface ExportRecord {
  readonly id: string;
  readonly ownerId: string;
  /** Null: materials. */
  readonly campaignId: string | null;
  readonly format: ExportFormat;
  readonly status: ExportStatus;
  /** Of a file that is complete. */
  readonly rows: number | null;
  readonly bytes: number | null;
  /** Why it is FAILED. */
  readonly error: string | null;
  readonly createdAt: Date;
  /** From then on neither the file nor this record is there; null while it is being written. */
  readonly expiresAt: Date | null;
}

/** A complete file, to be read in pieces. */
export interface ExportFile {
  /** As a browser should save it. */
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: Buffer;
  /** `name@version` of the model that its values are of. */
  readonly modelId: string;
  /** @param from first byte, @param to last byte, both inclusive */
  read(from: number, to: number): AsyncIterable<Uint8Array>;
}

/** What a signed link is made of; `signature` and `expires` (seconds since 1970) as they came in. */
export interface ExportLink {
  readonly id: string;
  readonly expires: string;
  readonly signature: string;
}

/** Exports as the API sees them. What belongs to another owner is not there. */
export interface Exports {
  /**
   * Begins the export of a completed campaign; the one that there is already, if it is of this format.
   * @throws BeagleError NOT_FOUND; CONFLICT before the campaign is complete; MODEL_UNAVAILABLE if another model scored it.
   */
  exportCampaign(principal: Principal, campaignId: string, format: ExportFormat): Promise<ExportRecord>;
  /** Begins the export of the materials that match. @throws InputError; BeagleError CONFLICT if too many exports are there. */
  exportMaterials(principal: Principal, filter: MaterialFilter, format: ExportFormat): Promise<ExportRecord>;
  byId(principal: Principal, id: string): Promise<ExportRecord | null>;
  /** Path and query under which the file can be had without a key until it expires; null unless it is COMPLETED. */
  link(record: ExportRecord): Promise<string | null>;
  /** @throws BeagleError FORBIDDEN for a link that is not of this server's making; NOT_FOUND once it has expired. */
  open(link: ExportLink): Promise<ExportFile>;
}
