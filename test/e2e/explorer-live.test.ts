import { campaigns } from './explorer-campaigns';
import { explorerHarness } from './explorer-harness';
import { trouble } from './explorer-trouble';

const { visit, url, issueKey, sql } = explorerHarness();

describe('campaigns', () => campaigns(visit, url));
describe('when something goes wrong', () => trouble(visit, url, { issueKey, sql }));
