import { expectAccessible } from './explorer-accessibility';
import { clipboard, type OpenPage } from './explorer-page';
import { settled } from './explorer-views';

export function keys(visit: OpenPage, url: () => string, issueKey: () => Promise<string>): void {
  const status = async (secret: string): Promise<number> => {
    const response = await fetch(`${url()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
      body: JSON.stringify({ query: '{ viewer { scopes } }' }),
    });
    return response.status;
  };

  test('a key is made, shown once, used, rotated and revoked', async () => {
    const { page, problems } = await visit('/keys');
    await page.getByText('needs a key that may administer keys').waitFor();
    await page.getByLabel('Use a key in this tab').fill(await issueKey());
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.getByText('Uses the key “admin”').waitFor();
    await settled(page);
    await page.getByLabel('Name').fill('partner portal');
    // Told apart from what its maker may: it is not to predict.
    await page.getByRole('checkbox', { name: 'run predictions' }).uncheck();
    await page.getByRole('button', { name: 'Make the key' }).click();
    const secretBox = page.getByRole('status', { name: 'New secret' });
    const secret = (await secretBox.locator('.value').textContent()) ?? '';
    expect(secret).toMatch(/^bgl_live_/);
    await secretBox.getByRole('button', { name: 'Copy' }).click();
    expect(await clipboard(page)).toBe(secret);
    expect(await status(secret)).toBe(200);
    await expectAccessible(page);
    const made = page.getByRole('row').filter({ hasText: 'partner portal' });
    expect(await made.locator('td').nth(1).textContent()).toBe('read materials');

    await page.getByRole('button', { name: 'Rotate partner portal' }).first().click();
    await page.getByText(secret).waitFor({ state: 'detached' });
    const second = (await secretBox.locator('.value').textContent()) ?? '';
    expect(second).toMatch(/^bgl_live_/);
    // The old secret works on for a day.
    expect([await status(secret), await status(second)]).toEqual([200, 200]);

    const active = page.getByRole('row').filter({ hasText: 'partner portal' }).filter({ hasText: 'active' });
    while ((await active.count()) > 0) {
      const left = await active.count();
      await active.first().getByRole('button', { name: 'Revoke partner portal' }).click();
      await active.nth(left - 1).waitFor({ state: 'detached' });
    }
    expect([await status(secret), await status(second)]).toEqual([401, 401]);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.reload();
    await settled(page);
    expect(await page.locator('body').textContent()).not.toContain(second);
    expect(problems).toEqual([]);
  });

  test('what a key was used for stands in a chart, day by day', async () => {
    const admin = await issueKey();
    const asked = 7;
    for (let time = 0; time < asked; time++) expect(await status(admin)).toBe(200);
    const { page, problems } = await visit('/keys');
    await page.getByLabel('Use a key in this tab').fill(admin);
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.getByText('Uses the key “admin”').waitFor();
    const row = page.getByRole('row').filter({ hasText: admin.slice(0, 'bgl_live_'.length + 8) });
    const chart = page.getByRole('img', { name: /^Requests of admin a day/ });
    // The use of a key is written down some seconds later.
    const requests = async (): Promise<number> => {
      await page.reload();
      await row.getByRole('button', { name: 'Usage of admin' }).click();
      return Number(/: ([\d,]+) in/.exec((await chart.getAttribute('aria-label')) ?? '')?.[1]?.replaceAll(',', ''));
    };
    while ((await requests()) < asked) await page.waitForTimeout(1000);
    expect(await chart.locator('.bar').count()).toBe(30);
    await page.getByRole('radio', { name: 'Points' }).check();
    await page.getByRole('img', { name: /^Points of admin a day/ }).waitFor();
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 900 });
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(problems).toEqual([]);
  }, 120_000);

  test('a key that is not accepted is said in plain words, with a way on', async () => {
    const { page } = await visit('/keys');
    await settled(page);
    await page.getByLabel('Use a key in this tab').fill('bgl_live_nonsense');
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.getByText('The API key is not accepted').first().waitFor();
    await page.getByRole('button', { name: 'Continue without the key' }).first().click();
    await page.getByText('Uses no key').waitFor();
  });
}
