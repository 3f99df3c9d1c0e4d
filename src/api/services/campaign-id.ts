import { BeagleError } from '../../domain';
import { recordId } from './catalog';

/** @throws BeagleError NOT_FOUND for what cannot be the id of a campaign */
export function campaignId(globalId: string): string {
  const id = recordId(globalId, 'Campaign');
  if (id === null) throw new BeagleError('NOT_FOUND', 'there is no such campaign');
  return id;
}
