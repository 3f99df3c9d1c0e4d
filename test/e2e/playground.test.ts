import type { Browser } from 'playwright-core';
import { startTestServer, type TestServer } from '../support/server';
import { launchBrowser } from './explorer-browser';

describe('the playground in a browser', () => {
  let server: TestServer;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  test('loads without the network and within its policy, opens with queries for each kind of user, and runs one', async () => {
    const page = await browser.newPage();
    const problems: string[] = [];
    const foreign: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      const url = request.url();
      if (!/^(data|blob):/.test(url) && !url.startsWith(server.url)) foreign.push(url);
    });
    await page.goto(`${server.url}/graphql`);
    await page.getByRole('tab').nth(4).waitFor();
    expect(await page.locator('.graphiql-tab-button').allInnerTexts()).toEqual([
      'Composition',
      'Oxides',
      'SolarAbsorbers',
      'StartCampaign',
      'Allowance',
    ]);

    await page.locator('.graphiql-execute-button').click();
    await page.getByText('"GaAs"').first().waitFor();
    expect(await page.locator('.result-window').textContent()).toContain('"unit": "eV"');
    expect(foreign).toEqual([]);
    expect(problems).toEqual([]);
  });
});
