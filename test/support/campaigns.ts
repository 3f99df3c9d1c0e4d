import { setTimeout as sleep } from 'node:timers/promises';
import { AccessLimits, DAY_MS, leasedFrom, MINUTE_MS } from '../../src/access/limits';
import { createMeasurementRecorder } from '../../src/catalog';
import { createCampaigns, startCampaignWorker, type CampaignWorker } from '../../src/campaigns';
import { silentLog, type Database } from '../../src/data';
import { createDiscovery } from '../../src/discovery';
import {
  ENDED,
  type CampaignRecord,
  type DiscoverInput,
  type KnownCompositions,
  type Predictor,
  type Principal,
} from '../../src/domain';
import { fakeKnown, fakePredictor } from '../unit/discovery/fakes';
import { EVERYBODY } from './server';

/** 23,751 positions in six chunks, without filters that cost time. */
export const SPACE: DiscoverInput = {
  space: { mix: { components: ['Fe', 'Ni', 'Co', 'Cr', 'Mn'].map((formula) => ({ formula })), step: 0.04 } },
  objectives: [
    { property: 'BAND_GAP', goal: 'MAXIMIZE' },
    { property: 'DENSITY', goal: 'MINIMIZE' },
  ],
};

export const someone = (ownerId: string, part: Partial<Principal> = {}): Principal => ({
  ...EVERYBODY,
  ownerId,
  ...part,
});

/** The campaigns of one server over a database, with a made-up model, and as many workers as a test starts. */
export function campaignsOn(
  database: Database,
  predictor: Predictor = fakePredictor(),
  known: KnownCompositions = fakeKnown(),
) {
  const limits = new AccessLimits(
    leasedFrom(database.access, 'POINTS', MINUTE_MS),
    leasedFrom(database.access, 'PREDICTIONS', DAY_MS),
  );
  const campaigns = createCampaigns({ database, predictor, known, limits }, createMeasurementRecorder(database));
  const workers: CampaignWorker[] = [];
  return {
    campaigns,
    limits,
    discovery: createDiscovery({ predictor, known }),
    async startWorker(): Promise<CampaignWorker> {
      const worker = await startCampaignWorker({ database, predictor, known, limits, log: silentLog });
      workers.push(worker);
      return worker;
    },
    async stopWorkers(): Promise<void> {
      await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    },
    /** The campaign once it is as wanted; by default, ended. */
    async until(
      principal: Principal,
      id: string,
      wanted: (campaign: CampaignRecord) => boolean = ({ status }) => ENDED.has(status),
    ): Promise<CampaignRecord> {
      for (;;) {
        const campaign = await campaigns.byId(principal, id);
        if (campaign !== null && wanted(campaign)) return campaign;
        await sleep(20);
      }
    },
  };
}
