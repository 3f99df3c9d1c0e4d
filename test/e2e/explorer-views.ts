import type { Page } from 'playwright-core';

/** One state of the explorer worth looking at; `arrive` returns when it has settled. */
export interface View {
  readonly name: string;
  readonly path: string;
  arrive(page: Page): Promise<void>;
}

const discovery = {
  space: { enumerate: { elements: ['B', 'C', 'N', 'Al', 'Si', 'Ti'], elementCount: { min: 2, max: 3 }, maxAtoms: 6 } },
  objectives: [
    { property: 'VICKERS_HARDNESS', goal: 'MAXIMIZE' },
    { property: 'DENSITY', goal: 'MINIMIZE' },
  ],
  constraints: [{ property: 'ENERGY_ABOVE_HULL', max: 0.1 }],
};
export const discoverPath = `/discover?input=${encodeURIComponent(JSON.stringify(discovery))}`;

/** Until no request is under way and nothing on the page says that it is busy. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor({ state: 'attached' });
  await page.waitForLoadState('networkidle');
  await page.locator('.bone, [aria-busy="true"]').first().waitFor({ state: 'detached' });
}

export const VIEWS: readonly View[] = [
  { name: 'explore', path: '/', arrive: settled },
  { name: 'explore-filtered', path: '/?all=O&none=C&q=*2O3&color=DENSITY', arrive: settled },
  { name: 'explore-nothing', path: '/?all=He,Ne', arrive: settled },
  {
    name: 'composition',
    path: '/compositions/GaAs?property=BAND_GAP',
    arrive: async (page) => {
      await page.getByText('Each dot is a chance of 1 in 20').waitFor();
      await settled(page);
    },
  },
  {
    name: 'composition-invalid',
    path: '/compositions/FeXx2',
    arrive: async (page) => {
      await page.getByRole('heading', { name: 'This is not a formula' }).waitFor();
    },
  },
  {
    name: 'material',
    path: '/?all=Si&q=SiO2',
    arrive: async (page) => {
      await settled(page);
      await page.locator('tbody a').first().click();
      await page.getByRole('heading', { name: 'What Darwin predicts' }).waitFor();
      await settled(page);
    },
  },
  { name: 'keys', path: '/keys', arrive: settled },
  { name: 'discover', path: discoverPath, arrive: settled },
  {
    name: 'discover-results',
    path: discoverPath,
    arrive: async (page) => {
      await settled(page);
      await page.getByRole('button', { name: 'Run' }).click();
      await page.getByText('on the Pareto front').waitFor({ timeout: 60_000 });
      await page
        .getByRole('checkbox', { name: /^Compare / })
        .nth(0)
        .check();
      await page
        .getByRole('checkbox', { name: /^Compare / })
        .nth(1)
        .check();
      await settled(page);
    },
  },
];
