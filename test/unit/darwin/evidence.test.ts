import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseFormula } from '../../../src/chemistry';
import { evidenceOf } from '../../../src/darwin/evidence';
import { TrainingIndex } from '../../../src/darwin/training-index';
import type { Neighbour, PredictionResult } from '../../../src/domain';

const GAP = 0;
const DENSITY = 1;
/** Ga1-xAlxAs from x = 0 to 1, 1/32 apart, and far from them three salts. */
const ALLOYS = ['GaAs', ...Array.from({ length: 15 }, (_, i) => `Ga${15 - i}Al${i + 1}As16`), 'AlAs'];
const SALTS = ['NaCl', 'NaBr', 'KCl'];

let folder: string;
beforeAll(async () => (folder = await mkdtemp(path.join(tmpdir(), 'evidence-'))));
afterAll(() => rm(folder, { recursive: true }));

function training(rows: readonly (readonly [formula: string, ...properties: number[]])[]): TrainingIndex {
  const file = path.join(folder, `${Math.random()}.tsv.gz`);
  const lines = rows.map(([formula, ...properties]) => `${parseFormula(formula).key}\t${properties.join(',')}\n`);
  writeFileSync(file, gzipSync(lines.join('')));
  return new TrainingIndex(file);
}

async function evidence(index: TrainingIndex, formula: string, property = GAP, neighbours: readonly Neighbour[] = []) {
  const prediction = {
    request: { composition: parseFormula(formula), property: property === GAP ? 'BAND_GAP' : 'DENSITY' },
    neighbours,
  } as unknown as PredictionResult;
  return (await evidenceOf([prediction], index, (key) => (key === 'BAND_GAP' ? GAP : DENSITY)))[0]!;
}

describe('evidence', () => {
  const index = () =>
    training([
      ...ALLOYS.map((formula) => [formula, GAP] as const),
      ...SALTS.map((formula) => [formula, DENSITY] as const),
      ['InAs', GAP, DENSITY],
    ]);

  test('knows what the property was trained on, however the formula is written', async () => {
    const known = index();
    expect((await evidence(known, 'Ga2As2')).inTrainingData).toBe(true);
    expect((await evidence(known, 'GaAs', DENSITY)).inTrainingData).toBe(false);
    expect((await evidence(known, 'NaCl')).inTrainingData).toBe(false);
    expect((await evidence(known, 'InAs', DENSITY)).inTrainingData).toBe(true);
  });

  test('shows the nearest that the property was trained on, no others', async () => {
    const { nearest } = await evidence(index(), 'NaCl', DENSITY);
    expect(nearest.map(({ formula }) => formula)).toEqual(['NaCl', 'NaBr', 'KCl', 'InAs']);
    expect(nearest.map(({ distance }) => distance)).toEqual([0, 0.5, 0.5, expect.any(Number)]);
  });

  test('shows what the memory answered with, each composition once, nearest first', async () => {
    const neighbours = [
      { formula: 'GaN', weight: 0.5 },
      { formula: 'Ga2N2', weight: 0.2 },
      { formula: 'GaAs', weight: 0.2 },
      { formula: 'InN', weight: 0.001 },
    ];
    const { nearest } = await evidence(index(), 'GaAs', GAP, neighbours);
    const formulas = nearest.map(({ formula }) => formula);
    expect(formulas.filter((formula) => formula === 'GaN')).toHaveLength(1);
    expect(formulas.filter((formula) => formula === 'GaAs')).toHaveLength(1);
    expect(formulas).not.toContain('InN');
    const distances = nearest.map(({ distance }) => distance);
    expect(distances).toEqual([...distances].sort((a, b) => a - b));
  });

  test('is interpolation among neighbours as near as theirs, the edge beyond them, extrapolation far away', async () => {
    const known = index();
    expect((await evidence(known, 'Ga0.52Al0.48As')).applicability).toBe('INTERPOLATION');
    // InAs is the one training composition that stands apart: half a step from its nearest.
    expect((await evidence(known, 'Ga0.9In0.1As')).applicability).toBe('NEAR_EDGE');
    expect((await evidence(known, 'GaIn8As9')).applicability).toBe('NEAR_EDGE');
    expect((await evidence(known, 'In9As')).applicability).toBe('EXTRAPOLATION');
  });

  test('an element that the property never saw is extrapolation, however near', async () => {
    expect((await evidence(index(), 'Ga0.999Tl0.001As')).applicability).toBe('EXTRAPOLATION');
  });

  test('without training compositions everything is extrapolation', async () => {
    const expected = { inTrainingData: false, nearest: [], applicability: 'EXTRAPOLATION' };
    expect(await evidence(new TrainingIndex(null), 'GaAs')).toEqual(expected);
    expect(await evidence(training([['NaCl', DENSITY]]), 'GaAs')).toEqual(expected);
  });
});
