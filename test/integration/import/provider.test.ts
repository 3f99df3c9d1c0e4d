import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createCatalogWriter } from '../../../src/catalog';
import { importFromProvider, type ProviderImportResult } from '../../../src/catalog/import';
import { structuresUrl, type Bookmark } from '../../../src/catalog/import/optimade-provider';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { material, SOURCE } from '../../support/materials';
import { type RealServer, startRealServer } from '../../support/real-server';

const ENTRIES = 45;
let provider: RealServer;
let test: TestDatabase;
let sql: Client;
beforeAll(async () => {
  provider = await startRealServer();
  await provider.writer.upsertMaterials(
    SOURCE,
    Array.from({ length: ENTRIES }, (_, i) =>
      material('Fe0.5Ni0.5', {
        spaceGroupNumber: 221,
        structure: {
          lattice: { a: 3 + i / 100, b: 3, c: 3, alpha: 90, beta: 90, gamma: 90, volume: 27 + i * 0.09 },
          sites: ['Fe', 'Ni'].map((element) => ({ element, occupancy: 0.5, x: 0, y: 0.25, z: 0 })),
        },
      }),
    ),
  );
  test = await createTestDatabase();
  sql = new Client({ connectionString: test.url });
  await sql.connect();
});
afterAll(async () => {
  await sql.end();
  await test.drop();
  await provider.stop();
});
beforeEach(() => sql.query('TRUNCATE materials, compositions, measurements, structures, sources CASCADE'));

const count = async (): Promise<number> => (await sql.query('SELECT count(*)::int AS n FROM materials')).rows[0].n;

function memory(): Bookmark & { next: string | null } {
  return {
    next: null,
    async load() {
      return this.next;
    },
    async save(next) {
      this.next = next;
    },
    async clear() {
      this.next = null;
    },
  };
}

const run = (
  url: string,
  more: Partial<Parameters<typeof importFromProvider>[1]> = {},
): Promise<ProviderImportResult> =>
  importFromProvider(createCatalogWriter(test.database), {
    url,
    source: { name: 'provider' },
    wait: async () => {},
    ...more,
  });

/** Stands before the provider; `intervene` may answer in its place. */
async function standIn(intervene: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>) {
  const server = createServer((request, response) => {
    void (async () => {
      if (await intervene(request, response)) return;
      const answer = await fetch(`${provider.url}${request.url}`, { headers: { host: request.headers.host! } });
      const here = `http://${request.headers.host}`;
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end((await answer.text()).replaceAll(provider.url, here));
      // An import that was killed may ask once more when the provider has gone: that is nobody's failure, least of all the next file's.
    })().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/optimade`;
  return { url, close: () => new Promise((done) => server.close(done)) };
}

describe('an import from an OPTIMADE provider', () => {
  it('brings in every entry of our own server, with its structure, and a second time updates', async () => {
    const url = `${provider.url}/optimade/v1/structures?page_limit=10`;
    expect(await run(url)).toEqual({
      complete: true,
      created: ENTRIES,
      updated: 0,
      skipped: 0,
      resumed: false,
      errors: [],
    });
    expect(await run(url)).toMatchObject({ created: 0, updated: ENTRIES });
    const { rows } = await sql.query(
      'SELECT space_group_number, site_count, disordered, a, sites FROM materials m JOIN structures s ON s.material_id = m.id ORDER BY a',
    );
    expect(rows).toHaveLength(ENTRIES);
    expect(rows[0]).toEqual({
      space_group_number: 221,
      site_count: 1,
      disordered: true,
      a: 3,
      sites: ['Fe', 'Ni'].map((element) => ({ element, occupancy: 0.5, x: 0, y: 0.25, z: 0 })),
    });
  });

  it('reads the filter of the address, and finds the endpoint from any base', async () => {
    expect(await run(`${provider.url}/optimade/v1/structures?filter=elements%20HAS%20"O"`)).toMatchObject({
      created: 0,
    });
    for (const base of ['', '/', '/v1', '/v1/', '/v1/structures'])
      expect(structuresUrl(`http://example.org/optimade${base}`)).toMatch(
        /^http:\/\/example\.org\/optimade\/v1\/structures\?page_limit=100$/,
      );
  });

  it('waits as long as it is told: Retry-After, request_delay, and longer each time without a word', async () => {
    const waits: number[] = [];
    const refusals = [
      [429, '7'],
      [503, new Date(Date.now() + 3_600_000).toUTCString()],
      [500, null],
      [500, null],
    ] as const;
    let asked = 0;
    const polite = await standIn((_request, response) => {
      const refusal = refusals[asked++];
      if (refusal) {
        const [status, after] = refusal;
        response.writeHead(status, after === null ? {} : { 'retry-after': after }).end('{}');
        return true;
      }
      if (asked > refusals.length + 1) return false;
      const next = `http://${_request.headers.host}/optimade/v1/structures?page_limit=100`;
      response.end(JSON.stringify({ data: [], links: { next: { href: next } }, meta: { request_delay: 2.5 } }));
      return true;
    });
    try {
      const wait = async (ms: number) => void waits.push(ms);
      expect(await run(`${polite.url}/v1/structures?page_limit=99`, { wait })).toMatchObject({
        complete: true,
        created: ENTRIES,
      });
      expect(waits).toEqual([7_000, 600_000, 4_000, 8_000, 2_500]);
    } finally {
      await polite.close();
    }
  });

  it('asks without a number where its page is too large for the provider', async () => {
    const small = await standIn((request, response) => {
      if (!request.url!.includes('page_limit=100')) return false;
      response.writeHead(403).end('{"errors": [{"detail": "at most 50"}]}');
      return true;
    });
    try {
      expect(await run(small.url)).toMatchObject({ complete: true, created: ENTRIES });
    } finally {
      await small.close();
    }
  });

  it('stops before a page with a bad entry and goes on there, or leaves it out', async () => {
    let broken = true;
    const bad = await standIn(async (request, response) => {
      if (!broken || !request.url!.includes('page_cursor')) return false;
      const answer = (await (await fetch(`${provider.url}${request.url}`)).json()) as {
        data: { attributes: Record<string, unknown> }[];
      };
      answer.data[2]!.attributes['chemical_formula_reduced'] = 'Xx2O3';
      response.end(JSON.stringify(answer).replaceAll(provider.url, `http://${request.headers.host}`));
      return true;
    });
    try {
      const url = `${bad.url}/v1/structures?page_limit=20`;
      const bookmark = memory();
      const stopped = await run(url, { bookmark });
      expect(stopped).toMatchObject({ complete: false, created: 20 });
      expect(stopped.errors).toEqual([
        {
          row: 23,
          message: expect.stringContaining('attributes.chemical_formula_reduced: unknown element "Xx" at position 0'),
        },
      ]);
      expect(await count()).toBe(20);
      broken = false;
      expect(await run(url, { bookmark })).toMatchObject({
        complete: true,
        created: ENTRIES - 20,
        updated: 0,
        resumed: true,
      });
      expect(bookmark.next).toBeNull();
      broken = true;
      expect(await run(url, { onError: 'SKIP_ROW' })).toMatchObject({
        complete: true,
        updated: ENTRIES - 2,
        skipped: 2,
      });
    } finally {
      await bad.close();
    }
  });

  it('says what is wrong with an address that is no OPTIMADE server', async () => {
    await expect(run('ftp://example.org')).rejects.toThrow('is no http or https address');
    await expect(run(`${provider.url}/nowhere`)).rejects.toThrow(/cannot be read: HTTP 404/);
    await expect(run('http://127.0.0.1:9/optimade')).rejects.toThrow(/cannot be read: .*(ECONNREFUSED|bad port)/);
  });

  it('killed in the middle and run again: every entry once, none of them half', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'beagle-provider-'));
    let pages = 0;
    let reached!: () => void;
    const half = new Promise<void>((resolve) => (reached = resolve));
    const slow = await standIn(async (_request) => {
      // The third page comes when nobody waits for it any more.
      if (++pages === 3) {
        reached();
        await new Promise((resolve) => setTimeout(resolve, 3_000));
      }
      return false;
    });
    const command = (url: string) =>
      spawn(process.execPath, ['--import', 'tsx', 'src/cli/import.ts', '--optimade', url, '--json'], {
        cwd: join(__dirname, '../../..'),
        env: { ...process.env, DATABASE_URL: test.url, BEAGLE_DATA: folder },
      });
    try {
      const url = `${slow.url}/v1/structures?page_limit=10`;
      const killed = command(url);
      await half;
      killed.kill('SIGKILL');
      await once(killed, 'close');
      expect(await count()).toBe(20);
      const again = command(url);
      let report = '';
      again.stdout.on('data', (text: Buffer) => (report += text.toString()));
      await once(again, 'close');
      expect(JSON.parse(report)).toMatchObject({ complete: true, resumed: true, created: ENTRIES - 20, updated: 0 });
      const { rows } = await sql.query(
        'SELECT count(*)::int AS materials, count(DISTINCT external_id)::int AS ids, count(s.material_id)::int AS structures FROM materials m LEFT JOIN structures s ON s.material_id = m.id',
      );
      expect(rows).toEqual([{ materials: ENTRIES, ids: ENTRIES, structures: ENTRIES }]);
    } finally {
      await slow.close();
      await rm(folder, { recursive: true });
    }
  });
});
