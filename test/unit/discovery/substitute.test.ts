import { parseFormula } from '../../../src/chemistry';
import type { SubstituteInput } from '../../../src/domain';
import { DiscoveryPlan } from '../../../src/discovery';
import { learnSubstitutions } from '../../../src/discovery/tools/substitution-statistics';
import { fakeKnown, fakePredictor } from './fakes';

function plan(substitute: SubstituteInput, maxCandidates = 100_000): DiscoveryPlan {
  const objectives = [{ property: 'BAND_GAP', goal: 'MAXIMIZE' }];
  const deps = { predictor: fakePredictor(), known: fakeKnown() };
  return new DiscoveryPlan({ space: { substitute }, objectives, maxCandidates }, deps);
}

function suggestions(substitute: SubstituteInput): string[] {
  const { space } = plan(substitute);
  return Array.from({ length: space.size }, (_, position) => space.at(position).formula);
}

describe('substitute', () => {
  it('suggests the isovalent relatives of a compound first', () => {
    expect(suggestions({ parents: ['LiFePO4'] }).slice(0, 12)).toEqual(
      expect.arrayContaining(
        ['NaFePO4', 'LiMnPO4', 'LiCoPO4', 'LiFeAsO4'].map((formula) => parseFormula(formula).formula),
      ),
    );
    expect(suggestions({ parents: ['GaAs'] }).slice(0, 6)).toEqual(expect.arrayContaining(['GaP', 'AlAs']));
  });

  it('swaps the ions that the parent holds, not their elements in other states', () => {
    // Iron is +2 in the oxide: its relatives are Mn and Co, not Al and Cr as for +3 in Fe2O3.
    const first = (parent: string) => suggestions({ parents: [parent] }).slice(0, 8);
    expect(first('FeO')).toEqual(expect.arrayContaining(['MnO', 'CoO']));
    expect(first('FeO')).not.toContain('AlO');
    expect(first('Fe2O3')).toEqual(expect.arrayContaining(['Al2O3', 'Cr2O3']));
  });

  it('takes as much of an ion of another charge as keeps the compound neutral', () => {
    const found = (parent: string, element: string) => suggestions({ parents: [parent], elements: [element] });
    const formula = (text: string) => parseFormula(text).formula;
    expect(found('CaCO3', 'Li')[0]).toBe(formula('Li2CO3'));
    expect(found('AlPO4', 'Mg')[0]).toBe(formula('Mg3(PO4)2'));
    expect(found('AlPO4', 'Li')[0]).toBe(formula('Li3PO4'));
    // Iron is +8/3 on average: Na +1 takes its whole charge of 8, a metal of +3 its places.
    expect(found('Fe3O4', 'Cr')).toContain(formula('Cr3O4'));
    // A solid solution stays one.
    expect(found('Na0.5Ca0.25CO3', 'Li')).toContain(formula('Na0.5Li0.5CO3'));
  });

  it('takes a place and a charge at once with two swaps', () => {
    expect(suggestions({ parents: ['CaTiO3'], elements: ['Li', 'Zr'], maxSwaps: 2 })).toEqual(
      expect.arrayContaining(['Li2TiO3', 'Li2ZrO3'].map((text) => parseFormula(text).formula)),
    );
  });

  it('keeps to the elements that may come in, and holds no parent and nothing twice', () => {
    const found = suggestions({ parents: ['NaCl', 'KCl'], elements: ['K', 'Br'], maxSwaps: 2 });
    expect([...found].sort()).toEqual(['KBr', 'NaBr']);
  });

  it('holds less the likelier a swap must be, and more with more swaps', () => {
    const size = (extra: Partial<SubstituteInput>): number => suggestions({ parents: ['SrTiO3'], ...extra }).length;
    expect(size({ minProbability: 0.05 })).toBeLessThan(size({}));
    expect(size({ maxSwaps: 2 })).toBeGreaterThan(size({}));
    expect(size({ minProbability: 1 })).toBe(0);
  });

  it('is refused before it starts when it is too large', () => {
    expect(() => plan({ parents: ['SrTiO3', 'LiFePO4'], maxSwaps: 3, minProbability: 0 }, 1000)).toThrow(
      /candidates, more than maxCandidates 1,000; fewer parents/,
    );
  });
});

describe('learning substitutions', () => {
  const learn = (...formulas: string[]) => learnSubstitutions(formulas.map((formula) => parseFormula(formula)), 0).probabilities; // prettier-ignore

  it('pairs compounds that differ in one ion only', () => {
    const table = learn('NaCl', 'KCl', 'NaBr', 'MgO', 'CaO');
    expect(Object.keys(table['Na1']!)).toEqual(['K1']);
    expect(Object.keys(table['Mg2']!)).toEqual(['Ca2']);
    expect(Object.keys(table['Cl-1']!)).toEqual(['Br-1']);
    expect(table['O-2']).toBeUndefined();
  });

  it('counts a relative of another charge, and so another amount, a tenth', () => {
    const table = learn('CaCO3', 'MgCO3', 'Li2CO3', 'LiCl', 'BaCl2');
    const { Mg2, Li1 } = table['Ca2']!;
    expect(Li1! / Mg2!).toBeLessThan(0.2);
    expect(Li1!).toBeGreaterThan(0);
    expect(Object.keys(table['Li1']!).sort()).toEqual(['Ba2', 'Ca2', 'Mg2']);
  });

  it('counts every compound once, however many relatives it has', () => {
    // Sodium is seen beside potassium twice, beside silver once.
    const table = learn('NaCl', 'KCl', 'NaBr', 'KBr', 'AgBr');
    const { K1, Ag1 } = table['Na1']!;
    expect(K1! / Ag1!).toBeGreaterThan(2);
    expect(K1! + Ag1!).toBeCloseTo(1);
  });
});
