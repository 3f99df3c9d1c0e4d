// Runs the tests of the Python client, and the code of its notebook, against a started server. usage: node .ci/python-client.mjs [PYTHON]
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { withServer } from './server.mjs';

const python = process.argv[2] ?? 'python3';
const folder = join(import.meta.dirname, '..', 'src', 'client', 'python');
await withServer(async (url) => {
  const { status } = spawnSync(python, ['-m', 'unittest', '-v'], {
    cwd: folder,
    env: { ...process.env, BEAGLE_URL: url, PYTHONDONTWRITEBYTECODE: '1', MPLBACKEND: 'agg' },
    stdio: 'inherit',
  });
  return status === 0;
});
