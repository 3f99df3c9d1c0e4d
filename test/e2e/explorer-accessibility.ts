import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import type { OpenPage } from './explorer-page';
import { settled, VIEWS } from './explorer-views';

const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const WCAG_21_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];

/** WCAG 2.1 AA, as far as a program can tell. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axeSource);
  const results = (await page.evaluate(
    `axe.run(document, { runOnly: { type: 'tag', values: ${JSON.stringify(WCAG_21_AA)} } })`,
  )) as AxeResults;
  const violations = results.violations.map(
    ({ id, nodes }) => `${id} at ${nodes.length} places: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`,
  );
  expect(violations).toEqual([]);
  expect(results.passes.length).toBeGreaterThan(5);
}

/** Collects what moves by itself: shifts within half a second of an input are the reader's own (Layout Instability specification). */
const WATCH_SHIFTS = `
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      const moved = entry.sources.map(({ node }) => node?.nodeName + '.' + (node?.className ?? ''));
      window.shifts.push({ value: entry.value, moved: moved.join(', ') });
    }
  }).observe({ type: 'layout-shift', buffered: true });
`;
/** What counts as good (Web Vitals, cumulative layout shift). */
const MOST_SHIFT = 0.1;

export function accessibility(visit: OpenPage): void {
  const looks = [
    { name: 'desk, light', width: 1440, colorScheme: 'light' },
    { name: 'telephone, dark', width: 390, colorScheme: 'dark' },
  ] as const;
  const cases = VIEWS.flatMap((view) => looks.map((look) => ({ view, look })));

  test.each(cases)(
    '$view.name ($look.name) violates nothing of WCAG 2.1 AA, fits its width and stays in its place',
    async ({ view, look }) => {
      const { page, problems } = await visit(view.path, {
        ...look,
        prepare: async (page) => void (await page.addInitScript(WATCH_SHIFTS)),
      });
      await view.arrive(page);
      await expectAccessible(page);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      const shifts = (await page.evaluate('shifts')) as { value: number; moved: string }[];
      const sum = shifts.reduce((total, { value }) => total + value, 0);
      expect(sum < MOST_SHIFT ? [] : shifts).toEqual([]);
      expect(problems).toEqual([]);
    },
    180_000,
  );

  test('the first tab stop skips to the content', async () => {
    const { page } = await visit('/discover');
    await settled(page);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('MAIN');
  });
}
