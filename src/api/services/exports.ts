import { BeagleError, type ErrorCode, type Exports, type Principal } from '../../domain';
import type { Context } from '../../../schema';
import { recordId } from './catalog';
import { asData } from './expected';

const EXPECTED: ReadonlySet<ErrorCode> = new Set(['NOT_FOUND', 'CONFLICT']);

/** Exports of one principal. @param origin `https://host` of this server as the client sees it */
export function exportService(exports: Exports, principal: Principal, origin: string): Context['exports'] {
  return {
    exportCampaign: (globalId, format) =>
      asData(EXPECTED, async () => {
        const id = recordId(globalId, 'Campaign');
        if (id === null) throw new BeagleError('NOT_FOUND', 'there is no such campaign');
        return { export: await exports.exportCampaign(principal, id, format) };
      }),
    exportMaterials: (filter, format) =>
      asData(EXPECTED, async () => ({ export: await exports.exportMaterials(principal, filter ?? {}, format) })),
    async url(record) {
      const path = await exports.link(record);
      return path === null ? null : `${origin}${path}`;
    },
  };
}
