/**
 * npm run web:screenshots -- FOLDER [URL] [VIEW…]: every view of the explorer at desk and telephone width, light and dark, to be looked
 * at. Without a URL it starts a server of its own.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser } from './explorer-browser';
import { startRealServer } from './explorer-server';
import { VIEWS } from './explorer-views';

const SIZES = [
  { name: '1440', width: 1440, height: 900 },
  { name: '390', width: 390, height: 844 },
];

/** Longer pages are cut: nobody looks at a table's hundredth row. */
const MAX_HEIGHT = 2200;

async function main([folder = 'screenshots', url, ...only]: string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const server = url ? null : await startRealServer();
  const root = url ?? server?.url;
  const browser = await launchBrowser();
  try {
    for (const view of VIEWS.filter(({ name }) => only.length === 0 || only.includes(name))) {
      for (const { name, width, height } of SIZES) {
        for (const colorScheme of ['light', 'dark'] as const) {
          const context = await browser.newContext({ viewport: { width, height }, colorScheme });
          const page = await context.newPage();
          page.on('console', (message) => {
            if (message.type() === 'error') console.error(`${view.name}: ${message.text()}`);
          });
          await page.goto(root + view.path);
          await view.arrive(page);
          const path = join(folder, `${view.name}-${name}-${colorScheme}.png`);
          await page.screenshot({ path, fullPage: true, clip: { x: 0, y: 0, width, height: MAX_HEIGHT } });
          console.log(path);
          await context.close();
        }
      }
    }
  } finally {
    await browser.close();
    await server?.stop();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
