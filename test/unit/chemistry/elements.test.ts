import { ELEMENTS, elementBySymbol } from '../../../src/chemistry';
import { PRICES, TOXIC } from '../../../src/chemistry/data/element-supply';

describe('the element table', () => {
  it('holds 118 elements by atomic number, each symbol and name once', () => {
    expect(ELEMENTS.map((element) => element.number)).toEqual(Array.from({ length: 118 }, (_, i) => i + 1));
    expect(new Set(ELEMENTS.map((element) => element.symbol)).size).toBe(118);
    expect(new Set(ELEMENTS.map((element) => element.name)).size).toBe(118);
  });

  it('has masses that grow with the atomic number but for the known inversions', () => {
    const inversions = ELEMENTS.slice(1)
      .filter((element, i) => element.atomicMass < (ELEMENTS[i]?.atomicMass ?? 0))
      .map((element) => element.symbol);
    // Ar/K, Co/Ni and Te/I by standard weight, Th/Pa and U/Np; among the heaviest the longest-lived isotope decides.
    expect(inversions.filter((symbol) => (elementBySymbol(symbol)?.number ?? 0) < 95)).toEqual([
      'K',
      'Ni',
      'I',
      'Pa',
      'Np',
    ]);
  });

  it('lists every common oxidation state among the known ones', () => {
    for (const element of ELEMENTS) {
      expect(element.oxidationStates).toEqual(expect.arrayContaining([...element.commonOxidationStates]));
      expect(element.oxidationStates).toEqual([...new Set(element.oxidationStates)].sort((a, b) => a - b));
    }
  });

  it('agrees with textbook values', () => {
    expect(elementBySymbol('Fe')).toMatchObject({
      number: 26,
      atomicMass: 55.845,
      electronegativity: 1.83,
      commonOxidationStates: [2, 3],
    });
    expect(elementBySymbol('Tc')).toMatchObject({ radioactive: true, crustalAbundance: null });
    expect(elementBySymbol('He')).toMatchObject({ electronegativity: null, oxidationStates: [] });
    expect(elementBySymbol('Au')?.crustalAbundance).toBe(0.004);
    expect(elementBySymbol('fe')).toBeUndefined();
  });

  it('knows a price to one significant digit, of all that is traded', () => {
    const unpriced = ELEMENTS.filter(({ price }) => price === null);
    expect(unpriced.every(({ radioactive }) => radioactive)).toBe(true);
    expect(ELEMENTS.filter(({ radioactive, price }) => radioactive && price !== null).map((e) => e.symbol)).toEqual([
      'Th',
      'U',
    ]);
    for (const { price } of ELEMENTS) if (price !== null) expect(Number(price.toPrecision(1))).toBe(price);
    const listed = PRICES.trim().split('\n').flatMap((line) => line.split('|')[1]!.split(' ')); // prettier-ignore
    expect(listed).toHaveLength(ELEMENTS.length - unpriced.length);
  });

  it('calls toxic what RoHS, IARC or CLP name as element and compounds', () => {
    expect(ELEMENTS.filter(({ toxic }) => toxic).map(({ symbol }) => symbol)).toEqual(TOXIC.split(' '));
    expect(elementBySymbol('Pb')?.toxic).toBe(true);
    expect(elementBySymbol('Cr')?.toxic).toBe(false);
  });
});
