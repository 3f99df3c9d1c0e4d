import type { OpenPage } from './explorer-page';
import { proxyBelow } from './explorer-proxy';
import type { RealServer } from './explorer-server';
import { askAgain, largeCampaignPath, runAsCampaign, settled, stateTag } from './explorer-views';

export function trouble(
  visit: OpenPage,
  url: () => string,
  { issueKey, sql }: Pick<RealServer, 'issueKey' | 'sql'>,
): void {
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

  test('a failure inside the server is not blamed on the reader, names its request, and goes when the server is well', async () => {
    const { page } = await visit('/campaigns');
    await settled(page);
    await sql('ALTER TABLE campaigns RENAME TO campaigns_elsewhere');
    try {
      await page.getByRole('radio', { name: 'Ended' }).check();
      const alert = page.getByRole('alert');
      await alert.getByText('The server failed on this').waitFor();
      const text = (await alert.textContent()) ?? '';
      expect(text).toContain('The fault is not in what you asked.');
      expect(text).toMatch(/Request [0-9a-f-]{36}/);
      expect(text).not.toMatch(/relation|campaigns|SQL|INTERNAL/);
    } finally {
      await sql('ALTER TABLE campaigns_elsewhere RENAME TO campaigns');
    }
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await settled(page);
  });

  test('what is asked again says that it is busy, and is asked once however often it is clicked', async () => {
    const { page } = await visit('/campaigns', {
      prepare: async (page) => void (await page.route('**/graphql', (route) => route.abort())),
    });
    const region = page.getByRole('region', { name: 'Campaigns' });
    const again = region.getByRole('button', { name: /^Try/ });
    await again.waitFor();
    await page.unroute('**/graphql');

    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    let asked = 0;
    let aborted = 0;
    await page.route('**/graphql', async (route) => {
      asked += 1;
      await held;
      await route.continue();
    });
    page.on('requestfailed', () => (aborted += 1));
    await again.focus();
    await page.keyboard.press('Enter');
    await region.getByRole('button', { name: 'Trying again…', disabled: true }).waitFor();
    expect(await region.getByRole('alert').getAttribute('aria-busy')).toBe('true');
    // By mouse and by keyboard, which stays where it was.
    await again.click({ force: true });
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.textContent.trim()')).toBe('Trying again…');
    expect({ asked, aborted }).toEqual({ asked: 1, aborted: 0 });

    answer();
    await region.getByRole('alert').waitFor({ state: 'detached' });
    await page.getByRole('row').first().or(page.getByText('You have no campaign yet.')).first().waitFor();
    expect({ asked, aborted }).toEqual({ asked: 1, aborted: 0 });
  });

  test.each(['/compositions/GaAs', '/ask?q=What+is+the+band+gap+of+GaAs%3F', '/campaigns', '/keys', '/discover'])(
    'without the server %s says so in plain words, and is whole when it was asked again',
    async (path) => {
      const { page } = await visit(path, {
        prepare: async (page) => void (await page.route('**/graphql', (route) => route.abort())),
      });
      await page.getByText('The server cannot be reached').first().waitFor();
      await page.unroute('**/graphql');
      await askAgain(page);
      expect(await page.getByRole('alert').count()).toBe(0);
    },
    120_000,
  );

  test('a page of another version than the server, which does not know its operations by their ids, works on', async () => {
    const sent: Record<string, unknown>[] = [];
    const { page } = await visit('/campaigns', {
      prepare: async (page) =>
        void (await page.route('**/graphql', (route) => {
          const body = route.request().postDataJSON() as Record<string, unknown>;
          sent.push(body);
          const documentId = body['documentId'] && `sha256:${'0'.repeat(64)}`;
          return route.continue({ postData: { ...body, ...(documentId ? { documentId } : {}) } });
        })),
    });
    await settled(page);
    await page.getByRole('radio', { name: 'Ended' }).check();
    await settled(page);
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(sent[0]).toHaveProperty('documentId');
    expect(sent.at(-1)).toHaveProperty('query');
    expect(sent.at(-1)).not.toHaveProperty('documentId');
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
