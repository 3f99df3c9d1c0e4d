import type { Browser } from 'playwright-core';
import { launchBrowser } from './explorer-browser';
import { openPage, type OpenPage, type Visit } from './explorer-page';
import { startRealServer, type RealServer } from './explorer-server';

/** One server with the bundled model and one browser for all tests of a file. */
export function explorerHarness(): Pick<RealServer, 'issueKey' | 'sql'> & { visit: OpenPage; url(): string } {
  let server: RealServer;
  let browser: Browser;
  const visits: Visit[] = [];

  beforeAll(async () => {
    server = await startRealServer();
    browser = await launchBrowser();
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  }, 60_000);

  afterEach(async () => {
    for (const visit of visits.splice(0)) await visit.context.close();
  });

  return {
    url: () => server.url,
    issueKey: () => server.issueKey(),
    sql: (statement) => server.sql(statement),
    async visit(path, options = {}) {
      const opened = await openPage(browser, (options.root ?? server.url) + path, options);
      visits.push(opened);
      return opened;
    },
  };
}
