import {
  arg,
  enumType,
  idArg,
  inputObjectType,
  intArg,
  list,
  mutationField,
  nonNull,
  objectType,
  queryField,
  unionType,
} from 'nexus';
import { SCOPES, type Scope as Name } from '../src/domain';
import { part, perFirst } from './cost';
import { errorType } from './errors';
import type { Failure } from './context';
import { toGlobalId } from '../src/domain/global-id';

const MEANINGS: Record<Name, string> = {
  MATERIALS_READ: 'Read materials and measurements.',
  MATERIALS_WRITE: 'Import materials, record measurements.',
  PREDICTIONS_RUN: 'Run Darwin: predictions and discovery.',
  CAMPAIGNS_READ: 'Read campaigns and their results.',
  CAMPAIGNS_WRITE: 'Create, start, pause, resume and cancel campaigns.',
  KEYS_ADMIN: 'Create, rotate and revoke API keys.',
};
const DEFAULT_KEYS = 100;
const DEFAULT_DAYS = 30;

export const ScopeEnum = enumType({
  name: 'Scope',
  description: 'What a key may do.',
  members: SCOPES.map((name) => ({ name, description: MEANINGS[name] })),
});

export const UsageDay = objectType({
  name: 'UsageDay',
  access: 'OWNER',
  description: 'What a key used on one day (UTC); a few seconds behind.',
  definition(t) {
    t.dateTime('day', { description: 'The day, at 00:00 UTC.' });
    t.int('requests', { description: 'HTTP requests.' });
    t.int('cost', { description: 'Points.' });
    t.int('predictions', { description: 'Predictions run.' });
  },
});

export const ApiKey = objectType({
  name: 'ApiKey',
  access: 'OWNER',
  description:
    'An API key; its secret was shown once, when it was made. Seen by an administrator of keys, and by itself as `viewer.apiKey`.',
  definition(t) {
    t.implements('Node');
    t.id('id', { description: 'Names the key to rotate or revoke.', resolve: (key) => toGlobalId('ApiKey', key.id) });
    t.string('name', { description: 'What its maker called it.' });
    t.string('prefix', { description: '`bgl_live_<id 8>`: the part of the key that may be shown.' });
    t.list.field('scopes', { type: ScopeEnum, description: 'What it may do.' });
    t.dateTime('createdAt', { description: 'When it was made.' });
    t.nullable.dateTime('expiresAt', { description: 'When it ends by itself.' });
    t.nullable.dateTime('lastUsedAt', { description: 'Its last use, to the minute.' });
    t.nullable.dateTime('revokedAt', { description: 'When it was withdrawn.' });
    t.list.field('usage', {
      type: UsageDay,
      description: 'Use per day, oldest first; days without any are left out.',
      args: { days: intArg({ default: DEFAULT_DAYS, description: 'How many days back, 1 to 366.' }) },
      complexity: ({ args, childComplexity }) => Math.max(1, Number(args.days) || 1) * (1 + childComplexity),
      resolve: (key, { days }, context) => context.access.usage(key, days ?? DEFAULT_DAYS),
    });
  },
});

export const RateLimit = objectType({
  name: 'RateLimit',
  access: 'OWNER',
  description: 'Points a minute.',
  definition(t) {
    t.int('limit', { description: 'Points in a full minute.' });
    t.int('remaining', { description: 'Points left in this minute, this operation already charged.' });
    t.dateTime('resetAt', { description: 'When the next minute begins.' });
    t.int('cost', { description: 'Points that this operation was charged.' });
  },
});

export const Quota = objectType({
  name: 'Quota',
  access: 'OWNER',
  description: 'Predictions a day.',
  definition(t) {
    t.int('limit', { description: 'Predictions in a full day (UTC).' });
    t.int('remaining', { description: 'Predictions left today.' });
    t.dateTime('resetAt', { description: 'When the next day begins.' });
  },
});

export const Viewer = objectType({
  name: 'Viewer',
  access: 'OWNER',
  description: 'Who is asking, and what is left to them.',
  definition(t) {
    t.nullable.field('apiKey', {
      type: ApiKey,
      description: 'The key of this request; null for anonymous.',
      resolve: (_, __, context) => context.access.viewerKey(),
    });
    t.list.field('scopes', {
      type: ScopeEnum,
      description: 'What they may do.',
      resolve: (_, __, { principal }) => [...principal.scopes],
    });
    t.field('rateLimit', {
      type: RateLimit,
      complexity: part,
      description: 'Points a minute.',
      resolve: (_, __, context) => context.access.rateLimit(),
    });
    t.field('predictionQuota', {
      type: Quota,
      complexity: part,
      description: 'Predictions a day.',
      resolve: (_, __, context) => context.access.predictionQuota(),
    });
  },
});

export const viewer = queryField('viewer', {
  type: nonNull(Viewer),
  access: 'PUBLIC',
  description: 'Who is asking, and what is left to them.',
  resolve: () => ({}),
});

export const apiKeys = queryField('apiKeys', {
  type: nonNull(list(nonNull(ApiKey))),
  access: 'KEYS_ADMIN',
  description: 'The newest keys, newest first, expired and revoked ones included.',
  args: { first: intArg({ default: DEFAULT_KEYS, description: 'How many at most, 1 to 1000.' }) },
  complexity: perFirst(DEFAULT_KEYS),
  resolve: (_, { first }, context) => context.access.keys(first ?? DEFAULT_KEYS),
});

export const CreateApiKeyInput = inputObjectType({
  name: 'CreateApiKeyInput',
  description: 'A new key. It belongs to an owner of its own, and so will what it creates.',
  definition(t) {
    t.nonNull.string('name', { description: '1 to 100 characters.' });
    t.nonNull.list.nonNull.field('scopes', {
      type: ScopeEnum,
      description: 'At least one; none that the granting key lacks.',
    });
    t.int('expiresInDays', { default: 90, description: '1 to 3650.' });
    t.int('requestsPerMinute', { description: 'Points a minute; 100,000 unless given.' });
    t.int('predictionsPerDay', { description: 'Predictions a day; 1,000,000 unless given.' });
    t.int('concurrentCampaigns', { description: 'Campaigns queued or running at once, 1 to 1,000; 10 unless given.' });
    t.int('candidatesPerCampaign', {
      description: 'Candidates of the design space of one campaign; 10,000,000, which is the most, unless given.',
    });
  },
});

export const CreateApiKeySuccess = objectType({
  name: 'CreateApiKeySuccess',
  access: 'OWNER',
  description: 'The key and, this once, its secret.',
  definition(t) {
    t.field('apiKey', { type: ApiKey, description: 'The key.', resolve: ({ key }) => key });
    t.string('secret', { description: 'Send it as `Authorization: Bearer` or `x-api-key`. It cannot be shown again.' });
  },
});

export const CreateApiKeyResult = unionType({
  name: 'CreateApiKeyResult',
  description: 'The new key, or why there is none.',
  definition(t) {
    t.members('CreateApiKeySuccess', 'ValidationError', 'NotFoundError');
  },
  resolveType: (source) =>
    'secret' in source ? 'CreateApiKeySuccess' : (errorType(source as Failure) as 'ValidationError'),
});

export const RevokeApiKeySuccess = objectType({
  name: 'RevokeApiKeySuccess',
  access: 'OWNER',
  description: 'The key is withdrawn: refused here at once, and within five seconds by every other server.',
  definition(t) {
    t.field('apiKey', { type: ApiKey, description: 'The key.', resolve: ({ key }) => key });
  },
});

export const RevokeApiKeyResult = unionType({
  name: 'RevokeApiKeyResult',
  description: 'The revoked key, or why there is none.',
  definition(t) {
    t.members('RevokeApiKeySuccess', 'NotFoundError');
  },
  resolveType: (source) => ('key' in source ? 'RevokeApiKeySuccess' : 'NotFoundError'),
});

export const createApiKey = mutationField('createApiKey', {
  type: nonNull(CreateApiKeyResult),
  access: 'KEYS_ADMIN',
  description: 'Makes a key. Its secret is answered this once.',
  args: { input: nonNull(arg({ type: CreateApiKeyInput, description: 'The new key.' })) },
  resolve: (_, { input }, context) => context.access.create(input),
});

export const rotateApiKey = mutationField('rotateApiKey', {
  type: nonNull(CreateApiKeyResult),
  access: 'KEYS_ADMIN',
  description:
    'Makes a new key with the owner, scopes and limits of an old one, which works for the overlap and then ends.',
  args: {
    id: nonNull(idArg({ description: 'The key to replace.' })),
    overlapHours: intArg({ default: 24, description: 'How long the old key still works, 0 to 720 hours.' }),
  },
  resolve: (_, { id, overlapHours }, context) => context.access.rotate(id, overlapHours ?? 24),
});

export const revokeApiKey = mutationField('revokeApiKey', {
  type: nonNull(RevokeApiKeyResult),
  access: 'KEYS_ADMIN',
  description: 'Withdraws a key for good.',
  args: { id: nonNull(idArg({ description: 'The key to withdraw.' })) },
  resolve: (_, { id }, context) => context.access.revoke(id),
});
