import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';
import { devDependencies } from '../../package.json';

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
 * elsewhere.
 */
async function browserProgram(): Promise<{ path: string; env: Record<string, string> }> {
  const named = process.env['BEAGLE_CHROMIUM'];
  if (named) return { path: named, env: {} };
  if (process.platform === 'linux' && process.arch === 'x64') return unpacked();
  const system = [
    '/usr/bin/chromium',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ];
  const found = system.find(existsSync);
  if (!found) throw new Error('no browser: install Debian’s chromium, or name one in BEAGLE_CHROMIUM');
  return { path: found, env: {} };
}

/**
 * The package unpacks into the temporary folder, whoever's it is and whoever else is at it. So each user has a folder of its own, which
 * appears whole: two test files may want the browser at once.
 */
async function unpacked(): Promise<{ path: string; env: Record<string, string> }> {
  const folder = join(tmpdir(), `beagle-chromium-${devDependencies['@sparticuz/chromium']}-${process.getuid!()}`);
  if (!existsSync(folder)) {
    const scratch = await mkdtemp(`${folder}-`);
    const script = "import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath())";
    await promisify(execFile)(process.execPath, ['-e', script], {
      cwd: join(__dirname, '../..'),
      // It unpacks the libraries only where it takes itself to be on Amazon Linux.
      env: { ...process.env, TMPDIR: scratch, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' },
    });
    // It takes /tmp for the only temporary folder there is.
    const fonts = join(scratch, 'fonts', 'fonts.conf');
    await writeFile(fonts, (await readFile(fonts, 'utf8')).replaceAll('/tmp/fonts', join(folder, 'fonts')));
    await rename(scratch, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    await rm(scratch, { recursive: true, force: true });
  }
  const env = { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_PATH: join(folder, 'fonts') };
  return { path: join(folder, 'chromium'), env };
}

export async function launchBrowser(): Promise<Browser> {
  const { path, env } = await browserProgram();
  return chromium.launch({
    executablePath: path,
    args: ARGS,
    env: { ...(process.env as Record<string, string>), ...env },
  });
}
