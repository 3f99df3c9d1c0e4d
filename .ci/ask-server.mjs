// Starts the server as the README says, on a fresh data folder and a free port, asks it one real question, and
// stops it. Fails if the answer is not a band gap that a semiconductor physicist would accept.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

const port = await freePort();
const data = mkdtempSync(join(tmpdir(), 'beagle-ci-'));
const server = spawn('npm', ['start'], {
  env: { ...process.env, PORT: String(port), BEAGLE_DATA: data },
  stdio: ['ignore', 'inherit', 'inherit'],
  detached: true,
});
const running = () => {
  try {
    return process.kill(-server.pid, 0);
  } catch {
    return false;
  }
};
// npm goes before the server that it started: the data folder is removed once the whole group is gone.
const stop = async (code) => {
  process.kill(-server.pid, 'SIGTERM');
  for (let i = 0; running() && i < 300; i++) await new Promise((resolve) => setTimeout(resolve, 100));
  if (running()) console.error('the server did not stop within 30 s');
  const stopped = !running();
  rmSync(data, { recursive: true, force: true });
  process.exit(stopped ? code : 1);
};

const started = Date.now();
for (;;) {
  const ready = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
  if (ready?.ok) break;
  if (server.exitCode !== null || Date.now() - started > 120_000) {
    console.error('the server did not become ready');
    await stop(1);
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
}
console.log(`ready after ${((Date.now() - started) / 1000).toFixed(1)} s`);

const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    query: `{ composition(formula: "GaAs") { ... on Composition { formula
      prediction(property: BAND_GAP) { value unit interval(level: 0.9) { lower upper } } } } }`,
  }),
});
const answer = await response.json();
console.log(JSON.stringify(answer));
const gap = answer.data?.composition?.prediction;
const right =
  gap &&
  gap.unit === 'eV' &&
  gap.value > 0.9 &&
  gap.value < 1.9 &&
  gap.interval.lower <= gap.value &&
  gap.value <= gap.interval.upper;
await stop(right ? 0 : 1);
