import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProgram, type Running } from './process';

/** npm start on a machine with nothing: embedded Postgres, starter catalogue, shipped model. */
describe('npm start', () => {
  let folder: string;
  const running: Running[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'beagle-e2e-'));
    await chmod(folder, 0o755);
  });
  afterAll(async () => {
    for (const { child, ended } of running) {
      child.kill('SIGTERM');
      await ended;
    }
    await rm(folder, { recursive: true });
  });

  const start = (environment: Record<string, string> = {}): Running => {
    const program = startProgram('src/main.ts', [], {
      BEAGLE_DATA: folder,
      PORT: '0',
      BEAGLE_DEVICE: 'cpu',
      ...environment,
    });
    running.push(program);
    return program;
  };
  const address = async (program: Running): Promise<string> => (await program.line(/Beagle is ready: (\S+)\n/))[1]!;
  const query = async (url: string, text: string) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: text }),
    });
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    return (await response.json()) as any;
  };

  test('from nothing to a prediction; killed, it comes back with all it had; told to stop, it stops', async () => {
    const first = start();
    const url = await address(first);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const { data } = await query(
      url,
      '{ materials { totalCount } composition(formula: "GaAs") { ... on Composition { prediction(property: BAND_GAP) { value cached interval { lower upper } } } } }',
    );
    expect(data.materials.totalCount).toBeGreaterThanOrEqual(300);
    const { value, cached, interval } = data.composition.prediction;
    expect(value).toBeGreaterThan(0.9);
    expect(value).toBeLessThan(1.9);
    expect(interval.lower).toBeLessThan(value);
    expect(interval.upper).toBeGreaterThan(value);
    expect(cached).toBe(false);

    first.child.kill('SIGKILL');
    await first.ended;
    const second = start();
    const again = await query(
      await address(second),
      '{ materials { totalCount } composition(formula: "GaAs") { ... on Composition { prediction(property: BAND_GAP) { value } } } }',
    );
    expect(again.data).toEqual({ materials: data.materials, composition: { prediction: { value } } });

    second.child.kill('SIGTERM');
    expect(await second.ended).toMatchObject({ code: 0 });
  });

  test('two servers on one folder share its database', async () => {
    const [one, other] = await Promise.all([address(start()), address(start())]);
    const counts = await Promise.all([one, other].map((url) => query(url, '{ materials { totalCount } }')));
    expect(counts[0].data.materials.totalCount).toBeGreaterThan(0);
    expect(counts[0].data).toEqual(counts[1].data);
  });

  test('a wrong environment is told before anything starts', async () => {
    const { code, stdout, stderr } = await start({ PORT: 'http', BEAGLE_DEVICE: 'tpu' }).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('PORT: expected a whole number from 0 to 65535');
    expect(stderr).toContain('BEAGLE_DEVICE: expected auto, cpu, cuda or cuda:N');
    expect(stderr).not.toContain('    at ');
  });

  test('a port in use is told by its number', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await start({ PORT: String(port) }).ended;
    other.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`${port}: another program has this address; set PORT or HOST`);
  });
});
