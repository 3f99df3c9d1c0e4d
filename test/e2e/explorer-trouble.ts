import type { OpenPage } from './explorer-page';
import { proxyBelow } from './explorer-proxy';
import { largeCampaignPath, runAsCampaign, settled, stateTag } from './explorer-views';

export function trouble(visit: OpenPage, url: () => string, issueKey: () => Promise<string>): void {
  test('live updates that were lost are said to be, and come back', async () => {
    const proxy = await proxyBelow('/lab', url());
    try {
      const { page } = await visit(largeCampaignPath, { root: proxy.root });
      await runAsCampaign(page, 'Watched over a bad line');
      await page.getByText('live', { exact: true }).waitFor();

      await proxy.stop();
      await page.getByText(/^Live updates stopped: The connection was lost/).waitFor();
      await page.getByText('not live').waitFor();
      await proxy.start();
      await page.getByRole('button', { name: 'Try now' }).click();
      await page.getByText('live', { exact: true }).waitFor();
      expect(await page.getByText('Live updates stopped').count()).toBe(0);

      await page.getByRole('button', { name: 'Cancel…' }).click();
      await page.getByRole('button', { name: 'Cancel the campaign' }).click();
      await stateTag(page, 'cancelled').waitFor();
    } finally {
      await proxy.stop();
    }
  }, 60_000);

  test('a server that fails is said in plain words, and asking again works', async () => {
    const proxy = await proxyBelow('/lab', url());
    try {
      const { page } = await visit('/campaigns', { root: proxy.root });
      await settled(page);
      proxy.answerWith(502);
      await page.getByRole('radio', { name: 'Ended' }).check();
      await page.getByText('The server cannot be reached').waitFor();
      await page.getByText('The server answered 502 without a readable body.').waitFor();
      proxy.answerWith(null);
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('alert').waitFor({ state: 'detached' });
      await settled(page);
    } finally {
      await proxy.stop();
    }
  });

  test('a key that was revoked meanwhile is said to be, with a way on', async () => {
    const admin = await issueKey();
    const ask = async (query: string) => {
      const response = await fetch(`${url()}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}` },
        body: JSON.stringify({ query }),
      });
      return (await response.json()) as { data: { createApiKey: { secret: string; apiKey: { id: string } } } };
    };
    const made = await ask(`mutation {
      createApiKey(input: { name: "tab", scopes: [MATERIALS_READ, PREDICTIONS_RUN, CAMPAIGNS_READ] }) {
        ... on CreateApiKeySuccess { secret apiKey { id } }
      }
    }`);
    const { secret, apiKey } = made.data.createApiKey;

    const { page } = await visit('/keys');
    await page.getByLabel('Use a key in this tab').fill(secret);
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.getByText('Uses the key “tab”').waitFor();
    await ask(`mutation { revokeApiKey(id: "${apiKey.id}") { __typename } }`);

    await page.getByRole('link', { name: 'Campaigns' }).click();
    await page.getByText('The API key is not accepted').waitFor();
    await page.getByRole('button', { name: 'Continue without the key' }).click();
    await settled(page);
    expect(await page.getByRole('alert').count()).toBe(0);
  });
}
