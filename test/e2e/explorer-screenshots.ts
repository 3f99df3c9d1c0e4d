/**
 * npm run web:screenshots -- FOLDER [URL] [VIEW…]: every view of the explorer at desk and telephone width, light and dark, to be looked
 * at. Without a URL (or with -) it starts a server of its own.
 * npm run web:screenshots -- docs/images [URL]: the six of the documentation.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './explorer-browser';
import { startRealServer } from './explorer-server';
import { VIEWS, type View } from './explorer-views';

interface Shot {
  readonly view: string;
  readonly file: string;
  readonly width: number;
  readonly colorScheme: 'light' | 'dark';
  /** Longer pages are cut: nobody looks at a table's hundredth row. */
  readonly maxHeight: number;
  /** Text of the heading or label that the picture begins at; the top of the page if not given. */
  readonly from?: string;
}

const WIDTHS = [1440, 390];
const every = (views: readonly View[]): Shot[] =>
  views.flatMap(({ name }) =>
    WIDTHS.flatMap((width) =>
      (['light', 'dark'] as const).map((colorScheme) => ({
        view: name,
        file: `${name}-${width}-${colorScheme}.png`,
        width,
        colorScheme,
        maxHeight: 2200,
      })),
    ),
  );

const DOCUMENTATION: readonly Shot[] = [
  { view: 'explore', file: 'explore.png', width: 1440, colorScheme: 'light', maxHeight: 900 },
  { view: 'composition', file: 'composition.png', width: 1440, colorScheme: 'dark', maxHeight: 900 },
  { view: 'ask-answer', file: 'ask.png', width: 1440, colorScheme: 'light', maxHeight: 560 },
  { view: 'campaign-running', file: 'campaign.png', width: 1440, colorScheme: 'light', maxHeight: 1000 },
  {
    view: 'discover-results',
    file: 'candidates.png',
    width: 1440,
    colorScheme: 'dark',
    maxHeight: 950,
    from: 'generated',
  },
  { view: 'explore', file: 'explore-telephone.png', width: 390, colorScheme: 'dark', maxHeight: 1250 },
];

async function take(browser: Browser, root: string, shot: Shot, folder: string): Promise<void> {
  const view = VIEWS.find(({ name }) => name === shot.view);
  if (!view) throw new Error(`there is no view ${shot.view}`);
  const { width, colorScheme } = shot;
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`${view.name}: ${message.text()}`);
  });
  await page.goto(root + view.path);
  // Pictures have no scrollbar, whose place would stay empty.
  await page.evaluate("document.documentElement.style.scrollbarGutter = 'auto'");
  await view.arrive(page);
  const begin = shot.from ? await page.getByText(shot.from, { exact: true }).first().boundingBox() : null;
  const y = begin ? Math.max(0, begin.y + ((await page.evaluate('scrollY')) as number) - 30) : 0;
  const length = (await page.evaluate('document.documentElement.scrollHeight')) as number;
  const path = join(folder, shot.file);
  const height = Math.min(shot.maxHeight, length - y);
  await page.screenshot({ path, fullPage: true, clip: { x: 0, y, width, height }, timeout: 120_000 });
  console.log(path);
  await context.close();
}

async function main([folder = 'screenshots', url = '-', ...only]: string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const shots =
    folder.replace(/\/$/, '') === 'docs/images'
      ? DOCUMENTATION
      : every(VIEWS.filter(({ name }) => only.length === 0 || only.includes(name)));
  const server = url === '-' ? await startRealServer() : null;
  const browser = await launchBrowser();
  try {
    for (const shot of shots) await take(browser, server?.url ?? url, shot, folder);
  } finally {
    await browser.close();
    await server?.stop();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
