import { accessibility } from './explorer-accessibility';
import { asking } from './explorer-ask';
import { deployment } from './explorer-deployment';
import { discovery } from './explorer-discovery';
import { explorerHarness } from './explorer-harness';
import { journeys } from './explorer-journeys';
import { keys } from './explorer-keys';
import { ranges } from './explorer-ranges';

const { visit, url, issueKey } = explorerHarness();

describe('exploring the catalogue', () => journeys(visit));
describe('ranges, order and plot', () => ranges(visit));
describe('discovering compositions', () => discovery(visit, url));
describe('asking', () => asking(visit, url));
describe('API keys', () => keys(visit, url, issueKey));
describe('where and how it is served', () => deployment(visit, url));
describe('accessibility', () => accessibility(visit));
