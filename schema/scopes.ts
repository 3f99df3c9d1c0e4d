import { defaultFieldResolver, isObjectType, type GraphQLSchema } from 'graphql';
import { plugin } from 'nexus';
import { printedGenTyping } from 'nexus/dist/utils';
import { BeagleError, type Scope } from '../src/domain';
import type { Context } from './context';

/**
 * What a field needs, declared beside it: one of these scopes. `PUBLIC` needs none; `OWNER` is a part of the object that it belongs
 * to, which was authorised before. On a type the declaration holds for every field of it, and beside what the field itself declares, so
 * that an object reached another way (`node(id)`, an edge, a list) gives nothing away. A field of Query, Mutation or Subscription
 * declares its own.
 */
export type Access = Scope | readonly Scope[] | 'PUBLIC' | 'OWNER';

interface Declaring {
  readonly extensions?: { readonly nexus?: { readonly config?: { readonly access?: Access } } };
}

/** What a field or a type declares; undefined if nothing, which a test refuses. */
export function declaredAccess(of: Declaring | null | undefined): Access | undefined {
  return of?.extensions?.nexus?.config?.access;
}

/** The scopes of which one is enough; null where none is needed. */
export function scopesOf(access: Access | undefined): readonly Scope[] | null {
  if (access === undefined || access === 'PUBLIC' || access === 'OWNER') return null;
  return typeof access === 'string' ? [access] : access;
}

/** Lets types and fields declare `access`. */
export function scopePlugin() {
  const type = printedGenTyping({
    name: 'access',
    optional: true,
    type: "import('./scopes').Access",
    description: 'The scope that this needs (schema/scopes.ts).',
  });
  return plugin({
    name: 'scopes',
    fieldDefTypes: type,
    objectTypeDefTypes: type,
  });
}

/** Each of these sets has to be met by one of its scopes. */
const neededBy = (...declaring: readonly unknown[]): readonly (readonly Scope[])[] =>
  declaring.flatMap((of) => {
    const scopes = scopesOf(declaredAccess(of as Declaring));
    return scopes === null ? [] : [scopes];
  });

/**
 * Puts what fields and their types declare in front of their resolvers. Done on the finished schema: Nexus calls each field of a page through
 * three functions for the same, and never calls a plugin's `onCreateFieldSubscribe` (1.3.0): a subscription is to be refused when it is
 * asked for, not with its first event.
 */
export function guardFields(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const needed = neededBy(type, field);
      if (needed.length === 0) continue;
      const check = (context: Context): void => {
        for (const scopes of needed) requireScope(context, scopes);
      };
      const { resolve = defaultFieldResolver, subscribe } = field;
      field.resolve = (root, args, context: Context, info): unknown => {
        check(context);
        return resolve(root, args, context, info);
      };
      if (!subscribe) continue;
      field.subscribe = (root, args, context: Context, info): unknown => {
        check(context);
        return subscribe(root, args, context, info);
      };
    }
  }
  return schema;
}

/** @throws BeagleError FORBIDDEN unless the caller has one of these scopes */
export function requireScope({ principal }: Context, needed: readonly Scope[]): void {
  for (const scope of needed) if (principal.scopes.has(scope)) return;
  const who = principal.kind === 'anonymous' ? 'send an API key that has it' : 'this key does not have it';
  throw new BeagleError('FORBIDDEN', `this needs the scope ${needed.join(' or ')}: ${who}`, [], { scopes: needed });
}
