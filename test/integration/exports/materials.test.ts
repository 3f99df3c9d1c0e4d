import { parse } from 'csv-parse/sync';
import type { Worker } from '../../../src/services';
import { download, exportsOf, READERS } from '../../support/exports';
import { material, SOURCE } from '../../support/materials';
import { startRealServer, type RealServer } from '../../support/real-server';

/** Exports of the catalogue over HTTP: a real server, database and worker. */
let server: RealServer;
let worker: Worker;
beforeAll(async () => {
  server = await startRealServer();
  worker = await server.services.startWorker();
});
afterAll(async () => {
  await worker.stop();
  await server.stop();
});

const { ask, exportMaterials, written } = exportsOf(() => server);

describe('materials', () => {
  const names = ['=1+1', '+x', '-x', '@x', '\tx', 'plain, "quoted"\nand broken', 'ünï'];
  beforeAll(async () => {
    await server.writer.upsertMaterials(
      SOURCE,
      names.map((name, i) =>
        material(i < 2 ? 'GaAs' : 'Si', {
          name,
          externalId: `x-${i}`,
          spaceGroupNumber: 216,
          density: i === 0 ? null : 5.3176 + i,
          measurements: [
            { property: 'SEEBECK_COEFFICIENT', value: -200 - i / 3, unit: 'uV/K', fidelity: 'EXPERIMENT' },
          ],
        }),
      ),
    );
  });

  const paged = async (filter: unknown) => {
    const { materials } = await ask(
      `query ($filter: MaterialFilter) { materials(filter: $filter, first: 100) { nodes {
        id externalId name formula spaceGroup { number } density createdAt source { name url licence }
        measurements(property: SEEBECK_COEFFICIENT) { value } } } }`,
      { filter },
    );
    return materials.nodes.map((node: Record<string, unknown>) => ({
      id: node['id'],
      external_id: node['externalId'],
      name: node['name'],
      formula: node['formula'],
      space_group: (node['spaceGroup'] as { number: number }).number,
      'density (g/cm^3)': node['density'],
      'seebeck_coefficient (uV/K)': (node['measurements'] as { value: number }[])[0]!.value,
      source: (node['source'] as { name: string }).name,
      created_at: node['createdAt'],
    }));
  };
  /** The columns that are compared, times as text. */
  const of = (row: Record<string, unknown>, like: object) =>
    Object.fromEntries(
      Object.keys(like).map((name) => {
        const value = row[name];
        return [name, name === 'created_at' ? new Date(value as string).toISOString() : value];
      }),
    );

  test.each([
    ['JSONL', {}],
    ['PARQUET', {}],
    ['CSV', {}],
    ['JSONL', { chemicalSystem: 'Ga-As' }],
    ['PARQUET', { measured: [{ property: 'SEEBECK_COEFFICIENT', max: -201 }] }],
    ['CSV', { elements: { only: ['Li'] } }],
  ])('as %s, with the filter %j, are what paging gives', async (format, filter) => {
    const file = await written(await exportMaterials(filter, format));
    expect(file.status).toBe('COMPLETED');
    const expected = await paged(filter);
    expect(file.rows).toBe(expected.length);
    const { bytes } = await download(file.url);
    const rows = expected.length === 0 ? [] : await READERS[format]!(bytes, expected[1]);
    const unguarded = (row: Record<string, unknown>) => ({
      ...row,
      name: format === 'CSV' ? String(row['name']).replace(/^'/, '') : row['name'],
    });
    expect(rows.map((row) => of(unguarded(row), expected[0]))).toEqual(expected);
  });

  test('in CSV no text begins a formula, and numbers stay numbers', async () => {
    const file = await written(await exportMaterials({}, 'CSV'));
    const rows = parse((await download(file.url)).bytes, { columns: true }) as Record<string, string>[];
    expect(rows.map(({ name }) => name)).toEqual(["'=1+1", "'+x", "'-x", "'@x", "'\tx", names[5], names[6]]);
    expect(rows[1]!['seebeck_coefficient (uV/K)']).toBe(String(-200 - 1 / 3));
  });

  test('are refused with a filter that is wrong, naming what', async () => {
    const { body } = await server.query(
      'mutation { exportMaterials(filter: { chemicalSystem: "Xx" }, format: CSV) { __typename } }',
    );
    expect(body.errors[0].extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: ['filter', 'chemicalSystem'] }],
    });
  });
});
