// Starts the server as the README says, on a fresh data folder and a free port, lets `work` use it, and stops it. The process ends with 0
// if `work` answered true and the server stopped by itself.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

export async function withServer(work) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
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
  const ready = async () => {
    const started = Date.now();
    while (server.exitCode === null && Date.now() - started < 120_000) {
      const response = await fetch(`${url}/readyz`).catch(() => null);
      if (response?.ok) {
        console.log(`ready after ${((Date.now() - started) / 1000).toFixed(1)} s`);
        return true;
      }
      await pause(100);
    }
    console.error('the server did not become ready');
    return false;
  };
  let right = false;
  try {
    right = (await ready()) && (await work(url)) === true;
  } catch (error) {
    console.error(error);
  }
  // npm goes before the server that it started: the data folder is removed once the whole group is gone.
  if (running()) process.kill(-server.pid, 'SIGTERM');
  for (let i = 0; running() && i < 300; i++) await pause(100);
  if (running()) console.error('the server did not stop within 30 s');
  const stopped = !running();
  rmSync(data, { recursive: true, force: true });
  process.exit(right && stopped ? 0 : 1);
}
