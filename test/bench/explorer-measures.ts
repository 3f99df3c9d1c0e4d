import type { Browser, Page } from 'playwright-core';

export const median = (values: readonly number[]): number => quantile(values, 0.5);
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? NaN;
}

export interface Load {
  /** First contentful paint, ms from the request. */
  readonly paint: number;
  /** Until `ready` is on the page and no task longer than 50 ms runs any more, ms from the request. */
  readonly interactive: number;
  /** Bytes of scripts as they came over the line. */
  readonly scripts: number;
}

/** One load with nothing cached. @param ready selector of what has to be there before a reader can work */
export async function coldLoad(browser: Browser, url: string, ready: string): Promise<Load> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  let scripts = 0;
  page.on('requestfinished', (request) => {
    if (request.resourceType() === 'script')
      void request.sizes().then(({ responseBodySize }) => (scripts += responseBodySize));
  });
  await page.addInitScript(`
    window.longTaskEnd = 0;
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) window.longTaskEnd = Math.max(window.longTaskEnd, task.startTime + task.duration);
    }).observe({ type: 'longtask', buffered: true });`);
  await page.goto(url);
  await page.locator(ready).first().waitFor();
  const there = (await page.evaluate('performance.now()')) as number;
  await page.waitForTimeout(500);
  const [paint, longTask] = (await page.evaluate(
    `[performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN, window.longTaskEnd]`,
  )) as [number, number];
  await context.close();
  // A long task that began after the page was ready is of its later work, and counts all the same: a click would wait for it.
  return { paint, interactive: Math.max(there, longTask), scripts };
}

/** Times between the frames of the page while something is done to it, ms. */
export async function frames(page: Page, action: () => Promise<void>): Promise<number[]> {
  await page.evaluate(`
    window.frameTimes = [];
    window.measuring = true;
    (function next(last) {
      requestAnimationFrame((now) => {
        if (last !== undefined) window.frameTimes.push(now - last);
        if (window.measuring) next(now);
      });
    })();`);
  await action();
  await page.waitForTimeout(200);
  return (await page.evaluate('window.measuring = false, window.frameTimes')) as number[];
}
