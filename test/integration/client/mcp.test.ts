import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { materials, SOURCE } from '../../support/materials';
import { startRealServer, type RealServer } from '../../support/real-server';

const PROJECT = join(__dirname, '..', '..', '..');

describe('npm run mcp, spoken to by the protocol’s own client', () => {
  let server: RealServer;
  let client: Client;
  beforeAll(async () => {
    server = await startRealServer();
    await server.writer.upsertMaterials(SOURCE, materials('GaAs GaP InP ZnO Fe2O3'));
    client = new Client({ name: 'test', version: '1' });
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: ['--import', 'tsx', 'src/cli/mcp.ts', '--url', server.url],
        cwd: PROJECT,
      }),
    );
  });
  afterAll(async () => {
    await client.close();
    await server.stop();
  });

  async function call(name: string, args: Record<string, unknown> = {}) {
    const result = (await client.callTool({ name, arguments: args })) as CallToolResult;
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    return { ...result, data: result.structuredContent as any, text: (result.content[0] as { text: string }).text };
  }

  test('offers its tools, each with a description and a schema of its input', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual([
      'ask',
      'discover',
      'list_properties',
      'predict_properties',
      'search_materials',
    ]);
    for (const tool of tools) {
      expect(tool.description).toBeTruthy();
      expect(tool.annotations?.readOnlyHint).toBe(true);
      expect(tool.inputSchema.type).toBe('object');
    }
  });

  test('list_properties', async () => {
    const { data } = await call('list_properties');
    expect(data.properties).toContainEqual(expect.objectContaining({ key: 'BAND_GAP', unit: 'eV' }));
  });

  test('predict_properties answers with intervals and evidence, and says what is wrong at its place', async () => {
    const { data } = await call('predict_properties', { formulas: ['GaAs', 'Xx'], properties: ['BAND_GAP'] });
    expect(data.compositions).toEqual([
      {
        input: 'GaAs',
        formula: 'GaAs',
        predictions: [
          expect.objectContaining({
            property: 'BAND_GAP',
            unit: 'eV',
            value: expect.any(Number),
            interval: { lower: expect.any(Number), upper: expect.any(Number) },
            evidence: expect.objectContaining({ applicability: expect.any(String) }),
          }),
        ],
      },
      { input: 'Xx', problem: expect.stringContaining('unknown element "Xx"') },
    ]);
  });

  test('ask answers a plain question, or says why it cannot', async () => {
    const { data } = await call('ask', { question: 'What is the band gap of gallium arsenide in meV?' });
    expect(data).toMatchObject({ understood: true, unit: 'meV', composition: { formula: 'GaAs' } });
    const refused = await call('ask', { question: 'Who wrote Hamlet?' });
    expect(refused.data).toMatchObject({ understood: false, text: expect.any(String) });
  });

  test('search_materials', async () => {
    const { data } = await call('search_materials', { chemicalSystem: 'Ga-*' });
    expect(data.materials.map((m: { formula: string }) => m.formula).sort()).toEqual(['GaAs', 'GaP']);
  });

  test('discover ranks a palette', async () => {
    const { data } = await call('discover', {
      elements: ['Ga', 'In', 'N', 'P', 'As'],
      elementCount: { min: 2, max: 2 },
      objectives: [{ property: 'BAND_GAP', goal: 'TARGET', target: 1.4 }],
      limit: 3,
    });
    expect(data.candidates.map((c: { rank: number }) => c.rank)).toEqual([1, 2, 3]);
  });

  test('discover keeps to limits of elements', async () => {
    const { data } = await call('discover', {
      formulas: ['GaAs', 'GaP', 'ZnO', 'Fe2O3', 'PtO2'],
      excludeToxic: true,
      maxCostClass: 'BELOW_10_USD_PER_KG',
      elementLimits: [{ element: 'O', maxFraction: 0.5 }],
      objectives: [{ property: 'BAND_GAP', goal: 'MAXIMIZE' }],
    });
    expect(data.candidates.map((c: { composition: { formula: string } }) => c.composition?.formula ?? c)).toEqual([
      'ZnO',
    ]);
  });

  test('a refusal is an answer in the API’s words', async () => {
    const { isError, text } = await call('discover', {
      elements: ['Ga', 'As'],
      objectives: [{ property: 'BAND_GAP', goal: 'TARGET' }],
    });
    expect(isError).toBe(true);
    expect(text).toMatch(/^BAD_USER_INPUT: .*target/);
  });

  test('a call that does not fit the schema is refused before anything is asked', async () => {
    const { isError, text } = await call('predict_properties', { formulas: [], properties: ['BAND_GAP'] });
    expect(isError).toBe(true);
    expect(text).toContain('formulas');
  });
});
