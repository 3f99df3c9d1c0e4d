import { createHash } from 'node:crypto';
import { buildSchema, parse, validate } from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BeagleError, type CampaignLoop, type Campaigns } from '../../../src/domain';
import { startTestServer, type TestServer } from '../../support/server';

const ROOT = join(__dirname, '../../..');
const documents = JSON.parse(readFileSync(join(ROOT, 'web/src/generated/trusted-documents.json'), 'utf8')) as Record<
  string,
  string
>;
const idOf = (name: string): string => {
  const found = Object.entries(documents).find(([, text]) => new RegExp(`^(query|subscription) ${name}\\b`).test(text));
  if (!found) throw new Error(`the explorer has no operation ${name}`);
  return `sha256:${found[0]}`;
};

describe('operations of the explorer by their ids', () => {
  let server: TestServer;
  beforeAll(async () => {
    const campaigns = {
      watch: () => {
        throw new BeagleError('NOT_FOUND', 'there is no such campaign');
      },
    };
    server = await startTestServer({ campaigns: campaigns as unknown as Campaigns & CampaignLoop });
  });
  afterAll(() => server.stop());
  const send = (body: unknown) => server.post(JSON.stringify(body));

  test('each id is the hash of a text that the contract accepts', () => {
    const schema = buildSchema(readFileSync(join(ROOT, 'schema/schema.graphql'), 'utf8'));
    expect(Object.keys(documents).length).toBeGreaterThan(20);
    for (const [hash, text] of Object.entries(documents)) {
      expect(createHash('sha256').update(text).digest('hex')).toBe(hash);
      expect(validate(schema, parse(text))).toEqual([]);
    }
  });

  test('an id stands for its text, with the variables beside it', async () => {
    const { status, body, cost } = await send({ documentId: idOf('CheckFormula'), variables: { formula: 'As1Ga1' } });
    expect(status).toBe(200);
    expect(body.data).toMatchObject({ composition: { formula: 'GaAs' } });
    // Charged like any other.
    expect(cost).toMatchObject({ requested: expect.any(Number) as number });
  });

  test('it does so for subscriptions over server-sent events', async () => {
    const answer = await fetch(`${server.url}/graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ documentId: idOf('CampaignProgress'), variables: { id: 'nothing' } }),
    });
    expect(await answer.text()).toContain('there is no such campaign');
  });

  test.each([
    ['an id that is not known', `sha256:${'0'.repeat(64)}`],
    ['a hash without its prefix', idOf('CheckFormula').slice('sha256:'.length)],
    ['what is no text', 7],
  ])('%s is refused by name, with what to do', async (_, documentId) => {
    const { status, body } = await send({ documentId });
    expect(status).toBe(400);
    expect(body.errors[0]).toMatchObject({
      message: expect.stringContaining('send its text as query') as string,
      extensions: { code: 'BAD_USER_INPUT', fields: [{ path: ['documentId'] }] },
    });
  });

  test('an id and a text together are refused: which one was meant?', async () => {
    const { status, body } = await send({ documentId: idOf('CheckFormula'), query: '{ __typename }' });
    expect(status).toBe(400);
    expect(body.errors[0].message).toBe('documentId: send either documentId or query, not both');
  });

  test('any other text is as welcome as before', async () => {
    expect((await send({ query: '{ __typename }' })).body.data).toEqual({ __typename: 'Query' });
  });
});
