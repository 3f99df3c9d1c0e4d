import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StructureRecord } from '../../src/domain';
import { material, SOURCE } from '../support/materials';
import { startRealServer, type RealServer } from '../support/real-server';

const FOLDER = join(__dirname, 'corpus');
const OPERATIONS = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.graphql'))
  .map((name) => name.slice(0, -'.graphql'.length));

/** What another run answers otherwise. */
const VOLATILE: Record<string, string> = {
  id: '<ID>',
  cursor: '<cursor>',
  startCursor: '<cursor>',
  endCursor: '<cursor>',
  computedAt: '<DateTime>',
  createdAt: '<DateTime>',
  requestId: '<request id>',
  elapsedMs: '<ms>',
};

function stable(value: unknown, key = ''): unknown {
  if (value !== null && key in VOLATILE) return VOLATILE[key];
  if (Array.isArray(value)) return value.map((item) => stable(item));
  if (typeof value === 'number') return Number(value.toPrecision(6));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, stable(inner, name)]));
}

const rocksalt = (metal: string, anion: string, a: number): StructureRecord => ({
  lattice: { a, b: a, c: a, alpha: 90, beta: 90, gamma: 90, volume: a ** 3 },
  sites: [
    ...[
      [0, 0, 0],
      [0, 0.5, 0.5],
      [0.5, 0, 0.5],
      [0.5, 0.5, 0],
    ].map((at) => [metal, at] as const),
    ...[
      [0.5, 0.5, 0.5],
      [0.5, 0, 0],
      [0, 0.5, 0],
      [0, 0, 0.5],
    ].map((at) => [anion, at] as const),
  ].map(([element, [x = 0, y = 0, z = 0]]) => ({ element, occupancy: 1, x, y, z })),
});

describe('the corpus of operations', () => {
  let server: RealServer;
  beforeAll(async () => {
    server = await startRealServer();
    for (const entry of [
      material('GaAs', { externalId: '1', spaceGroupNumber: 216, spaceGroupSymbol: 'F-43m', density: 5.32 }),
      material('MgO', {
        externalId: '2',
        name: 'periclase',
        spaceGroupNumber: 225,
        spaceGroupSymbol: 'Fm-3m',
        density: 3.58,
        structure: rocksalt('Mg', 'O', 4.21),
        measurements: [{ property: 'BAND_GAP', value: 7.8, uncertainty: 0.1, unit: 'eV', fidelity: 'EXPERIMENT' }],
      }),
      material('Al2O3', { externalId: '3', name: 'corundum' }),
      material('SrTiO3', { externalId: '4' }),
    ]) {
      await server.writer.upsertMaterials(SOURCE, [entry]);
    }
  });
  afterAll(() => server.stop());

  test.each(OPERATIONS)('%s', async (name) => {
    const { status, body } = await server.query(readFileSync(join(FOLDER, `${name}.graphql`), 'utf8'));
    const answer = { status, body: stable(body) };
    const file = join(FOLDER, `${name}.json`);
    if (process.env['UPDATE_CORPUS']) writeFileSync(file, `${JSON.stringify(answer, null, 2)}\n`);
    expect(existsSync(file)).toBe(true);
    expect(answer).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });
});
