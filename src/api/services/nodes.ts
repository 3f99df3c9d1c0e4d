import type { ApiKeyRecord, CampaignRecord, ExportRecord, MeasurementRecord, WebhookRecord } from '../../domain';
import { fromGlobalId, type Context, type NodeSource } from '../../../schema';
import { checkList, MAX_PAGE } from '../paging';
import { recordId } from './catalog';

export function nodeService(
  materials: Context['materials'],
  measurementById: (id: string) => Promise<MeasurementRecord | null>,
  models: Context['models'],
  keyById: (id: string) => Promise<ApiKeyRecord | null>,
  campaignById: (id: string) => Promise<CampaignRecord | null>,
  exportById: (id: string) => Promise<ExportRecord | null>,
  webhookById: (id: string) => Promise<WebhookRecord | null>,
): Context['nodes'] {
  const byId = async (globalId: string): Promise<NodeSource | null> => {
    const id = fromGlobalId(globalId);
    switch (id?.type) {
      case 'Material':
        return materials.byGlobalId(globalId);
      case 'Measurement': {
        const measurement = recordId(globalId, 'Measurement');
        return measurement === null ? null : measurementById(measurement);
      }
      case 'ApiKey': {
        const key = recordId(globalId, 'ApiKey');
        return key === null ? null : keyById(key);
      }
      case 'Campaign': {
        const campaign = recordId(globalId, 'Campaign');
        return campaign === null ? null : campaignById(campaign);
      }
      case 'Export': {
        const found = recordId(globalId, 'Export');
        return found === null ? null : exportById(found);
      }
      case 'Webhook': {
        const webhook = recordId(globalId, 'Webhook');
        return webhook === null ? null : webhookById(webhook);
      }
      case 'Model':
        return models.byId(id.id);
      default:
        return null;
    }
  };
  return {
    byId,
    async byIds(globalIds) {
      checkList('ids', globalIds, MAX_PAGE);
      const settled = await Promise.allSettled(globalIds.map(byId));
      return settled.map((one) => (one.status === 'fulfilled' ? one.value : asError(one.reason)));
    },
  };
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
