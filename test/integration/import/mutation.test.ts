import { startRealServer, type RealServer } from '../../support/real-server';

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer();
});
afterAll(() => server.stop());

const IMPORT = `mutation ($input: ImportMaterialsInput!) { importMaterials(input: $input) {
  __typename
  ... on ImportMaterialsSuccess { created updated skipped errors { row message } }
  ... on ValidationError { message code fields { path message } }
} }`;

const input = (content: string, more: object = {}) => ({
  input: { format: 'CSV', content, source: { name: 'Lab book' }, ...more },
});

const importing = async (variables: object) => {
  const { body } = await server.query(IMPORT, variables as Record<string, unknown>);
  expect(body.errors).toBeUndefined();
  return body.data.importMaterials;
};

const held = async (): Promise<number> =>
  (await server.query('{ materials { totalCount } }')).body.data.materials.totalCount;

describe('importMaterials', () => {
  test('creates, then updates by external id, and what it brought is found', async () => {
    const csv = 'formula,external_id,band_gap (meV)\nGaAs,1,1424\nSi,2,1120\n';
    const source = { name: 'Lab book', url: 'https://example.org/', doi: '10.1/x', licence: 'CC0-1.0' };
    expect(await importing(input(csv, { source }))).toEqual({
      __typename: 'ImportMaterialsSuccess',
      created: 2,
      updated: 0,
      skipped: 0,
      errors: [],
    });
    expect(await importing(input(csv))).toMatchObject({ created: 0, updated: 2 });
    const { body } = await server.query(
      '{ materials(filter: { measured: { property: BAND_GAP, min: 1.4 } }) { nodes { externalId formula source { name url licence } } } }',
    );
    expect(body.data.materials.nodes).toEqual([
      {
        externalId: '1',
        formula: 'GaAs',
        source: { name: 'Lab book', url: 'https://example.org/', licence: 'CC0-1.0' },
      },
    ]);
  });

  const BAD = 'formula,density (g/cm^3)\nMgO,3.6\nXx2,1\nCaO,-1\n';

  test('rejects all for one bad row, and names each', async () => {
    const before = await held();
    expect(await importing(input(BAD))).toEqual({
      __typename: 'ValidationError',
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(
        /^nothing was imported: content 3: formula: unknown element "Xx".* \(and 1 more\)$/,
      ),
      fields: [
        { path: ['input', 'content', '3'], message: expect.stringMatching(/^formula: unknown element "Xx"/) },
        { path: ['input', 'content', '4'], message: expect.stringMatching(/^density \(g\/cm\^3\): -1 is no density/) },
      ],
    });
    expect(await held()).toBe(before);
  });

  test('SKIP_ROW imports the good rows and reports the bad ones', async () => {
    expect(await importing(input(BAD, { onError: 'SKIP_ROW' }))).toMatchObject({
      created: 1,
      skipped: 2,
      errors: [{ row: 3 }, { row: 4 }],
    });
  });

  test.each([
    [{ source: { name: '  ' } }, ['input', 'source', 'name'], /is empty/],
    [{ source: { name: 'a'.repeat(201) } }, ['input', 'source', 'name'], /201 characters/],
    [{ source: { name: 'a', url: 'javascript:alert(1)' } }, ['input', 'source', 'url'], /no http or https address/],
    [{ content: '' }, ['input', 'content', '1'], /the file is empty/],
    [{ content: 'formula,url\nMgO,javascript:alert(1)\n' }, ['input', 'content', '2'], /url: "javascript/],
    [{ format: 'POSCAR', content: 'nonsense' }, ['input', 'content', '2'], /./],
    [{ format: 'OPTIMADE_JSON', content: '[]' }, ['input', 'content', '1'], /./],
  ])('%j is a ValidationError', async (more, path, message) => {
    const before = await held();
    const result = await importing(input('formula\nMgO\n', more));
    expect(result.__typename).toBe('ValidationError');
    expect(result.fields[0]).toEqual({ path, message: expect.stringMatching(message) });
    expect(await held()).toBe(before);
  });

  test('a body above 1 MB is refused with 413', async () => {
    const { status } = await server.query(IMPORT, input(`formula\n${'MgO\n'.repeat(300_000)}`));
    expect(status).toBe(413);
  });
});
