import {
  arg,
  enumType,
  idArg,
  inputObjectType,
  list,
  mutationField,
  nonNull,
  objectType,
  queryField,
  unionType,
} from 'nexus';
import { MAX_WEBHOOKS, WEBHOOK_EVENTS, type WebhookEvent as Event } from '../src/domain';
import { toGlobalId } from '../src/domain/global-id';
import type { Failure } from './context';
import { atMost } from './cost';
import { errorType } from './errors';

const MEANINGS: Record<Event, string> = {
  CAMPAIGN_STARTED: '`campaign.started`: a worker has begun.',
  CAMPAIGN_COMPLETED: '`campaign.completed`: its results are final.',
  CAMPAIGN_FAILED: '`campaign.failed`: it ended by an error.',
  EXPORT_COMPLETED: '`export.completed`: the file can be downloaded.',
};

export const WebhookEvent = enumType({
  name: 'WebhookEvent',
  description: 'What a webhook can be told of, with the `type` of the message.',
  members: WEBHOOK_EVENTS.map((name) => ({ name, description: MEANINGS[name] })),
});

export const Webhook = objectType({
  name: 'Webhook',
  access: ['CAMPAIGNS_READ', 'CAMPAIGNS_WRITE'],
  description: 'An address of yours that is told of events, as Standard Webhooks says (docs/webhooks.md).',
  definition(t) {
    t.implements('Node');
    t.id('id', { description: 'Global id.', resolve: ({ id }) => toGlobalId('Webhook', id) });
    t.string('url', { description: 'Where messages are posted to.' });
    t.list.field('events', { type: WebhookEvent, description: 'What it is told of.' });
    t.boolean('enabled', { description: 'False once the receiver has said that it is gone, or was silent for days.' });
    t.nullable.string('disabledReason', { description: 'Why it is not enabled any more.' });
    t.dateTime('createdAt', { description: 'When it was created.' });
    t.nullable.dateTime('lastDelivery', { description: 'When the receiver last acknowledged a message.' });
  },
});

export const CreateWebhookInput = inputObjectType({
  name: 'CreateWebhookInput',
  description: 'A new webhook.',
  definition(t) {
    t.nonNull.string('url', { description: 'https, outside private networks, at most 2,000 characters.' });
    t.nonNull.list.nonNull.field('events', { type: WebhookEvent, description: 'What it is to be told of.' });
  },
});

export const CreateWebhookSuccess = objectType({
  name: 'CreateWebhookSuccess',
  access: 'OWNER',
  description: 'The webhook and, this once, the secret that its messages are signed with.',
  definition(t) {
    t.field('webhook', { type: Webhook, description: 'The webhook.' });
    t.string('signingSecret', {
      description: '`whsec_` and base64, for any Standard Webhooks library. It cannot be shown again.',
    });
  },
});

export const CreateWebhookResult = unionType({
  name: 'CreateWebhookResult',
  description: 'The new webhook, or why there is none.',
  definition(t) {
    t.members('CreateWebhookSuccess', 'ValidationError');
  },
  resolveType: (source) =>
    'signingSecret' in source ? 'CreateWebhookSuccess' : (errorType(source as Failure) as 'ValidationError'),
});

export const DeleteWebhookSuccess = objectType({
  name: 'DeleteWebhookSuccess',
  access: 'OWNER',
  description: 'The webhook is not there any more, and is told nothing more.',
  definition(t) {
    t.id('id', { description: 'Its global id.' });
  },
});

export const DeleteWebhookResult = unionType({
  name: 'DeleteWebhookResult',
  description: 'That it was deleted, or why not.',
  definition(t) {
    t.members('DeleteWebhookSuccess', 'NotFoundError');
  },
  resolveType: (source) => ('id' in source ? 'DeleteWebhookSuccess' : 'NotFoundError'),
});

export const webhooks = queryField('webhooks', {
  type: nonNull(list(nonNull(Webhook))),
  access: 'CAMPAIGNS_READ',
  description: `Your webhooks, newest first; at most ${MAX_WEBHOOKS}.`,
  complexity: atMost(MAX_WEBHOOKS),
  resolve: (_, __, context) => context.webhooks.list(),
});

export const createWebhook = mutationField('createWebhook', {
  type: nonNull(CreateWebhookResult),
  access: 'CAMPAIGNS_WRITE',
  description: 'Has an address of yours told of events. The signing secret is answered this once.',
  args: { input: nonNull(arg({ type: CreateWebhookInput, description: 'The webhook.' })) },
  resolve: (_, { input }, context) => context.webhooks.create(input),
});

export const deleteWebhook = mutationField('deleteWebhook', {
  type: nonNull(DeleteWebhookResult),
  access: 'CAMPAIGNS_WRITE',
  description: 'Deletes a webhook, and what it has not been told yet.',
  args: { id: nonNull(idArg({ description: 'The webhook.' })) },
  resolve: (_, { id }, context) => context.webhooks.delete(id),
});
