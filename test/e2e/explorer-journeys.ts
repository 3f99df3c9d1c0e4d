import type { OpenPage } from './explorer-page';
import { clipboard } from './explorer-page';
import { settled } from './explorer-views';

const count = (text: string | null): number => Number(/[\d,]+/.exec(text ?? '')?.[0].replaceAll(',', ''));

export function journeys(visit: OpenPage): void {
  test('elements picked by keyboard filter the table, and the address holds the state', async () => {
    const { page, problems } = await visit('/');
    await settled(page);
    const heading = page.getByRole('heading', { name: /materials?$/ });
    const everything = count(await heading.textContent());
    expect(everything).toBeGreaterThan(100);

    // From hydrogen: right over the gap to helium, down to neon, left to fluorine and oxygen.
    await page.getByRole('button', { name: 'H, Hydrogen' }).focus();
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowLeft', 'Enter']) await page.keyboard.press(key);
    await page.waitForURL(/all=O/);
    await page.getByRole('radio', { name: 'not in' }).check();
    await page.getByRole('button', { name: 'Si, Silicon', exact: true }).click();
    await page.waitForURL(/none=Si/);
    await settled(page);

    const filtered = count(await heading.textContent());
    expect(filtered).toBeGreaterThan(0);
    expect(filtered).toBeLessThan(everything);
    for (const formula of await page.locator('tbody th a .hidden-visually').allTextContents()) {
      expect(formula).toMatch(/O(?![a-z])/);
      expect(formula).not.toContain('Si');
    }

    await page.reload();
    await settled(page);
    expect(count(await heading.textContent())).toBe(filtered);
    await page.getByRole('button', { name: 'Si, Silicon, not in' }).waitFor();
    expect(problems).toEqual([]);
  });

  test('a measured and a predicted value are told apart, in words too', async () => {
    const { page } = await visit('/?q=GaAs&columns=BAND_GAP,THERMAL_EXPANSION');
    await settled(page);
    const row = page.locator('tbody tr').first();
    expect(await row.locator('.value.measured').textContent()).toMatch(/^measured 1\.42$/);
    expect(await row.locator('.value.predicted').textContent()).toMatch(/^predicted ~.*\[.*, .*\]$/);

    await page.getByRole('checkbox', { name: 'Predict what was not measured' }).uncheck();
    await page.waitForURL(/predict=off/);
    expect(await row.locator('.value.predicted').count()).toBe(0);
  });

  test('a mistake in a formula is underlined where it is, and said in words', async () => {
    const { page, problems } = await visit('/');
    await page.getByRole('textbox', { name: /^Formula/ }).fill('FeXx2');
    await page.getByText('unknown element "Xx" at position 2').waitFor();
    expect(await page.locator('.mirror').textContent()).toBe('FeX');
    expect(await page.locator('.mirror mark').textContent()).toBe('X');

    await page.getByRole('textbox', { name: /^Formula/ }).fill('Ba(Zr0.2Ti0.8)O3');
    await page.getByRole('link', { name: /^Open/ }).click();
    await page.getByRole('heading', { level: 1, name: /Ba.*O3/ }).waitFor();
    // A formula that is wrong in the catalogue's filter is an error of the API, not of the page.
    expect(problems.filter((problem) => !problem.includes('400'))).toEqual([]);
  });

  test('a chemical system is searched for, and a wrong one is said to be', async () => {
    const { page, problems } = await visit('/');
    await settled(page);
    await page.getByLabel('Search').selectOption('system');
    await page.getByRole('textbox', { name: 'Elements joined by -' }).fill('Ga-As');
    await page.waitForURL(/kind=system&q=Ga-As|q=Ga-As.*kind=system/);
    await settled(page);
    const formulas = await page.locator('tbody th a .hidden-visually').allTextContents();
    expect(formulas.length).toBeGreaterThan(0);
    expect(new Set(formulas)).toEqual(new Set(['GaAs']));
    expect(problems).toEqual([]);

    await page.getByRole('textbox', { name: 'Elements joined by -' }).fill('Ga-Xx');
    await page.getByText(/Xx/).and(page.locator('.message')).waitFor();
  });

  test('the table pages to and fro', async () => {
    const { page } = await visit('/');
    await settled(page);
    const first = await page.locator('tbody th').first().textContent();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.waitForURL(/after=/);
    await settled(page);
    expect(await page.locator('tbody th').first().textContent()).not.toBe(first);
    await page.getByRole('button', { name: 'Previous' }).click();
    await page.waitForURL(/before=/);
    await settled(page);
    expect(await page.locator('tbody th').first().textContent()).toBe(first);
  });

  test('points of the plot are reached by arrow keys and open a material', async () => {
    const { page } = await visit('/?all=O');
    await settled(page);
    await page.getByText(/materials plotted/).waitFor();
    await page.getByRole('application', { name: /points/ }).focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('.tip').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/materials\//);
    await page.getByRole('heading', { name: 'What Darwin predicts' }).waitFor();
  });

  test('a composition shows its distribution, and a condition outside the training range warns', async () => {
    const { page, problems } = await visit('/compositions/Bi2Te3');
    await settled(page);
    await page.getByRole('button', { name: 'Seebeck coefficient' }).click();
    await page.getByRole('img', { name: /^Predictive distribution: median .*µV\/K/ }).waitFor();
    expect(await page.locator('figure circle').count()).toBe(20);
    // Why to trust it: how far from what was learned, and the nearest of that.
    await page.getByText('inside the training domain').waitFor();
    expect(await page.getByText(/^Nearest training data/).textContent()).toMatch(/Bi.*Te/);
    const similar = page.getByRole('region', { name: 'Similar compositions' }).getByRole('link');
    expect(await similar.count()).toBeGreaterThan(3);

    await page.getByLabel('temperature (K)').fill('9000');
    await page
      .getByText(/^Caution/)
      .first()
      .waitFor();

    await page.getByRole('button', { name: 'Copy as GraphQL' }).click();
    expect(await clipboard(page)).toContain(
      'prediction(property: SEEBECK_COEFFICIENT, conditions: { temperature: 9000 })',
    );
    expect(problems).toEqual([]);
  });

  test('a material draws its structure and hands out its CIF', async () => {
    const { page, problems } = await visit('/?q=SiO2');
    await settled(page);
    await page.locator('tbody a').first().click();
    await page
      .getByRole('img', { name: /^Unit cell of SiO2/ })
      .locator('canvas')
      .first()
      .waitFor();
    await settled(page);
    await page.getByRole('button', { name: 'Copy CIF' }).click();
    expect(await clipboard(page)).toContain('_cell_length_a');
    await page.getByRole('button', { name: 'Copy as JSON' }).click();
    expect(JSON.parse(await clipboard(page))).toMatchObject({
      formula: 'SiO2',
      structure: { sites: expect.any(Array) },
    });
    await page.getByRole('button', { name: 'Copy as GraphQL' }).click();
    const body = JSON.stringify({ query: await clipboard(page) });
    const headers = { 'content-type': 'application/json' };
    const answer = await page.request.post(new URL('/graphql', page.url()).href, { headers, data: body });
    expect(await answer.json()).toMatchObject({ data: { material: { formula: 'SiO2' } } });
    expect(problems).toEqual([]);
  });

  test('what is no formula and what is not in the catalogue say so and lead back', async () => {
    const { page } = await visit('/compositions/Fe2O');
    await settled(page);
    await page.getByText('not in the catalogue').waitFor();
    await page.goto(page.url().replace('Fe2O', 'Fe2)O'));
    await page.getByRole('heading', { name: 'This is not a formula' }).waitFor();
    await page.goto(page.url().replace(/compositions.*/, 'materials/nothing'));
    await page.getByRole('alert').waitFor();
    await page.getByRole('link', { name: 'Back to the catalogue' }).click();
    await page.getByRole('heading', { name: /materials$/ }).waitFor();
  });
}
