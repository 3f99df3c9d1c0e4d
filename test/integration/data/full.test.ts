import { startRealServer, type RealServer } from '../../support/real-server';
import { material, SOURCE } from '../../support/materials';

/** What Postgres says when a write finds no room (SQLSTATE 53100), said by a trigger: the error takes the way of the real one. */
const FILL = `
  CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = '53100'; END $$;
  ${['materials', 'predictions', 'usage_days', 'campaigns', 'api_keys']
    .map(
      (table) => `CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION no_room();`,
    )
    .join('\n')}`;
const FREE = 'DROP FUNCTION no_room() CASCADE';

describe('a database whose disk is full', () => {
  let server: RealServer;
  beforeAll(async () => {
    server = await startRealServer();
    await server.writer.upsertMaterials(SOURCE, [material('GaAs'), material('NaCl')]);
    await server.testDatabase.database.execute(FILL);
  });
  afterAll(() => server.stop());

  const READ = '{ materials { totalCount nodes { formula } } }';
  const IMPORT = `mutation { importMaterials(input: { format: CSV, content: "formula\\nMgO\\n", source: { name: "x" } }) {
    ... on ImportMaterialsSuccess { created } } }`;

  it('is read as before', async () => {
    const { body } = await server.query(READ);
    expect(body.errors).toBeUndefined();
    expect(body.data.materials.totalCount).toBe(2);
  });

  it('says so to whoever wants something stored, without its own words', async () => {
    const { body } = await server.query(IMPORT);
    expect(body.errors).toMatchObject([
      {
        message: 'The database has no room left; nothing can be stored until its operator makes room',
        extensions: { code: 'INTERNAL', retryAfterMs: 60_000, requestId: expect.any(String) },
      },
    ]);
    expect(JSON.stringify(body)).not.toContain('extend file');
  });

  it('is no reason not to predict', async () => {
    const query = '{ composition(formula: "GaN") { ... on Composition { prediction(property: BAND_GAP) { value } } } }';
    const [first, second] = [await server.query(query), await server.query(query)];
    expect(first.body.errors).toBeUndefined();
    expect(second.body).toEqual(first.body);
  });

  it('loses no statistics: they are written when there is room again', async () => {
    const { access } = server.services;
    const { testDatabase } = server;
    await testDatabase.database.execute('ALTER TABLE api_keys DISABLE TRIGGER no_room');
    const { key, secret } = await access.keys.create('operator', { name: 'ci', scopes: ['MATERIALS_READ'] });
    const principal = await access.identify(secret, { remoteAddress: '192.0.2.1', host: 'x', forwarded: false });
    access.usage.add(principal, { requests: 1, cost: 7 });
    await access.usage.flush();
    expect(await access.keys.usage([key.id], 1)).toEqual([[]]);
    await testDatabase.database.execute(FREE);
    await access.usage.flush();
    expect(await access.keys.usage([key.id], 1)).toMatchObject([[{ requests: 1, cost: 7 }]]);
    expect((await server.query(IMPORT)).body).toEqual({ data: { importMaterials: { created: 1 } } });
  });
});
