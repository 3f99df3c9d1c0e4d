import { spaceGroupByNumber, spaceGroupBySymbol } from '../../../src/catalog/structure';
import { SPACE_GROUP_SYMBOLS } from '../../../src/catalog/structure/data/space-group-symbols';
import { parseSymmetryOperation } from '../../../src/catalog/structure/symmetry';

describe('symmetry operations', () => {
  it.each([
    [
      'x,y,z',
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      [0, 0, 0],
    ],
    [
      '-y, x-y, z+1/3',
      [
        [0, -1, 0],
        [1, -1, 0],
        [0, 0, 1],
      ],
      [0, 0, 1 / 3],
    ],
    [
      '1/2-X,+Z,0.75+Y',
      [
        [-1, 0, 0],
        [0, 0, 1],
        [0, 1, 0],
      ],
      [0.5, 0, 0.75],
    ],
  ])('reads %s', (text, rotation, translation) => {
    expect(parseSymmetryOperation(text)).toEqual({ rotation, translation });
  });
  it.each(['', 'x,y', 'x,y,z,x', 'x,,z', 'x,y,y', 'xy,y,z', 'x,y,z/2', '1/2,y,z', 'a,b,c'])('refuses %j', (text) => {
    expect(parseSymmetryOperation(text)).toBeNull();
  });
});

describe('space groups', () => {
  it('are 230, each found again by its own symbol', () => {
    for (let number = 1; number <= 230; number++) {
      const group = spaceGroupByNumber(number)!;
      expect(spaceGroupBySymbol(group.symbol)).toEqual(group);
    }
    expect(spaceGroupByNumber(0)).toBeNull();
    expect(spaceGroupByNumber(231)).toBeNull();
  });
  it('are found by the full and the short symbol of any setting', () => {
    const settings = SPACE_GROUP_SYMBOLS.trim().split('\n');
    expect(settings).toHaveLength(230);
    settings.forEach((line, index) => {
      for (const setting of line.split(',')) {
        const group = spaceGroupBySymbol(setting)!;
        expect([setting, group.number]).toEqual([setting, index + 1]);
        expect(spaceGroupBySymbol(group.symbol)).toEqual(group);
      }
    });
  });
  it.each([
    ['P 63/m m c', 194, 'P6_3/mmc'],
    ['P 1 21/n 1', 14, 'P2_1/n'],
    ['P6_3/mmc', 194, 'P6_3/mmc'],
    ['P 1 21/c 1', 14, 'P2_1/c'],
    ['F d -3 m :2', 227, 'Fd-3m'],
    ['R -3 m {rhombohedral axes}', 166, 'R-3m'],
    ['F m 3 m', 225, 'Fm-3m'],
    ['P b n m', 62, 'Pbnm'],
    ['R 3 2 :H', 155, 'R32'],
  ])('%s is %i, %s', (text, number, symbol) => {
    expect(spaceGroupBySymbol(text)).toEqual({ number, symbol });
  });
  it('an unknown symbol is null', () => expect(spaceGroupBySymbol('Q 4')).toBeNull());
});
