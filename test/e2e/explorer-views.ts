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

/** 1,001 alloys of five metals: seconds of work. */
const smallSpace = {
  space: {
    mix: { components: ['Al', 'Mg', 'Ti', 'Zn', 'Cu'].map((formula) => ({ formula })), step: 0.1 },
  },
  objectives: [
    { property: 'YOUNGS_MODULUS_ALLOY', goal: 'MAXIMIZE' },
    { property: 'DENSITY_ALLOY', goal: 'MINIMIZE' },
  ],
};
/** 53,130 of six: minutes of work. */
const largeSpace = {
  ...smallSpace,
  space: {
    mix: { components: ['Al', 'Mg', 'Ti', 'Zn', 'Cu', 'Li'].map((formula) => ({ formula })), step: 0.05 },
  },
};
export const campaignPath = `/discover?input=${encodeURIComponent(JSON.stringify(smallSpace))}`;
export const largeCampaignPath = `/discover?input=${encodeURIComponent(JSON.stringify(largeSpace))}`;

/** Hands what the form holds to the workers, and goes where it can be watched. */
export async function runAsCampaign(page: Page, name: string): Promise<void> {
  await settled(page);
  await page.getByRole('button', { name: 'Run as campaign…' }).click();
  await page.getByLabel('Name of the campaign').fill(name);
  await page.getByRole('button', { name: 'Start the campaign' }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

/** Until no request is under way and nothing on the page says that it is busy. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor({ state: 'attached' });
  await page.waitForLoadState('networkidle');
  await page.locator('.bone, [aria-busy="true"]').first().waitFor({ state: 'detached' });
}

/** Has every part of the page that failed asked again, until none says so. */
export async function askAgain(page: Page): Promise<void> {
  const again = page.getByRole('button', { name: 'Try again' });
  while ((await again.count()) > 0) {
    // One that goes by itself meanwhile cannot be clicked any more.
    await again
      .first()
      .click({ timeout: 2_000 })
      .catch(() => undefined);
    await settled(page);
  }
}

/** The state that a campaign's page says it is in. */
export const stateTag = (page: Page, state: string) => page.locator('main .tag', { hasText: state }).first();

export const VIEWS: readonly View[] = [
  { name: 'explore', path: '/', arrive: settled },
  { name: 'explore-filtered', path: '/?all=O&none=C&q=*2O3&color=DENSITY', arrive: settled },
  {
    name: 'explore-ranges',
    path: '/?ranges=BAND_GAP:1:6,MELTING_TEMPERATURE::,~BULK_MODULUS:60:&sort=-BAND_GAP&logx=on',
    arrive: settled,
  },
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
  {
    name: 'campaign',
    path: campaignPath,
    arrive: async (page) => {
      await runAsCampaign(page, 'Light and stiff alloys');
      await stateTag(page, 'completed').waitFor({ timeout: 60_000 });
      await settled(page);
    },
  },
  {
    name: 'campaign-running',
    path: '/campaigns?show=active',
    arrive: async (page) => {
      await settled(page);
      const running = page
        .getByRole('row')
        .filter({ hasText: /running/ })
        .getByRole('link')
        .first();
      if ((await running.count()) > 0) await running.click();
      else {
        await page.goto(new URL(largeCampaignPath, page.url()).href);
        await runAsCampaign(page, 'Light and stiff alloys, finer');
      }
      await stateTag(page, 'running').waitFor();
      await page.getByRole('region', { name: 'Candidates' }).getByRole('row').nth(20).waitFor({ timeout: 180_000 });
    },
  },
  { name: 'ask', path: '/ask', arrive: settled },
  { name: 'ask-answer', path: `/ask?q=${encodeURIComponent('What is the band gap of GaAs in meV?')}`, arrive: settled },
  {
    name: 'ask-comparison',
    path: `/ask?q=${encodeURIComponent('Which has the wider gap, GaN or GaAs?')}`,
    arrive: settled,
  },
  { name: 'ask-refused', path: `/ask?q=${encodeURIComponent('Who won the match?')}`, arrive: settled },
  { name: 'campaigns', path: '/campaigns', arrive: settled },
  { name: 'keys', path: '/keys', arrive: settled },
  { name: 'discover', path: discoverPath, arrive: settled },
  {
    name: 'discover-results',
    path: discoverPath,
    arrive: async (page) => {
      await settled(page);
      await page.getByRole('button', { name: 'Run', exact: true }).click();
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
