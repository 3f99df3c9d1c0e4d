import { clipboard, type OpenPage } from './explorer-page';
import { settled } from './explorer-views';

export function asking(visit: OpenPage, url: () => string): void {
  test('a question is typed, understood and answered with an interval in the unit asked for', async () => {
    const { page, problems } = await visit('/keys');
    await page.getByRole('link', { name: 'Ask', exact: true }).click();
    await page.getByLabel('Question').fill('What is the band gap of gallium arsenide in meV?');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/ask\?q=/);
    const answer = page.getByRole('region', { name: 'Answer' });
    await answer.getByText('Understood').waitFor();
    expect(await answer.locator('.tag').allTextContents()).toEqual(expect.arrayContaining(['Band gap']));
    const value = (await answer.locator('.value.predicted').first().textContent()) ?? '';
    expect(value).toMatch(/meV/);
    const [median, lower, upper] = [...value.matchAll(/[\d.]+/g)].map(([number]) => Number(number));
    expect(lower).toBeLessThanOrEqual(median!);
    expect(upper).toBeGreaterThan(median!);

    // The copied query asks the API for the same.
    await answer.getByRole('button', { name: 'Copy as GraphQL' }).click();
    const response = await fetch(`${url()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: await clipboard(page) }),
    });
    const { data } = (await response.json()) as { data: { ask: { value: number; unit: string } } };
    expect(data.ask.unit).toBe('meV');
    expect(Math.abs(data.ask.value - median!)).toBeLessThan(data.ask.value * 0.01);

    await answer.getByRole('link', { name: 'Distribution and conditions' }).click();
    await page.getByRole('heading', { level: 1, name: 'GaAs' }).waitFor();
    expect(problems).toEqual([]);
  });

  test('yes or no, a comparison and a recorded fact each have an answer of their own', async () => {
    const { page } = await visit(`/ask?q=${encodeURIComponent('Is Fe2O3 a metal?')}`);
    await page.getByText(/probability of yes/).waitFor();
    await page.goto(page.url().replace(/q=.*/, `q=${encodeURIComponent('Which has the wider gap, GaN or GaAs?')}`));
    await page.locator('.sides .value.predicted').nth(1).waitFor();
    await page.goto(page.url().replace(/q=.*/, `q=${encodeURIComponent('What is the atomic mass of iron?')}`));
    await page.getByText('recorded fact').waitFor();
  });

  test('what is not understood is said to be, with what can be asked', async () => {
    const { page, problems } = await visit(`/ask?q=${encodeURIComponent('Who won the match?')}`);
    await page.getByRole('heading', { name: 'This was not understood' }).waitFor();
    await page.getByRole('link', { name: 'What is the band gap of GaAs?' }).click();
    await page.getByRole('region', { name: 'Answer' }).locator('.value.predicted').first().waitFor();
    await settled(page);
    expect(problems).toEqual([]);
  });
}
