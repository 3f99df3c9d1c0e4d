import { clipboard, type OpenPage } from './explorer-page';
import { discoverPath, settled } from './explorer-views';

export function discovery(visit: OpenPage, url: () => string): void {
  test('a space built on the periodic table is run, plotted and compared', async () => {
    const { page, problems } = await visit('/discover');
    await settled(page);
    await page.getByRole('button', { name: 'Clear elements' }).click();
    for (const element of ['Mg, Magnesium', 'O, Oxygen', 'S, Sulfur', 'Zn, Zinc']) {
      await page.getByRole('button', { name: element, exact: true }).click();
    }
    await page.getByLabel('Objective 1', { exact: true }).selectOption('BAND_GAP');
    await page.getByLabel('Goal').first().selectOption('TARGET');
    await page.getByLabel('Target (eV)').fill('3');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('on the Pareto front').waitFor({ timeout: 60_000 });

    const formulas = await page
      .getByRole('checkbox', { name: /^Compare / })
      .evaluateAll((boxes) => boxes.map((box) => box.getAttribute('aria-label')?.replace('Compare ', '') ?? ''));
    expect(formulas.length).toBeGreaterThan(2);
    for (const formula of formulas) expect(formula).toMatch(/^((Mg|O|S|Zn)[\d.]*)+$/);
    expect(await page.locator('circle.front').count()).toBeGreaterThan(0);

    // Up to four candidates stand side by side, chosen in the table or in the plot.
    await page.getByRole('checkbox', { name: `Compare ${formulas[0]}`, exact: true }).check();
    await page.getByRole('application', { name: /candidates/ }).focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    expect(await page.getByRole('region', { name: 'Comparison' }).getByRole('link').count()).toBeGreaterThanOrEqual(2);

    await page.getByRole('radio', { name: 'Parallel coordinates' }).check();
    await page.getByRole('img', { name: /^Parallel coordinates/ }).waitFor();
    expect(problems).toEqual([]);
  });

  test('the copied query asks the API for what the page shows', async () => {
    const { page } = await visit(discoverPath);
    await settled(page);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('on the Pareto front').waitFor({ timeout: 60_000 });
    const shown = await page
      .getByRole('region', { name: 'Candidates' })
      .locator('tbody th .hidden-visually')
      .allTextContents();

    await page.getByRole('button', { name: 'Copy as GraphQL' }).click();
    const response = await fetch(`${url()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: await clipboard(page) }),
    });
    const answer = (await response.json()) as {
      errors?: unknown;
      data: { discover: { nodes: { composition: { formula: string } }[] } };
    };
    expect(answer.errors).toBeUndefined();
    const asked = answer.data.discover.nodes.map((node) => node.composition.formula);
    expect(asked).toEqual(shown.slice(0, asked.length));
  });

  test('a space that is too large is refused in plain words, and the form stays', async () => {
    const input = {
      space: {
        enumerate: {
          elements: ['Li', 'Na', 'K', 'Mg', 'Ca', 'Al', 'Si', 'P', 'S', 'O', 'F', 'Cl', 'Fe', 'Ti'],
          maxAtoms: 20,
        },
      },
      objectives: [{ property: 'BAND_GAP', goal: 'MAXIMIZE' }],
      maxCandidates: 1000,
    };
    const { page } = await visit(`/discover?input=${encodeURIComponent(JSON.stringify(input))}`);
    await settled(page);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('The design space is too large').waitFor();
    expect(await page.getByLabel('Candidates, at most').inputValue()).toBe('1000');
  });

  test('every mistake of the form is named', async () => {
    const input = {
      space: { mix: { components: [{ formula: 'GaAs' }, { formula: 'InXx' }], step: 0.3 } },
      objectives: [{ property: 'BAND_GAP', goal: 'TARGET' }],
    };
    const { page } = await visit(`/discover?input=${encodeURIComponent(JSON.stringify(input))}`);
    await settled(page);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const alert = page.getByRole('alert');
    await alert.waitFor();
    const text = await alert.textContent();
    expect(text).toContain('objectives');
    expect(text).toContain('components');
  });

  test('limits of elements are set in the form, and hold', async () => {
    const input = {
      space: { formulas: ['Li2O', 'PbO', 'TiO2', 'PtO2', 'LiNiO2'] },
      objectives: [{ property: 'BAND_GAP', goal: 'MAXIMIZE' }],
    };
    const { page, problems } = await visit(`/discover?input=${encodeURIComponent(JSON.stringify(input))}`);
    await settled(page);
    await page.getByText('More filters').click();
    await page.getByLabel('Leave out Be, As, Cd').check();
    await page.getByLabel('Cost of the elements').selectOption('below 100 USD/kg');
    await page.getByLabel('Limit an element').selectOption('O Oxygen');
    await page.getByLabel('O, at least').fill('0.4');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('on the Pareto front').waitFor({ timeout: 60_000 });
    const formulas = await page
      .getByRole('checkbox', { name: /^Compare / })
      .evaluateAll((boxes) => boxes.map((box) => box.getAttribute('aria-label')?.replace('Compare ', '')));
    expect(formulas.sort()).toEqual(['LiNiO2', 'TiO2']);
    await page.getByRole('button', { name: 'Remove the limit of O' }).click();
    expect(await page.getByLabel('O, at least').count()).toBe(0);
    expect(problems).toEqual([]);
  });
}
