import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import type { OpenPage } from './explorer-page';
import { settled, VIEWS } from './explorer-views';

const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const WCAG_21_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];

export function accessibility(visit: OpenPage): void {
  const looks = [
    { name: 'desk, light', width: 1440, colorScheme: 'light' },
    { name: 'telephone, dark', width: 390, colorScheme: 'dark' },
  ] as const;
  const cases = VIEWS.flatMap((view) => looks.map((look) => ({ view, look })));

  test.each(cases)(
    '$view.name ($look.name) violates nothing of WCAG 2.1 AA and fits its width',
    async ({ view, look }) => {
      const { page } = await visit(view.path, look);
      await view.arrive(page);
      await page.evaluate(axeSource);
      const results = (await page.evaluate(
        `axe.run(document, { runOnly: { type: 'tag', values: ${JSON.stringify(WCAG_21_AA)} } })`,
      )) as AxeResults;
      const violations = results.violations.map(
        ({ id, nodes }) => `${id} at ${nodes.length} places: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`,
      );
      expect(violations).toEqual([]);
      expect(results.passes.length).toBeGreaterThan(5);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    },
    120_000,
  );

  test('the first tab stop skips to the content', async () => {
    const { page } = await visit('/discover');
    await settled(page);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('MAIN');
  });
}
