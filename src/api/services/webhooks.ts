import { BeagleError, InputError, type ErrorCode, type Principal, type Webhooks } from '../../domain';
import type { Context } from '../../../schema';
import { recordId } from './catalog';
import { asData } from './expected';

const MISSING: ReadonlySet<ErrorCode> = new Set(['NOT_FOUND']);

/** Webhooks of one principal. */
export function webhookService(webhooks: Webhooks, principal: Principal): Context['webhooks'] {
  return {
    list: () => webhooks.list(principal),
    async create(input) {
      try {
        return await webhooks.create(principal, input);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        const { message, fields } = error;
        return { code: 'BAD_USER_INPUT', message, fields };
      }
    },
    delete: (globalId) =>
      asData(MISSING, async () => {
        const id = recordId(globalId, 'Webhook');
        if (id === null) throw new BeagleError('NOT_FOUND', 'there is no such webhook');
        await webhooks.delete(principal, id);
        return { id: globalId };
      }),
  };
}
