import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../data';
import { BeagleError, InputError, MAX_WEBHOOKS, type FieldError, type Webhooks } from '../domain';
import { addressProblem } from './address';

/** Standard Webhooks asks for 24 to 64. */
const SECRET_BYTES = 32;

/** Webhooks as clients ask for them; deliverer.ts sends. @param allowPrivate also addresses of private networks, and plain http */
export function createWebhooks(database: Database, allowPrivate: boolean): Webhooks {
  const store = database.webhooks;
  return {
    async create({ ownerId }, { url, events }) {
      const problems: FieldError[] = [];
      const address = addressProblem(url, allowPrivate);
      if (address !== null) problems.push({ path: ['input', 'url'], message: address });
      if (events.length === 0) problems.push({ path: ['input', 'events'], message: 'must name at least one event' });
      if (problems.length > 0) throw new InputError(problems);
      const secret = randomBytes(SECRET_BYTES);
      const wanted = { id: uuidv7(), ownerId, url, events: [...new Set(events)], secret };
      const webhook = await store.insert(wanted, MAX_WEBHOOKS);
      if (webhook === null) {
        const message = `there are ${MAX_WEBHOOKS} webhooks, as many as one owner may have: delete one first`;
        throw new InputError([{ path: ['input'], message }]);
      }
      return { webhook, signingSecret: `whsec_${secret.toString('base64')}` };
    },
    list: ({ ownerId }) => store.ofOwner(ownerId),
    async byId({ ownerId }, id) {
      const webhook = await store.byId(id);
      return webhook?.ownerId === ownerId ? webhook : null;
    },
    async delete({ ownerId }, id) {
      if (!(await store.delete(ownerId, id))) throw new BeagleError('NOT_FOUND', 'there is no such webhook');
    },
  };
}
