import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Conditions, PropertyKey } from '../../../src/domain';
import type { Manifest } from '../../../src/darwin/manifest';

/** A package of random weights in the real format; its golden answers come from torch. */
export const TINY = path.resolve(__dirname, '../../fixtures/models/darwin-tiny');

export interface GoldenRow {
  readonly property: PropertyKey;
  readonly formula: string;
  readonly conditions: Conditions;
  readonly key: string;
  readonly tokens: readonly number[];
  readonly numbers: readonly number[];
  readonly probabilities: readonly number[];
  readonly value: number;
}

export const tinyManifest = JSON.parse(readFileSync(path.join(TINY, 'manifest.json'), 'utf8')) as Manifest;

export const goldenRows = readFileSync(path.join(TINY, 'golden.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as GoldenRow);

export function tinyProperty(key: PropertyKey): Manifest['properties'][number] {
  return tinyManifest.properties.find((property) => property.key === key)!;
}
