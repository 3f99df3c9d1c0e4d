import type { OpenPage } from './explorer-page';
import { proxyBelow } from './explorer-proxy';
import { askAgain, settled } from './explorer-views';

export function deployment(visit: OpenPage, url: () => string): void {
  test('it works below a path, also when loaded deep inside', async () => {
    const proxy = await proxyBelow('/lab/beagle', url());
    const { root } = proxy;
    try {
      const { page, problems } = await visit('/compositions/GaAs', { root });
      await settled(page);
      await page.getByRole('link', { name: 'Discover' }).click();
      expect(page.url()).toBe(`${root}/discover`);
      await page.getByRole('link', { name: 'Beagle' }).click();
      await page.getByRole('heading', { name: /materials$/ }).waitFor();
      expect(page.url()).toBe(`${root}/`);
      expect(problems).toEqual([]);
    } finally {
      await proxy.stop();
    }
  });

  test('the first load stays below 250 kB of compressed JavaScript', async () => {
    const sizes = new Map<string, number>();
    const { page } = await visit('/', {
      prepare: async (page) => {
        page.on('requestfinished', async (finished) => {
          if (finished.resourceType() === 'script')
            sizes.set(finished.url(), (await finished.sizes()).responseBodySize);
        });
      },
    });
    await settled(page);
    expect(sizes.size).toBeGreaterThan(2);
    const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(20_000);
    expect(total).toBeLessThan(250_000);
  });

  test('its policy allows no inline code, and its files are cached by content', async () => {
    const page = await fetch(`${url()}/discover`, { headers: { accept: 'text/html' } });
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const script = /src="(\.\/assets\/[^"]+\.js)"/.exec(await page.text())?.[1];
    const file = await fetch(new URL(script ?? '', `${url()}/`), { headers: { 'accept-encoding': 'br' } });
    expect(file.headers.get('content-encoding')).toBe('br');
    expect(file.headers.get('cache-control')).toContain('immutable');
    expect((await fetch(`${url()}/nowhere`, { headers: { accept: 'text/html' } })).status).toBe(404);
  });

  test('the API link leads to the playground', async () => {
    const { page, problems } = await visit('/discover');
    await page.getByRole('link', { name: 'API' }).click();
    await page.waitForURL(/\/graphql$/);
    await page.locator('.graphiql-container').waitFor();
    expect(problems).toEqual([]);
  });

  test('an unreachable server is said in plain words, and asking again works', async () => {
    const { page } = await visit('/', {
      prepare: async (page) => void (await page.route('**/graphql', (route) => route.abort())),
    });
    await page.getByText('The server cannot be reached').first().waitFor();
    await page.unroute('**/graphql');
    await askAgain(page);
    await page.getByRole('heading', { name: /\d+ materials$/ }).waitFor();
    expect(await page.getByText('The server cannot be reached').count()).toBe(0);
  });

  test('a theme that was chosen stays', async () => {
    const { page } = await visit('/discover', { colorScheme: 'light' });
    await page.getByRole('button', { name: /^Theme/ }).click();
    await page.reload();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
  });
}
