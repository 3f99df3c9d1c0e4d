import type { Page } from 'playwright-core';
import type { OpenPage } from './explorer-page';
import { settled } from './explorer-views';

const column = async (page: Page, place: number): Promise<number[]> => {
  const texts = await page.locator(`tbody tr td:nth-child(${place}) .value.measured .main`).allTextContents();
  return texts.map((text) => Number(/[\d.]+/.exec(text)?.[0]));
};

export function ranges(visit: OpenPage): void {
  test('a range is set with its thumb by keyboard, and filters table and plot; the address holds it', async () => {
    const { page, problems } = await visit('/?columns=BAND_GAP');
    await settled(page);
    await page.getByLabel('Range of a property').selectOption('BAND_GAP');
    const least = page.getByRole('slider', { name: 'Least Band gap' });
    await least.waitFor();
    // The distribution is that of what was measured, with its unit.
    expect(await least.getAttribute('aria-valuetext')).toMatch(/ eV$/);
    await least.focus();
    for (let press = 0; press < 3; press++) await page.keyboard.press('PageUp');
    await page.waitForURL(/ranges=BAND_GAP%3A[\d.]+%3A/);
    await settled(page);

    const bound = Number(/BAND_GAP:([\d.]+):/.exec(decodeURIComponent(page.url()))?.[1]);
    expect(await page.getByLabel('Band gap from').inputValue()).toBe(String(bound));
    const gaps = await column(page, 3);
    expect(gaps.length).toBeGreaterThan(3);
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(bound * 0.99);

    await page.reload();
    await settled(page);
    expect(await column(page, 3)).toEqual(gaps);
    await page.getByRole('button', { name: 'Remove the range of Band gap' }).click();
    await page.waitForURL((url) => !url.search.includes('ranges'));
    expect(problems).toEqual([]);
  });

  test('the table is sorted by a column, both ways and back', async () => {
    const { page } = await visit('/?columns=MELTING_TEMPERATURE&predict=off&ranges=MELTING_TEMPERATURE::');
    await settled(page);
    const header = page.getByRole('columnheader').filter({ hasText: 'Melting temperature' }).first();
    await page.getByRole('button', { name: 'Sort by Melting temperature, ascending' }).click();
    await page.waitForURL(/sort=MELTING/);
    await settled(page);
    expect(await header.getAttribute('aria-sort')).toBe('ascending');
    const up = await column(page, 3);
    expect(up.length).toBeGreaterThan(3);
    expect(up).toEqual([...up].sort((a, b) => a - b));

    await page.getByRole('button', { name: 'Sort by Melting temperature, descending' }).click();
    await page.waitForURL(/sort=-MELTING/);
    await settled(page);
    const down = await column(page, 3);
    expect(down).toEqual([...down].sort((a, b) => b - a));
    await page.getByRole('button', { name: 'Sort by Melting temperature, as entered' }).click();
    await page.waitForURL((url) => !url.search.includes('sort'));
  });

  test('a region of the plot is marked to zoom into it, kept in the address, and left again', async () => {
    const { page } = await visit('/?all=O');
    await settled(page);
    const plot = page.getByRole('application', { name: /points/ });
    const points = async () => Number(/^\d+/.exec((await plot.getAttribute('aria-label')) ?? '')?.[0]);
    const everything = await points();
    const box = (await plot.boundingBox())!;
    await page.mouse.move(box.x + 100, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/zoom=/);
    const inside = await points();
    expect(inside).toBeLessThan(everything);
    await page.reload();
    await settled(page);
    expect(await points()).toBe(inside);
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.waitForURL((url) => !url.search.includes('zoom'));
    expect(await points()).toBe(everything);
  });

  test('without predictions the plot shows what was measured alone', async () => {
    const { page } = await visit('/');
    await settled(page);
    await page.getByText(/[1-9]\d* predicted in at least one coordinate/).waitFor();
    await page.getByRole('checkbox', { name: 'Predict what was not measured' }).uncheck();
    await page.getByText(/ 0 predicted in at least one coordinate/).waitFor();
  });
}
