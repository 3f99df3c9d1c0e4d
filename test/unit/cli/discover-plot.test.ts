import { parseFormula } from '../../../src/chemistry';
import { htmlPlot, terminalPlot } from '../../../src/cli/discover-plot';
import type { Candidate, Distribution, PredictionResult } from '../../../src/domain';

const uniform = (value: number): Distribution => ({
  value,
  mean: value,
  standardDeviation: 0.3,
  quantile: (p) => value - 0.5 + p,
  probabilityWithin: () => 0,
});

const candidate = (rank: number, formula: string, paretoFront: number, values: readonly number[]): Candidate => ({
  rank,
  composition: parseFormula(formula),
  score: -rank,
  paretoFront,
  noveltyDistance: 0,
  objectives: values.map((value, k) => ({
    property: k === 0 ? 'BAND_GAP' : 'BULK_MODULUS',
    prediction: {
      request: { composition: parseFormula(formula), property: k === 0 ? 'BAND_GAP' : 'BULK_MODULUS' },
      distribution: uniform(value),
    } as PredictionResult,
    desirability: 1,
  })),
});

const two = [candidate(1, 'GaAs', 1, [1, 100]), candidate(2, 'InAs', 1, [3, 50]), candidate(3, 'AlAs', 2, [2, 40])];

describe('the plot of a discovery', () => {
  it('draws every candidate where its two objectives put it, the front told apart', () => {
    const rows = terminalPlot(two, 21, 7).split('\n');
    expect(rows[0]).toBe('bulk modulus (GPa)');
    expect(rows[1]).toBe('100 ┤●');
    expect(rows[6]).toMatch(/^ {4}┤ {20}●$/);
    expect(rows[7]).toMatch(/^ 40 ┤ {10}·$/);
    expect(rows.at(-1)).toContain('band gap (eV)');
  });

  it('draws one objective over the rank', () => {
    const one = [candidate(1, 'GaAs', 1, [1.4]), candidate(2, 'InAs', 2, [0.4])];
    expect(terminalPlot(one)).toContain('rank   ●');
  });

  it('says so when there is nothing to draw', () => {
    expect(terminalPlot([])).toBe('no candidate to plot');
  });

  it('is a page of its own with a dot for each candidate and both intervals for each of the front', () => {
    const page = htmlPlot(two);
    expect(page.match(/<circle/g)).toHaveLength(3);
    expect(page.match(/class="front"/g)).toHaveLength(2);
    expect(page.match(/<line x1/g)).toHaveLength(4);
    expect(page).toContain('<title>GaAs, rank 1: 1, 100</title>');
    expect(page).not.toMatch(/https?:|<script/);
  });

  it('draws the front over all else, on axes of round numbers, and says of how many these are the best', () => {
    const page = htmlPlot([...two].reverse(), 2195);
    const last = page.lastIndexOf('class="dominated"');
    expect(page.indexOf('class="front"')).toBeGreaterThan(last);
    const ticks = [...page.matchAll(/text-anchor="(\w+)"[^>]*>([-\d.]+)</g)].map(([, side, text]) => [side, text]);
    expect(ticks.filter(([side]) => side === 'middle').map(([, text]) => text)).toEqual(['1', '2', '3']);
    expect(ticks.filter(([side]) => side === 'end').map(([, text]) => text)).toEqual(['40', '60', '80', '100']);
    expect(page).toContain('The best 3 of 2195 candidates, 2 of them on the Pareto front');
    expect(htmlPlot(two)).toContain('<h1>3 candidates, 2 of them');
  });
});
