import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../support/database';

const PROJECT = join(__dirname, '..', '..', '..');

let test: TestDatabase;
let sql: Client;
let folder: string;
beforeAll(async () => {
  test = await createTestDatabase();
  sql = new Client({ connectionString: test.url });
  await sql.connect();
  folder = await mkdtemp(join(tmpdir(), 'beagle-import-'));
});
afterAll(async () => {
  await sql.end();
  await test.drop();
  await rm(folder, { recursive: true });
});

const file = async (name: string, content: string): Promise<string> => {
  await writeFile(join(folder, name), content);
  return join(folder, name);
};
const count = async (): Promise<number> => (await sql.query('SELECT count(*)::int AS n FROM materials')).rows[0].n;

function start(...args: string[]) {
  const command = spawn(process.execPath, ['--import', 'tsx', 'src/cli/import.ts', ...args], {
    cwd: PROJECT,
    env: { ...process.env, DATABASE_URL: test.url },
  });
  const output = { stdout: '', stderr: '' };
  command.stdout.on('data', (text: Buffer) => (output.stdout += text.toString()));
  command.stderr.on('data', (text: Buffer) => (output.stderr += text.toString()));
  const ended = once(command, 'close').then(([code]) => ({ code: code as number | null, ...output }));
  return { command, ended };
}
const run = (...args: string[]) => start(...args).ended;

describe('npm run import', () => {
  it('imports a file and says how much; its name is the source', async () => {
    const path = await file('gaps.csv', 'formula,external_id,band_gap (eV)\nGaAs,1,1.42\nInP,2,1.35\n');
    expect(await run(path)).toEqual({ code: 0, stdout: 'Created 2 and updated 0 materials\n', stderr: '' });
    expect((await sql.query('SELECT name FROM sources')).rows).toEqual([{ name: 'gaps' }]);
  });

  it('names the bad rows, imports nothing and fails; with --skip-bad-rows it imports the others', async () => {
    const path = await file('mixed.csv', 'formula,external_id\nGaN,10\nXx,11\n');
    const before = await count();
    expect(await run(path)).toMatchObject({
      code: 1,
      stdout: 'Nothing was imported:\n  line 3: formula: unknown element "Xx" at position 0 of "Xx"\n',
    });
    expect(await count()).toBe(before);
    const skipped = await run(path, '--skip-bad-rows', '--json');
    expect(skipped.code).toBe(3);
    expect(JSON.parse(skipped.stdout)).toMatchObject({ imported: true, created: 1, skipped: 1, errors: [{ row: 3 }] });
  });

  it.each([
    [['--source', 'x'], 'one file is needed'],
    [['a.xlsx'], 'does not tell its format'],
    [['a.csv', '--format', 'xml'], 'expected one of CSV, JSONL, OPTIMADE_JSON, CIF, POSCAR'],
    [['-', '--format', 'csv'], 'a data set has a name'],
  ])('called wrongly with %j says so', async (args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('says plainly that a file is not there', async () => {
    expect(await run(join(folder, 'none.csv'))).toMatchObject({
      code: 1,
      stderr: `${join(folder, 'none.csv')} cannot be read (ENOENT)\n`,
    });
  });

  it('killed half-way, leaves nothing; run again, imports everything once', async () => {
    const before = await count();
    const rows = Array.from({ length: 5000 }, (_, i) => `Ga${1 + (i % 50)}As${1 + Math.floor(i / 50)},k${i}\n`);
    const { command, ended } = start('-', '--format', 'csv', '--source', 'killed');
    command.stdin.write(`formula,external_id\n${rows.join('')}`);
    // The input stays open: after a batch the transaction waits for the rest of the file.
    const written = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'beagle'
      AND xact_start IS NOT NULL AND state = 'idle in transaction' AND query LIKE '%measurements%'`;
    while ((await sql.query(written)).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    command.kill('SIGKILL');
    await ended;
    expect(await count()).toBe(before);

    const path = await file('killed.csv', `formula,external_id\n${rows.join('')}`);
    expect((await run(path)).stdout).toBe('Created 5000 and updated 0 materials\n');
    expect(await count()).toBe(before + 5000);
  });
});
