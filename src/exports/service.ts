import { v7 as uuidv7 } from 'uuid';
import type { Database, StoredExport } from '../data';
import {
  BeagleError,
  type Campaigns,
  type Catalog,
  type ExportFile,
  type ExportRecord,
  type Exports,
  type Predictor,
  type Principal,
} from '../domain';
import { readChunks } from './chunks';
import { FORMATS } from './formats';
import { isOver, isSigned, linkTo } from './link';

/** What one owner may have under way, and kept, at a time. */
const MAX_RUNNING = 4;
const MAX_KEPT = 50;

export interface ExportDeps {
  readonly database: Database;
  readonly predictor: Predictor;
  readonly campaigns: Pick<Campaigns, 'byId'>;
  readonly catalog: Pick<Catalog, 'search'>;
}

/** Exports as clients ask for them; workers (worker.ts) write the files. */
export function createExports({ database, predictor, campaigns, catalog }: ExportDeps): Exports {
  const store = database.exports;
  // Read once: nobody changes it.
  let secret: Promise<Buffer> | null = null;
  const linkSecret = (): Promise<Buffer> => {
    secret ??= store.secret('export-links');
    secret.catch(() => (secret = null));
    return secret;
  };

  function begin(
    { ownerId }: Principal,
    what: Pick<StoredExport, 'campaignId' | 'filter' | 'format'>,
  ): Promise<ExportRecord> {
    const { id: modelId, sha256: modelSha256 } = predictor.model;
    return database.transaction(async ({ exports }) => {
      await exports.lockOwner(ownerId);
      const there = what.campaignId === null ? null : await exports.ofCampaign(what.campaignId, what.format);
      if (there !== null) return there;
      const { running, kept } = await exports.countOf(ownerId);
      if (running >= MAX_RUNNING)
        throw tooMany(`${running} exports are being written; begin more when one is complete`);
      if (kept >= MAX_KEPT) throw tooMany(`${kept} exports are kept; begin more when one has expired`);
      return exports.insert({ id: uuidv7(), ownerId, modelId, modelSha256, ...what });
    });
  }

  return {
    async exportCampaign(principal, campaignId, format) {
      const campaign = await campaigns.byId(principal, campaignId);
      if (campaign === null) throw new BeagleError('NOT_FOUND', 'there is no such campaign');
      const { status, modelId } = campaign;
      if (status !== 'COMPLETED') {
        const message = `the campaign is ${status}: only one that is COMPLETED can be exported`;
        throw new BeagleError('CONFLICT', message, [], { status });
      }
      if (modelId !== predictor.model.id) {
        const message = `the campaign was scored by ${modelId}; this server answers from ${predictor.model.id}`;
        throw new BeagleError('MODEL_UNAVAILABLE', message);
      }
      return begin(principal, { campaignId, filter: null, format });
    },
    async exportMaterials(principal, filter, format) {
      // What is wrong with the filter is told now, not by an export that fails.
      await catalog.search(filter, { first: 1 });
      return begin(principal, { campaignId: null, filter, format });
    },
    async byId({ ownerId }, id) {
      const found = await store.byId(id);
      return found?.ownerId === ownerId ? found : null;
    },
    async link(record) {
      if (record.status !== 'COMPLETED' || record.expiresAt === null) return null;
      return linkTo(await linkSecret(), record.id, nameOf(record), record.expiresAt);
    },
    async open(link) {
      if (!isSigned(await linkSecret(), link))
        throw new BeagleError('FORBIDDEN', 'the link is not one of this server: take the `url` of the export as it is');
      const found = isOver(link) ? null : await store.byId(link.id);
      if (found === null) throw new BeagleError('NOT_FOUND', 'the export has expired: begin it again');
      return fileOf(found);
    },
  };

  function fileOf(found: StoredExport): ExportFile {
    const { id, format, bytes, digest, modelId } = found;
    return {
      name: nameOf(found),
      mediaType: FORMATS[format].mediaType,
      bytes: bytes!,
      sha256: digest!,
      modelId,
      read: (from, to) => readChunks(store, id, from, to),
    };
  }
}

const tooMany = (message: string): BeagleError => new BeagleError('CONFLICT', message);

const nameOf = ({ id, campaignId, format }: ExportRecord): string =>
  `beagle-${campaignId === null ? 'materials' : 'campaign'}-${id.slice(-12)}.${FORMATS[format].extension}`;
