import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import type { OpenPage } from './explorer-page';
import { campaignPath, runAsCampaign, settled, stateTag } from './explorer-views';

/** 10,626 candidates in three chunks: long enough to be seen under way. */
const input = {
  space: { mix: { components: ['Al', 'Mg', 'Ti', 'Zn', 'Cu'].map((formula) => ({ formula })), step: 0.05 } },
  objectives: [{ property: 'YOUNGS_MODULUS_ALLOY', goal: 'MAXIMIZE' }],
};
/** Candidates that a worker takes at once (src/campaigns/plans.ts). */
const CHUNK = 4096;
/** 53,130: long enough to be paused twice. */
const long = {
  ...input,
  space: { mix: { ...input.space.mix, components: [...input.space.mix.components, { formula: 'Li' }] } },
};
const longPath = `/discover?input=${encodeURIComponent(JSON.stringify(long))}`;
const mediumPath = `/discover?input=${encodeURIComponent(JSON.stringify(input))}`;

const percent = async (page: Page): Promise<number> =>
  Number(await page.getByRole('progressbar').getAttribute('aria-valuenow'));
/** 4096 of "4,096 of 53,130 (8 %)". */
const done = async (page: Page): Promise<number> => {
  const text =
    (await page
      .getByText(/^[\d,]+ of [\d,]+/)
      .first()
      .textContent()) ?? '';
  return Number(/[\d,]+/.exec(text)?.[0].replaceAll(',', ''));
};
const candidates = (page: Page) => page.getByRole('region', { name: 'Candidates' });

export function campaigns(visit: OpenPage, url: () => string): void {
  const ask = async <T>(query: string, variables: unknown): Promise<T> => {
    const response = await fetch(`${url()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: T; errors?: unknown };
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };

  test('one is started from the form and watched to its end without a reload', async () => {
    const { page, problems } = await visit(mediumPath);
    await runAsCampaign(page, 'Stiff light alloys');
    await page.getByText('live', { exact: true }).waitFor();

    const seen = new Set<number>();
    let best = '';
    while ((await stateTag(page, 'completed').count()) === 0) {
      seen.add(await percent(page));
      if ((await candidates(page).locator('tbody tr').count()) > 0) {
        best ||= (await candidates(page).locator('tbody th .hidden-visually').first().textContent()) ?? '';
      }
      await page.waitForTimeout(200);
    }
    expect(await percent(page)).toBe(100);
    // Seen under way, with the best candidates of what had been scored by then.
    expect([...seen].some((value) => value > 0 && value < 100)).toBe(true);
    expect(best).toMatch(/^[A-Z]/);
    await candidates(page).getByRole('button', { name: 'Show 100 more' }).waitFor({ timeout: 60_000 });

    // The page ends with the list that the API ends with.
    const id = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1)!);
    type Answer = { campaign: { results: { nodes: { composition: { formula: string } }[] } } };
    const query = 'query ($id: ID!) { campaign(id: $id) { results(first: 5) { nodes { composition { formula } } } } }';
    const { campaign } = await ask<Answer>(query, { id });
    const shown = await candidates(page).locator('tbody th .hidden-visually').allTextContents();
    expect(shown.slice(0, 5)).toEqual(campaign.results.nodes.map(({ composition }) => composition.formula));
    expect(await candidates(page).getByText('10,626').first().isVisible()).toBe(true);

    await candidates(page).getByRole('button', { name: 'Show 100 more' }).click();
    await candidates(page).getByText('200 of 10,000 candidates').waitFor();
    expect(problems).toEqual([]);
  }, 180_000);

  test('a laboratory takes what is suggested and tells what it measured; the ranking is downloaded', async () => {
    const { page, problems } = await visit(campaignPath);
    await runAsCampaign(page, 'For the laboratory');
    await stateTag(page, 'completed').waitFor({ timeout: 60_000 });
    const laboratory = page.getByRole('region', { name: 'Laboratory' });
    const suggested = laboratory.locator('ol').first().locator('li');
    await suggested.nth(9).waitFor({ timeout: 60_000 });
    const formulas = await suggested.locator('.formula .hidden-visually').allTextContents();
    await laboratory.getByRole('button', { name: 'Reserve these 10' }).click();
    const reserved = laboratory.getByRole('region', { name: 'Reserved' });
    await reserved.locator('li').nth(9).waitFor();
    expect(await reserved.locator('li .formula .hidden-visually').allTextContents()).toEqual(formulas);
    const taken = new RegExp(`^${formulas[0]!.replaceAll('.', '\\.')}$`);
    const stillThere = suggested.locator('.hidden-visually', { hasText: taken });
    await stillThere.first().waitFor({ state: 'detached', timeout: 30_000 });

    await reserved.getByRole('button', { name: `Enter value of ${formulas[0]}` }).click();
    await laboratory.getByLabel('Value (GPa)').fill('123');
    await laboratory.getByRole('button', { name: 'Record' }).click();
    await laboratory.getByText(`${formulas[0]} is recorded.`).waitFor();
    await laboratory.getByText('1 measured for this campaign').waitFor();
    expect(await laboratory.locator('.value.measured').textContent()).toMatch(/123\sGPa/);

    // The file has a line for each candidate, and its first is the first of the page.
    const first = await candidates(page).locator('tbody th .hidden-visually').first().textContent();
    await page.getByRole('button', { name: 'Write the file' }).click();
    const link = page.getByRole('link', { name: 'Download' });
    await link.waitFor({ timeout: 30_000 });
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
    expect(lines[0]).toContain('young');
    expect(lines.length).toBeGreaterThan(1000);
    expect(lines[1]).toContain(first);
    expect(problems).toEqual([]);
  }, 180_000);

  test('one is paused, resumed, paused again and cancelled, and stands in the list', async () => {
    const { page, problems } = await visit(longPath);
    await runAsCampaign(page, 'Too long to wait for');
    await stateTag(page, 'running').waitFor();
    await candidates(page).locator('tbody tr').first().waitFor({ timeout: 60_000 });

    await page.getByRole('button', { name: 'Pause' }).click();
    await stateTag(page, 'paused').waitFor();
    await settled(page);
    const before = await done(page);
    expect(before).toBeGreaterThan(0);
    // The chunks that are under way, one in each of the worker's two lanes, are finished and counted; none follows them.
    await page.waitForTimeout(10_000);
    expect((await done(page)) - before).toBeLessThanOrEqual(2 * CHUNK);

    await page.getByRole('button', { name: 'Resume' }).click();
    await stateTag(page, 'running').waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Pause' }).click();
    await stateTag(page, 'paused').waitFor();

    await page.getByRole('button', { name: 'Cancel…' }).click();
    await page.getByText('This cannot be taken back.').waitFor();
    await page.getByRole('button', { name: 'Cancel the campaign' }).click();
    await stateTag(page, 'cancelled').waitFor();
    expect(await page.getByRole('button', { name: /Resume|Pause|Start/ }).count()).toBe(0);

    await page.getByRole('link', { name: 'Campaigns' }).first().click();
    await page.getByRole('radio', { name: 'Ended' }).check();
    const row = page.getByRole('row').filter({ hasText: 'Too long to wait for' });
    await row.getByText('cancelled').waitFor();
    await page.getByRole('radio', { name: 'Under way' }).check();
    await page.getByText('None of your campaigns is like that.').waitFor();
    expect(problems).toEqual([]);
  }, 180_000);

  test('what the API refuses of a campaign is named beside the form, and nothing is made', async () => {
    const wrong = { ...input, objectives: [{ property: 'BAND_GAP', goal: 'TARGET' }] };
    const { page } = await visit(`/discover?input=${encodeURIComponent(JSON.stringify(wrong))}`);
    await settled(page);
    await page.getByRole('button', { name: 'Run as campaign…' }).click();
    await page.getByRole('button', { name: 'Start the campaign' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('objectives');
    expect(new URL(page.url()).pathname).toBe('/discover');
  });

  test('an address of no campaign says so and leads to the list', async () => {
    const { page } = await visit('/campaigns/nothing');
    await page.getByText(/No such campaign|There is no such thing here|Something in the input/).waitFor();
    await page.getByRole('link', { name: 'Campaigns' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Campaigns' }).waitFor();
  });
}
