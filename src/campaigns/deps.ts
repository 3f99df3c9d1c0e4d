import type { Database } from '../data';
import type { DiscoveryDeps } from '../discovery';
import type { Limits } from '../domain';

/** What campaigns are made over; the server and the workers have the same. */
export interface CampaignDeps extends DiscoveryDeps {
  readonly database: Database;
  readonly limits: Limits;
}
