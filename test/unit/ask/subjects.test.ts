import { ENGLISH } from '../../../src/ask';
import { NameBook, subjectOf } from '../../../src/ask/names';
import { findSubjects } from '../../../src/ask/subjects';
import { parseFormula } from '../../../src/chemistry';

const book = new NameBook(ENGLISH.names);
const find = (question: string) => findSubjects(question, book, ENGLISH.words);
const formulas = (question: string) => find(question).compositions.map(({ formula }) => formula);

describe('what a question is about', () => {
  test.each([
    ['What is the band gap of GaAs?', ['GaAs']],
    ['At 800 K, how large is the Seebeck coefficient of Bi2Te3?', ['Bi2Te3']],
    ['hardness of (Ti0.5Al0.5)N', ['TiAlN2']],
    ["GaAs's band gap", ['GaAs']],
    ['GaN-based LEDs: band gap?', ['GaN']],
    ['cp(UO2) at 1000 K', ['UO2']],
    ['GaN/AlN: which gap is wider', ['GaN', 'AlN']],
    ['is mgb2 a superconductor', ['MgB2']],
    ['melting point of Fe', ['Fe']],
    ['density of W', ['W']],
  ])('%s: formulas', (question, expected) => expect(formulas(question)).toEqual(expected));

  test.each([
    ['the band gap of gallium arsenide', ['GaAs']],
    ['density of rock salt', ['NaCl']],
    ['Is quartz a metal?', ['SiO2']],
    ['iron(III) oxide, density', ['Fe2O3']],
    ['molybdenum disulfide exfoliation', ['MoS2']],
    ['vanadium pentoxide', ['VO5']],
    ['divanadium pentoxide', ['V2O5']],
    ['aluminum oxide', ['Al2O3']],
    ['calcium carbonate', ['CaCO3']],
    ['barium titanate or strontium titanate', ['BaTiO3', 'SrTiO3']],
    ['ammonium nitrate', ['N2H4O3']],
    ['melting point of tungsten', ['W']],
  ])('%s: names', (question, expected) => {
    expect(formulas(question)).toEqual(expected.map((formula) => parseFormula(formula).formula));
  });

  test.each([
    ['lithium ion conductivity of Li3PS4', ['Li3PS4']],
    ['Is FeSe superconducting in liquid nitrogen?', ['FeSe']],
    ['A UV LED of AlN: which gap?', ['AlN']],
    ['refractive index (DFPT) of MgO', ['MgO']],
    ['density of PbO per 1 cm3', ['PbO']],
    ['GaAs at 300 K, in K', ['GaAs']],
    ['No idea. In As many words: GaAs?', ['GaAs']],
    ['GaAs or GaAs?', ['GaAs']],
  ])('%s: nothing else', (question, expected) => {
    expect(formulas(question)).toEqual(expected.map((formula) => parseFormula(formula).formula));
  });

  test('is one word to the reader, told by what kind of composition it is', () => {
    expect(find('gap of gallium arsenide in meV?').masked).toMatch(/^gap of {2}#compound {2}in meV\?$/);
    expect(find('#alloy: gap of Si').masked).not.toContain('#alloy');
    expect(subjectOf(parseFormula('AlCoCrFeNi'))).toBe('alloy');
    expect(subjectOf(parseFormula('Fe0.7Ni0.18Co0.08Mo0.04'))).toBe('steel');
    expect(subjectOf(parseFormula('Fe80B20'))).toBe('alloy');
    expect(subjectOf(parseFormula('MgB2'))).toBe('compound');
  });

  test('if it cannot be read, the reason is kept', () => {
    expect(find('gap of Xx2O3').problem).toEqual({
      wrongFormula: expect.stringContaining('unknown element "Xx" at position 0'),
    });
    expect(find('refractive index of iron oxide').problem).toMatchObject({ candidates: ['FeO', 'Fe2O3'] });
    expect(find('density of brass').problem).toEqual({ mixture: 'brass' });
    expect(find('density of my soul')).toMatchObject({ compositions: [], problem: null });
  });

  test('every common name has a formula that parses', () => {
    const lines = ENGLISH.names.common.trim().split('\n');
    expect(lines.length).toBeGreaterThan(200);
    for (const line of lines) expect(() => parseFormula(line.split(' = ')[1]!)).not.toThrow();
  });
});
