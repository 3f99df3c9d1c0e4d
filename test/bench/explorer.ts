/**
 * npm run bench:explorer -- [loads] [points]: what a first load of the explorer takes beside a blank page of the same server, and how its
 * scatter plot moves at 100,000 materials. Starts a server and a browser of its own; every load has nothing cached.
 */
import type { Page } from 'playwright-core';
import { launchBrowser } from '../e2e/explorer-browser';
import { startRealServer } from '../e2e/explorer-server';
import { coldLoad, frames, median, quantile, type Load } from './explorer-measures';

const ELEMENTS = ['Li', 'Na', 'Mg', 'Al', 'Si', 'Ti', 'Fe', 'Ni', 'Cu', 'Zn'];
/** Rows of one import: its body stays below the limit. */
const BATCH = 10_000;
const PLOT = '/?predict=off&x=BAND_GAP&y=MELTING_TEMPERATURE&color=DENSITY';

const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

async function loads(browser: Awaited<ReturnType<typeof launchBrowser>>, url: string, count: number): Promise<void> {
  const blank: Load[] = [];
  const explorer: Load[] = [];
  // The first of each warms the server and is not counted.
  for (let i = 0; i <= count; i++) {
    const pair = [
      await coldLoad(browser, `${url}/blank.html`, 'p'),
      await coldLoad(browser, url, 'tbody th a'),
    ] as const;
    if (i > 0) {
      blank.push(pair[0]);
      explorer.push(pair[1]);
    }
  }
  const kilobytes = median(explorer.map(({ scripts }) => scripts)) / 1000;
  console.log(`\nFirst load of Explore, median of ${count}, nothing cached`);
  console.log(`  JavaScript over the line     ${kilobytes.toFixed(1)} kB (at most 250)`);
  for (const [name, key] of [
    ['first contentful paint', 'paint'],
    ['ready for interaction', 'interactive'],
  ] as const) {
    const [own, empty] = [median(explorer.map((load) => load[key])), median(blank.map((load) => load[key]))];
    console.log(`  ${name.padEnd(28)} ${ms(own)}; blank page ${ms(empty)}; ratio ${(own / empty).toFixed(2)}`);
  }
}

/** Materials of three elements with three measured values each: invented, and in the catalogue of this run alone. */
function rows(from: number, count: number): string {
  const lines = ['formula,external_id,band_gap (eV),melting_temperature (K),density (g/cm^3)'];
  for (let i = from; i < from + count; i++) {
    const [a, b] = [i % 10, (i + 1 + (Math.floor(i / 10) % 9)) % 10];
    const turn = (i * 0.618034) % 1;
    const swing = (i * 0.754878) % 1;
    const formula = `${ELEMENTS[a]}${1 + (Math.floor(i / 90) % 40)}${ELEMENTS[b]}${1 + (Math.floor(i / 3600) % 40)}O`;
    const gap = (6 * turn * swing).toFixed(3);
    lines.push(`${formula},bench-${i},${gap},${(400 + 2600 * turn).toFixed(0)},${(1 + 18 * swing).toFixed(2)}`);
  }
  return lines.join('\n');
}

async function fill(url: string, points: number): Promise<void> {
  const mutation = `mutation ($content: String!) {
    importMaterials(input: { format: CSV, content: $content, source: { name: "bench:explorer" } }) {
      ... on ImportMaterialsSuccess { created }
      ... on ValidationError { message fields { path message } } } }`;
  for (let from = 0; from < points; from += BATCH) {
    const content = rows(from, Math.min(BATCH, points - from));
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: mutation, variables: { content } }),
    });
    const body = (await response.json()) as { data?: { importMaterials: { created?: number } } };
    if (!body.data?.importMaterials.created) throw new Error(JSON.stringify(body).slice(0, 1000));
    process.stderr.write(`\r${Math.min(from + BATCH, points).toLocaleString('en')} materials imported`);
  }
  process.stderr.write('\n');
}

function report(name: string, times: readonly number[]): void {
  const [mid, high, most] = [median(times), quantile(times, 0.95), Math.max(...times)];
  console.log(`  ${name.padEnd(28)} ${times.length} frames: median ${ms(mid)}, 95th ${ms(high)}, longest ${ms(most)}`);
}

async function plot(page: Page, url: string): Promise<void> {
  const started = Date.now();
  await page.goto(url + PLOT);
  await page.getByText(/\d\s+materials plotted/).waitFor({ timeout: 120_000 });
  const shown = (await page.getByText(/materials plotted/).textContent())?.trim();
  console.log(`\nThe scatter plot: ${shown}; asked for and drawn in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  const surface = page.getByRole('application', { name: /points/ });
  const box = (await surface.boundingBox())!;
  const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;

  report('nothing happens', await frames(page, () => page.waitForTimeout(1000)));
  report(
    'the pointer moves over it',
    await frames(page, async () => {
      for (let i = 0; i < 120; i++) await page.mouse.move(...at(0.2 + 0.6 * ((i * 0.618) % 1), 0.2 + i / 200));
    }),
  );
  report(
    'zoom into a region',
    await frames(page, async () => {
      await page.mouse.move(...at(0.3, 0.3));
      await page.mouse.down();
      await page.mouse.move(...at(0.8, 0.8), { steps: 20 });
      await page.mouse.up();
    }),
  );
  report('show all again', await frames(page, () => page.getByRole('button', { name: 'Show all' }).click()));
  report(
    'to a logarithmic axis',
    await frames(page, () => page.getByRole('checkbox', { name: 'logarithmic' }).last().check()),
  );
  report('the other theme', await frames(page, () => page.getByRole('button', { name: /^Theme/ }).click()));
}

async function main([count = '7', points = '100000']: string[]): Promise<void> {
  const server = await startRealServer();
  const browser = await launchBrowser();
  try {
    await loads(browser, server.url, Number(count));
    await fill(server.url, Number(points));
    await plot(await browser.newPage({ viewport: { width: 1440, height: 900 } }), server.url);
  } finally {
    await browser.close();
    await server.stop();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
