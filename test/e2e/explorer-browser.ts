import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';

const ARGS = [
  '--no-sandbox',
  '--disable-quic',
  '--disable-background-networking',
  // Structures are drawn with WebGL; without a GPU, in software.
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
];

/**
 * The Chromium inside the npm package @sparticuz/chromium (Linux on x86-64), with the libraries that come along with it; a system's own
 * elsewhere. Unpacked by a process of its own, because the package prepares its environment when it is loaded.
 */
async function browserProgram(): Promise<{ path: string; env: Record<string, string> }> {
  const named = process.env['BEAGLE_CHROMIUM'];
  if (named) return { path: named, env: {} };
  if (process.platform === 'linux' && process.arch === 'x64') {
    const script =
      "import('@sparticuz/chromium').then(async ({ default: c }) => console.log(JSON.stringify({ path: await c.executablePath(), env: { LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH, FONTCONFIG_PATH: process.env.FONTCONFIG_PATH } })))";
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], {
      // It unpacks the libraries only where it takes itself to be on Amazon Linux.
      env: { ...process.env, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' },
    });
    return JSON.parse(stdout) as { path: string; env: Record<string, string> };
  }
  const system = [
    '/usr/bin/chromium',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ];
  const found = system.find(existsSync);
  if (!found) throw new Error('no browser: install Debian’s chromium, or name one in BEAGLE_CHROMIUM');
  return { path: found, env: {} };
}

export async function launchBrowser(): Promise<Browser> {
  const { path, env } = await browserProgram();
  return chromium.launch({
    executablePath: path,
    args: ARGS,
    env: { ...(process.env as Record<string, string>), ...env },
  });
}
