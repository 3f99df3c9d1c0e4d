import { isObjectType, type GraphQLObjectType } from 'graphql';
import { createSchema, declaredAccess, scopesOf } from '../../schema';
import { createAccess, type Access } from '../../src/access';
import { SCOPES, type Scope } from '../../src/domain';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { fieldPaths, type FieldPath } from '../support/field-paths';
import { startTestServer, type TestServer } from '../support/server';

type Credential = 'no key' | 'wrong scope' | 'right scope' | 'expired' | 'revoked';
type Outcome = 'answered' | 'FORBIDDEN' | 'UNAUTHENTICATED';

const PATHS = fieldPaths(createSchema());

/** The scopes along the way to a field; of each set one is enough. */
const neededBy = ({ steps }: FieldPath): readonly (readonly Scope[])[] =>
  steps.flatMap(({ type, field }) =>
    [type, field].flatMap((of) => {
      const scopes = scopesOf(declaredAccess(of as never));
      return scopes === null ? [] : [scopes];
    }),
  );

/** What each credential has to come to, by what the schema declares and by nothing else. */
function expected(path: FieldPath): Record<Credential, Outcome> {
  const open = neededBy(path).length === 0;
  return {
    'no key': open ? 'answered' : 'FORBIDDEN',
    'wrong scope': open ? 'answered' : 'FORBIDDEN',
    'right scope': 'answered',
    expired: 'UNAUTHENTICATED',
    revoked: 'UNAUTHENTICATED',
  };
}

describe('every field of the schema, over HTTP, by what the caller shows', () => {
  let test: TestDatabase;
  let access: Access;
  let server: TestServer;
  let expired: string;
  let revoked: string;
  const keys = new Map<string, string>();

  const issue = (scopes: readonly Scope[]) => access.keys.create('operator', { name: 'test', scopes });

  beforeAll(async () => {
    test = await createTestDatabase();
    access = createAccess({
      store: test.database.access,
      anonymous: { embedded: false, scopes: null },
      onError: () => undefined,
    });
    // Who it is, and nothing of how much they may do.
    const identify: Access['identify'] = async (...args) => ({
      ...(await access.identify(...args)),
      pointsPerMinute: 10_000_000,
    });
    server = await startTestServer({ access: { ...access, identify } });
    // Both could do everything, as long as they lived.
    const [old, withdrawn] = [await issue(SCOPES), await issue(SCOPES)];
    await test.database.execute(`UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE id = $1`, [
      old.key.id,
    ]);
    await access.keys.revoke('operator', withdrawn.key.id);
    expired = old.secret;
    revoked = withdrawn.secret;
  });
  afterAll(async () => {
    await server.stop();
    await access.close();
    await test.drop();
  });

  const keyWith = async (scopes: readonly Scope[]): Promise<string> => {
    const name = [...new Set(scopes)].sort().join();
    const secret = keys.get(name) ?? (await issue(scopes)).secret;
    keys.set(name, secret);
    return secret;
  };

  /** Without a need, whatever the key can do is wrong and right at once. */
  async function keyFor(credential: Credential, path: FieldPath): Promise<string | null> {
    const needed = neededBy(path);
    switch (credential) {
      case 'no key':
        return null;
      case 'wrong scope':
        return keyWith(SCOPES.filter((scope) => !(needed[0] ?? ['KEYS_ADMIN']).includes(scope)));
      case 'right scope':
        // All of a set: which of them a field asks for may depend on its arguments (recordMeasurements).
        return keyWith(needed.length > 0 ? needed.flat() : ['CAMPAIGNS_READ']);
      case 'expired':
        return expired;
      case 'revoked':
        return revoked;
    }
  }

  async function outcome({ kind, operation }: FieldPath, key: string | null): Promise<Outcome> {
    const streamed = kind === 'subscription';
    const response = await fetch(`${server.url}/graphql${streamed ? '/stream' : ''}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: streamed ? 'text/event-stream' : 'application/json',
        ...(key !== null && { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify({ query: operation }),
    });
    const text = await response.text();
    if (response.status === 401) {
      expect(JSON.parse(text)).toEqual({
        errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'UNAUTHENTICATED' }) })],
      });
      return 'UNAUTHENTICATED';
    }
    // The operation itself is right: whatever else became of it, it was let through.
    expect([response.status, text]).toEqual([200, expect.not.stringMatching(/GRAPHQL_|"UNAUTHENTICATED"/)]);
    return text.includes('"FORBIDDEN"') ? 'FORBIDDEN' : 'answered';
  }

  it.each(PATHS.map((path) => [path.name, path] as const))('%s', async (_, path) => {
    const shown = Object.keys(expected(path)) as Credential[];
    const outcomes = await Promise.all(shown.map(async (one) => [one, await outcome(path, await keyFor(one, path))]));
    expect(Object.fromEntries(outcomes)).toEqual(expected(path));
  });

  it('is every field: none is out of reach', () => {
    const types = Object.values(createSchema().getTypeMap()).filter(
      (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
    );
    const all = types.flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));
    expect(PATHS.map(({ name }) => name).sort()).toEqual(all.sort());
    expect(PATHS.length).toBeGreaterThan(250);
  });
});
