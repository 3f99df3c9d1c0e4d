import type { Scope } from '../generated/graphql';

/** What a scope lets its key do. */
export const SCOPE_WORDS: Record<Scope, string> = {
  MATERIALS_READ: 'read materials',
  MATERIALS_WRITE: 'import materials',
  PREDICTIONS_RUN: 'run predictions',
  CAMPAIGNS_READ: 'read campaigns',
  CAMPAIGNS_WRITE: 'run campaigns',
  KEYS_ADMIN: 'administer keys',
};

export const listed = (scopes: readonly Scope[]): string => scopes.map((scope) => SCOPE_WORDS[scope]).join(', ');
