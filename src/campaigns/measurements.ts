import { v7 as uuidv7 } from 'uuid';
import { parseFormula } from '../chemistry';
import { claimKey, hashOf, type Database, type NewMeasurement, type StoredMeasurement } from '../data';
import {
  BeagleError,
  InputError,
  type CampaignLoop,
  type CheckedMeasurement,
  type MeasurementRecord,
  type MeasurementRecorder,
} from '../domain';

type Measurements = Pick<CampaignLoop, 'recordMeasurements' | 'measurements' | 'measurementById'>;

/** What is measured for campaigns: told once, kept with the campaign, seen by its owner alone. */
export function campaignMeasurements(database: Database, recorder: Pick<MeasurementRecorder, 'check'>): Measurements {
  const store = database.campaignLoop;
  return {
    async recordMeasurements({ ownerId }, campaignId, input) {
      const checked = recorder.check(input);
      const rows = checked.map(rowOf);
      const { idempotencyKey } = input;
      const ids = await database.transaction(async ({ campaigns, campaignLoop }) => {
        const campaign = await campaigns.lock(campaignId);
        if (campaign?.ownerId !== ownerId) throw new BeagleError('NOT_FOUND', 'there is no such campaign');
        // Storing again stores nothing, so that what a key was used for need not be kept.
        if (idempotencyKey != null) {
          const payload = ['recordMeasurements', campaignId, rows.map(({ digest }) => digest.toString('hex'))];
          await claimKey(campaigns, ownerId, idempotencyKey, payload, campaignId);
        }
        return campaignLoop.addMeasurements(campaignId, rows);
      });
      return rows.map(({ digest: _, ...row }, i) => recordOf({ ...row, id: ids[i]! }));
    },
    async measurements(campaign, { first, after }) {
      const [rows, totalCount] = await Promise.all([
        store.measurements(campaign.id, after == null ? null : readCursor(campaign.id, after), first),
        store.countMeasurements(campaign.id),
      ]);
      const edges = rows
        .slice(0, first)
        .map((row) => ({ cursor: writeCursor(campaign.id, row.id), node: recordOf(row) }));
      return { edges, hasNextPage: rows.length > first, hasPreviousPage: after != null, totalCount };
    },
    async measurementById({ ownerId }, id) {
      const [row] = await store.measurementsByIds(ownerId, [id]);
      return row ? recordOf(row) : null;
    },
  };
}

function rowOf({ composition, source, ...measurement }: CheckedMeasurement): NewMeasurement {
  const { property, value, unit, uncertainty, fidelity, conditions } = measurement;
  const { name, url = null, doi = null, licence = null } = source;
  const content = {
    formula: composition.input,
    property,
    value,
    unit,
    uncertainty: uncertainty ?? null,
    fidelity,
    conditions: conditions ?? {},
    source: { name, url, doi, licence },
  };
  return { id: uuidv7(), ...content, digest: hashOf(content) };
}

/** Its own source record: what a campaign cites is in no list of the catalogue. */
const recordOf = ({ formula, source, ...measurement }: StoredMeasurement): MeasurementRecord => ({
  ...measurement,
  materialId: null,
  composition: parseFormula(formula),
  source: { id: measurement.id, ...source },
});

const writeCursor = (campaignId: string, id: string): string =>
  Buffer.from(`1:${campaignId}:measurements:${id}`).toString('base64url');

function readCursor(campaignId: string, cursor: string): string {
  const [version, campaign, list, id, ...rest] = Buffer.from(cursor, 'base64url').toString().split(':');
  const isOurs = version === '1' && campaign === campaignId && list === 'measurements' && rest.length === 0;
  if (isOurs && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id ?? '')) return id!;
  throw new InputError([{ path: ['after'], message: 'is not a cursor of the measurements of this campaign' }]);
}
