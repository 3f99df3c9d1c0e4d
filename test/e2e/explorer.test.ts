import type { Browser } from 'playwright-core';
import { accessibility } from './explorer-accessibility';
import { launchBrowser } from './explorer-browser';
import { deployment } from './explorer-deployment';
import { discovery } from './explorer-discovery';
import { keys } from './explorer-keys';
import { journeys } from './explorer-journeys';
import { openPage, type Visit, type VisitOptions } from './explorer-page';
import { startRealServer, type RealServer } from './explorer-server';

// One server with the bundled model, and one browser, for every journey through the explorer.
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
});

afterEach(async () => {
  for (const visit of visits.splice(0)) await visit.context.close();
});

const visit = async (path: string, options: VisitOptions = {}): Promise<Visit> => {
  const opened = await openPage(browser, (options.root ?? server.url) + path, options);
  visits.push(opened);
  return opened;
};
const url = (): string => server.url;

describe('exploring the catalogue', () => journeys(visit));
describe('discovering compositions', () => discovery(visit, url));
describe('API keys', () => keys(visit, url, () => server.issueKey()));
describe('where and how it is served', () => deployment(visit, url));
describe('accessibility', () => accessibility(visit));
