import type { Browser, BrowserContext, Page } from 'playwright-core';

export interface VisitOptions {
  /** Where the deployment's root is, if not at the server itself. */
  readonly root?: string;
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
  /** Runs before the page is asked for. */
  readonly prepare?: (page: Page) => Promise<void>;
}

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Everything that the browser reported as an error: exceptions, refused resources, violations of the content security policy. */
  readonly problems: readonly string[];
}

export type OpenPage = (path: string, options?: VisitOptions) => Promise<Visit>;

export async function openPage(browser: Browser, address: string, options: VisitOptions): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: 900 },
    colorScheme: options.colorScheme ?? 'light',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(45_000);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  await options.prepare?.(page);
  await page.goto(address);
  return { page, context, problems };
}

export async function clipboard(page: Page): Promise<string> {
  return (await page.evaluate('navigator.clipboard.readText()')) as string;
}
