import { isObjectType, type GraphQLObjectType, type GraphQLResolveInfo } from 'graphql';
import { createSchema, declaredAccess, scopesOf } from '../../schema';
import { ANONYMOUS_OWNER, SCOPES, type Principal, type Scope } from '../../src/domain';

const schema = createSchema();
const ROOTS = ['Query', 'Mutation', 'Subscription'];
const objectTypes = Object.values(schema.getTypeMap()).filter(
  (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
);
const everyField = objectTypes.flatMap((type) =>
  Object.values(type.getFields()).map((field) => ({ name: `${type.name}.${field.name}`, type, field })),
);
/** Each of these sets has to be met by one of its scopes. */
const neededBy = ({ type, field }: (typeof everyField)[number]): readonly (readonly Scope[])[] =>
  [type, field].flatMap((of) => {
    const scopes = scopesOf(declaredAccess(of as never));
    return scopes === null ? [] : [scopes];
  });

const principal = (scopes: readonly Scope[]): Principal => ({
  kind: 'key',
  keyId: '00000000-0000-0000-0000-000000000001',
  ownerId: ANONYMOUS_OWNER,
  scopes: new Set(scopes),
  pointsPerMinute: 1,
  predictionsPerDay: 1,
});

/** The code that a field refuses with before it does anything; null if it lets the principal through. */
async function refusal({ field }: (typeof everyField)[number], scopes: readonly Scope[]): Promise<string | null> {
  // A subscription is refused when it is asked for.
  const work = field.subscribe ?? field.resolve ?? (() => null);
  // Whoever is let through finds no source, no arguments and no services; what it then throws is no refusal.
  try {
    await work({}, {}, { principal: principal(scopes) }, { fieldName: field.name } as GraphQLResolveInfo);
    return null;
  } catch (error) {
    const code = (error as { code?: string }).code;
    return code === 'FORBIDDEN' || code === 'UNAUTHENTICATED' ? code : null;
  }
}

describe('authorisation', () => {
  it('is declared on every field of a root type and on every other type', () => {
    const silent = [
      ...everyField.filter(
        ({ type, field }) => ROOTS.includes(type.name) && declaredAccess(field as never) === undefined,
      ),
      ...objectTypes.filter((type) => !ROOTS.includes(type.name) && declaredAccess(type as never) === undefined),
    ].map(({ name }) => name);
    expect(silent).toEqual([]);
  });

  it('protects what is somebody’s: a scope on the data, none on what describes the service', () => {
    const open = everyField.filter(
      ({ type, field }) => ROOTS.includes(type.name) && declaredAccess(field as never) === 'PUBLIC',
    );
    expect(open.map(({ name }) => name).sort()).toEqual([
      'Query.models',
      'Query.node',
      'Query.nodes',
      'Query.properties',
      'Query.viewer',
    ]);
    const nodes = objectTypes.filter((type) => type.getInterfaces().some(({ name }) => name === 'Node'));
    const unguarded = nodes.filter((type) => scopesOf(declaredAccess(type as never)) === null).map(({ name }) => name);
    // A key is found by its administrators and by itself alone (src/api/context.ts); a model is public.
    expect(unguarded.sort()).toEqual(['ApiKey', 'Model']);
  });

  const guarded = everyField.filter((one) => neededBy(one).length > 0);

  it.each(guarded.map((one) => [one.name, one] as const))(
    '%s refuses whoever lacks its scope and lets others through',
    async (_, one) => {
      const needed = neededBy(one);
      expect(await refusal(one, [])).toBe('FORBIDDEN');
      for (const scopes of needed) {
        const others = SCOPES.filter((scope) => !scopes.includes(scope));
        expect(await refusal(one, others)).toBe('FORBIDDEN');
      }
      // One of each set is enough.
      expect(
        await refusal(
          one,
          needed.map((scopes) => scopes[0]!),
        ),
      ).toBeNull();
      for (const scope of needed.length === 1 ? needed[0]! : []) expect(await refusal(one, [scope])).toBeNull();
    },
  );

  it.each(everyField.filter((one) => neededBy(one).length === 0).map((one) => [one.name, one] as const))(
    '%s needs no scope of its own',
    async (_, one) => {
      expect(await refusal(one, [])).toBeNull();
    },
  );
});
